using Microsoft.ML.OnnxRuntime;

namespace Touchstone.Vision.Inference;

/// <summary>ONNX Runtime, started once for the process: it logs errors only and reports nothing to its makers. Thread-safe.</summary>
internal static class OnnxRuntimeLibrary
{
    private static readonly Lazy<string> Started = new(Start);

    /// <summary>The version as the library states it.</summary>
    /// <exception cref="NativeLibraryMissingException">The library is absent or not for this system.</exception>
    internal static string Version => Started.Value;

    /// <inheritdoc cref="Version"/>
    internal static void EnsureStarted() => _ = Started.Value;

    private static string Start()
    {
        try
        {
            EnvironmentCreationOptions options = new() { logId = "touchstone", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            OrtEnv environment = OrtEnv.CreateInstanceWithOptions(ref options);
            environment.DisableTelemetryEvents();
            return environment.GetVersionString();
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw NativeLibraryMissingException.Of("ONNX Runtime", "Microsoft.ML.OnnxRuntime", e);
        }
    }
}

using NetVips;

namespace Touchstone.Vision.Imaging;

/// <summary>
/// libvips, started once for the process: one thread for each pipeline (the callers bring the concurrency), no operation cache
/// (pictures do not repeat), loaders that libvips itself calls untrusted blocked. Thread-safe.
/// </summary>
internal static class LibvipsLibrary
{
    private static readonly Lazy<string> Started = new(Start);

    /// <summary>The version as the library states it.</summary>
    /// <exception cref="NativeLibraryMissingException">The library is absent or not for this system.</exception>
    internal static string Version => Started.Value;

    /// <inheritdoc cref="Version"/>
    internal static void EnsureStarted() => _ = Started.Value;

    private static string Start()
    {
        if (!ModuleInitializer.VipsInitialized) throw NativeLibraryMissingException.Of("libvips", "NetVips.Native", ModuleInitializer.Exception);
        // Every fault that matters comes back as a failed call; what libvips also prints about hostile files would flood the log.
        const Enums.LogLevelFlags warningsAndBelow = Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Message | Enums.LogLevelFlags.Info | Enums.LogLevelFlags.Debug;
        _ = Log.SetLogHandler("VIPS", warningsAndBelow, static (_, _, _) => { });
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        NetVips.NetVips.BlockUntrusted = true;
        // Drawings of registers and of the demo are SVG; the decoder asks for this loader by name only where its options allow it.
        Operation.Block("VipsForeignLoadSvg", false);
        return $"{NetVips.NetVips.Version(0)}.{NetVips.NetVips.Version(1)}.{NetVips.NetVips.Version(2)}";
    }
}

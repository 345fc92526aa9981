using System.Reflection;
using System.Runtime.InteropServices;

namespace Touchstone.Vision;

/// <summary>
/// The names of the native libraries and where they lie: in <c>native/</c> beside the program, where the build puts them.
/// Every class of imports calls <see cref="Register"/> in its static constructor. Thread-safe.
/// </summary>
internal static class NativeLibraries
{
    internal const string OnnxRuntime = "onnxruntime";
    internal const string Libvips = "vips";

    /// <summary>How the user gets what is missing.</summary>
    internal const string Remedy = "Run 'npm ci --ignore-scripts' in native/ and build again.";

    private static readonly Lazy<bool> Registered = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);
        return true;
    });

    internal static void Register() => _ = Registered.Value;

    /// <summary>The file that a library is loaded from on this system.</summary>
    internal static string PathOf(string name)
    {
        string extension = OperatingSystem.IsMacOS() ? ".dylib" : ".so";
        return Path.Combine(AppContext.BaseDirectory, "native", "lib" + name + extension);
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name is OnnxRuntime or Libvips ? Load(PathOf(name)) : 0;

    /// <exception cref="NativeLibraryMissingException">The file is absent or is not for this system.</exception>
    internal static nint Load(string path)
    {
        if (!File.Exists(path)) throw new NativeLibraryMissingException($"The native library {Path.GetFileName(path)} is not in {Path.GetDirectoryName(path)}. {Remedy}");
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new NativeLibraryMissingException($"The native library {path} cannot be loaded on {RuntimeInformation.RuntimeIdentifier}: {e.Message} {Remedy}", e);
        }
    }
}

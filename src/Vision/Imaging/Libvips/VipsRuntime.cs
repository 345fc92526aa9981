using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Touchstone.Vision.Imaging.Libvips;

/// <summary>
/// libvips, initialised once for the process: one thread for each pipeline (the callers bring the concurrency), no operation
/// cache (pictures do not repeat), loaders that libvips itself calls untrusted blocked. Thread-safe.
/// </summary>
internal static unsafe class VipsRuntime
{
    // G_LOG_LEVEL_WARNING, MESSAGE, INFO and DEBUG of glib/gmessages.h.
    private const int WarningsAndBelow = 0b1111_0000;

    private static readonly Lazy<string> Started = new(Start);

    /// <exception cref="NativeLibraryMissingException">libvips is absent.</exception>
    internal static string Version => Started.Value;

    internal static void EnsureStarted() => _ = Started.Value;

    /// <summary>Takes the error text of the process and clears it.</summary>
    internal static string TakeError()
    {
        nint text = VipsImports.ErrorBufferCopy();
        if (text == 0) return "no message";
        try
        {
            string message = (Marshal.PtrToStringUTF8(text) ?? string.Empty).ReplaceLineEndings(" ").Trim();
            return message.Length == 0 ? "no message" : message;
        }
        finally
        {
            VipsImports.GFree(text);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(nint domain, int level, nint message, nint state)
    {
    }

    private static string Start()
    {
        if (VipsImports.Init("touchstone") != 0) throw new VipsException("vips_init", TakeError());
        // Every fault that matters comes back as a failed call; what libvips also prints about hostile files would flood the log.
        _ = VipsImports.GLogSetHandler("VIPS", WarningsAndBelow, (nint)(delegate* unmanaged[Cdecl]<nint, int, nint, nint, void>)&Ignore, 0);
        VipsImports.ConcurrencySet(1);
        VipsImports.CacheSetMax(0);
        VipsImports.BlockUntrustedSet(1);
        // Drawings of registers and of the demo are SVG; the decoder asks for this loader by name only where its options allow it.
        VipsImports.OperationBlockSet("VipsForeignLoadSvg", 0);
        return $"{VipsImports.Version(0)}.{VipsImports.Version(1)}.{VipsImports.Version(2)}";
    }
}

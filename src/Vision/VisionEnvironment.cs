using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.Inference;
using Touchstone.Vision.Ocr;

namespace Touchstone.Vision;

/// <summary>What the machine offers to the vision code: library versions as the libraries state them, the models that read text, and the widest SIMD set in use.</summary>
public sealed record VisionReport(string OnnxRuntimeVersion, string LibvipsVersion, string TextModel, string Simd);

/// <summary>The start-up check: a program that needs pictures calls it first and stops if it throws. Thread-safe.</summary>
public static class VisionEnvironment
{
    /// <summary>Loads and initialises both native libraries and looks for the models that read text.</summary>
    /// <exception cref="NativeLibraryMissingException">A library or model is absent; the message names the command that installs it.</exception>
    public static VisionReport Check() => new(OnnxRuntimeLibrary.Version, LibvipsLibrary.Version, TextModels.Check(), Simd());

    /// <summary>Loads and initialises what decodes pictures, and nothing else.</summary>
    /// <exception cref="NativeLibraryMissingException">libvips is absent; the message names the command that installs it.</exception>
    public static void CheckImaging() => LibvipsLibrary.EnsureStarted();

    private static string Simd()
    {
        if (Vector512.IsHardwareAccelerated) return "AVX-512";
        if (Avx2.IsSupported) return Fma.IsSupported ? "AVX2, FMA" : "AVX2";
        if (AdvSimd.IsSupported) return "Advanced SIMD";
        return Vector128.IsHardwareAccelerated ? "128 bit" : "none";
    }
}

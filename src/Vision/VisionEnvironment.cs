using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Touchstone.Vision.Imaging.Libvips;
using Touchstone.Vision.Inference.OnnxRuntime;

namespace Touchstone.Vision;

/// <summary>What the machine offers to the vision code: library versions as the libraries state them, and the widest SIMD set in use.</summary>
public sealed record VisionReport(string OnnxRuntimeVersion, string LibvipsVersion, string Simd);

/// <summary>The start-up check: a program that needs pictures calls it first and stops if it throws. Thread-safe.</summary>
public static class VisionEnvironment
{
    /// <summary>Loads and initialises both native libraries.</summary>
    /// <exception cref="NativeLibraryMissingException">A library is absent; the message names the command that installs it.</exception>
    public static VisionReport Check() => new(OrtApi.Instance.Version, VipsRuntime.Version, Simd());

    private static string Simd()
    {
        if (Vector512.IsHardwareAccelerated) return "AVX-512";
        if (Avx2.IsSupported) return Fma.IsSupported ? "AVX2, FMA" : "AVX2";
        if (AdvSimd.IsSupported) return "Advanced SIMD";
        return Vector128.IsHardwareAccelerated ? "128 bit" : "none";
    }
}

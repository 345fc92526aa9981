using System.Runtime.Intrinsics.X86;

namespace Touchstone.Vision.Inference;

/// <summary>
/// Whether the processor multiplies 8-bit values and sums them in 32 bits (VNNI), as ONNX Runtime's kernels for 8-bit models then do. Without it on x64 they go through
/// 16-bit sums that are cut off, unless the runtime is told to take a slower way. Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, CPUID.
/// </summary>
internal static class EightBitProducts
{
    private const int Features = 7;
    private const int Avx512Vnni = 1 << 11; // sub-leaf 0, ECX
    private const int AvxVnni = 1 << 4; // sub-leaf 1, EAX

    /// <summary>True where sums of 8-bit products are whole. On ARM they always are.</summary>
    internal static bool AreSummedWhole { get; } = !X86Base.IsSupported || HasVnni();

    // The wide instructions count only where the operating system keeps their registers, which the framework asks.
    private static bool HasVnni() =>
        (Avx512F.IsSupported && (X86Base.CpuId(Features, 0).Ecx & Avx512Vnni) != 0) || (Avx2.IsSupported && (X86Base.CpuId(Features, 1).Eax & AvxVnni) != 0);
}

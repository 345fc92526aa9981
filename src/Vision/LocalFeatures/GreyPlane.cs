using System.Runtime.InteropServices;

namespace Touchstone.Vision.LocalFeatures;

/// <summary>
/// One channel of float32 in native memory. Rows begin at multiples of <see cref="Stride"/>; each row may be read and written up to its
/// stride, so that vector loops need no tail. What lies between width and stride is undefined. Owned; not thread-safe for writes.
/// </summary>
internal sealed unsafe class GreyPlane : IDisposable
{
    /// <summary>Values that one vector step covers; strides are multiples of it.</summary>
    public const int Lanes = 8;

    public GreyPlane(int width, int height)
    {
        Width = width;
        Height = height;
        Stride = (width + Lanes - 1) / Lanes * Lanes;
        Pixels = (float*)NativeMemory.AlignedAlloc((nuint)Stride * (nuint)height * sizeof(float), 64);
    }

    ~GreyPlane() => Free();

    public int Width { get; }

    public int Height { get; }

    /// <summary>Values from one row's start to the next.</summary>
    public int Stride { get; }

    public float* Pixels { get; private set; }

    public float* Row(int y) => Pixels + ((nint)y * Stride);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(Pixels);
        Pixels = null;
    }
}

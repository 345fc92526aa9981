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
        Pixels = PlaneMemory.Take(Bytes);
    }

    ~GreyPlane() => Free();

    public int Width { get; }

    public int Height { get; }

    /// <summary>Values from one row's start to the next.</summary>
    public int Stride { get; }

    public float* Pixels { get; private set; }

    private nuint Bytes => (nuint)Stride * (nuint)Height * sizeof(float);

    public float* Row(int y) => Pixels + ((nint)y * Stride);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (Pixels is null) return;
        PlaneMemory.Give(Pixels, Bytes);
        Pixels = null;
    }
}

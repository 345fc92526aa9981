namespace Touchstone.Vision.Imaging;

/// <summary>Arithmetic of 8-bit samples. Pure.</summary>
internal static class Blend
{
    /// <summary>The <c>over</c> operator of Porter and Duff on an opaque backdrop, rounded to nearest.</summary>
    internal static byte Over(int backdrop, int source, int alpha) => (byte)(((source * alpha) + (backdrop * (255 - alpha)) + 127) / 255);

    /// <summary>Rounds and clamps to 0..255.</summary>
    internal static byte Clamp(float value) => (byte)Math.Clamp((int)MathF.Round(value), 0, 255);
}

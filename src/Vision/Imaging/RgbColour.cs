namespace Touchstone.Vision.Imaging;

/// <summary>An opaque sRGB colour, 8 bits a channel.</summary>
public readonly record struct RgbColour(byte Red, byte Green, byte Blue)
{
    public static RgbColour White => new(255, 255, 255);

    public static RgbColour Black => new(0, 0, 0);
}

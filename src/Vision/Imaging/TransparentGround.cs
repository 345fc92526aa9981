namespace Touchstone.Vision.Imaging;

/// <summary>
/// Which ground a transparent picture is laid over: white, as on most pages, unless hardly anything of it shows there. White marks are
/// made for dark pages, and on white they would be a blank picture. Pure; thread-safe.
/// </summary>
public static class TransparentGround
{
    // A step that people see at once; less is a shade.
    private const int Visible = 32;

    // A photo of a white thing has shaded parts: of cut-out photos of shoes and cups more than half shows on white.
    private const double Enough = 0.25;

    /// <param name="rgba">Interleaved, 8 bits a channel, alpha not premultiplied.</param>
    public static RgbColour Under(ReadOnlySpan<byte> rgba)
    {
        long drawn = 0, onWhite = 0, onBlack = 0;
        for (int i = 0; i + 3 < rgba.Length; i += 4)
        {
            int alpha = rgba[i + 3];
            if (alpha < Visible) continue;
            drawn++;
            int darkest = Math.Min(rgba[i], Math.Min(rgba[i + 1], rgba[i + 2])), lightest = Math.Max(rgba[i], Math.Max(rgba[i + 1], rgba[i + 2]));
            if ((255 - darkest) * alpha >= Visible * 255) onWhite++;
            if (lightest * alpha >= Visible * 255) onBlack++;
        }
        bool opaque = drawn * 4 == rgba.Length;
        return !opaque && onWhite < Enough * drawn && onBlack > onWhite ? RgbColour.Black : RgbColour.White;
    }
}

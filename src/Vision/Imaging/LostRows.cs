namespace Touchstone.Vision.Imaging;

/// <summary>
/// What a file that ends early still shows: its decoder fills the rows that never came with one colour, and they are cut off. Pure; thread-safe.
/// </summary>
internal static class LostRows
{
    // What is gone may be what matters: of less than this share nothing is said.
    private const double LeastLeft = 0.75;

    // Where the last row that came is blended with the filling while the picture is shrunk.
    private const int Tolerance = 2;

    /// <summary>The rows that came; null where too many are lost, or the format's decoder does not say which.</summary>
    internal static RgbImage? Cut(RgbImage image, ImageFormat format)
    {
        // A JPEG decoder fills with coefficients of 0, which is mid-grey; those of PNG and GIF with samples of 0, which is black or clear.
        byte[] fillings = format switch
        {
            ImageFormat.Jpeg => [128],
            ImageFormat.Png or ImageFormat.Gif => [0, 255],
            _ => [],
        };
        if (fillings.Length == 0) return null;
        int rows = image.Height;
        while (rows > 0 && fillings.Any(filling => IsFilled(image, rows - 1, filling))) rows--;
        if (rows < LeastLeft * image.Height) return null;
        return rows == image.Height ? image : new RgbImage(image.Width, rows, image.Pixels[..(image.Width * rows * 3)]);
    }

    private static bool IsFilled(RgbImage image, int row, byte filling) =>
        !image.Pixels.AsSpan(row * image.Width * 3, image.Width * 3).ContainsAnyExceptInRange((byte)Math.Max(0, filling - Tolerance), (byte)Math.Min(255, filling + Tolerance));
}

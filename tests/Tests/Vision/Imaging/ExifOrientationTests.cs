using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Vision.Imaging;

/// <summary>The eight orientations of EXIF (tag 0x0112), on pictures made here: the corners tell the turn.</summary>
public sealed class ExifOrientationTests
{
    // The stored picture is red, green / blue, white; the letters are what a viewer must see: top left, top right, bottom left, bottom right.
    [Theory]
    [InlineData(1, "RGBW")]
    [InlineData(2, "GRWB")]
    [InlineData(3, "WBGR")]
    [InlineData(4, "BWRG")]
    [InlineData(5, "RBGW")]
    [InlineData(6, "BRWG")]
    [InlineData(7, "WGBR")]
    [InlineData(8, "GWRB")]
    public void The_picture_stands_upright(int orientation, string corners)
    {
        byte[] file = WithOrientation(ImageEncoder.Jpeg(TestPictures.Quadrants(160, 96), 95), orientation);
        DecodeOutcome outcome = new ImageDecoder().Decode(file);
        RgbImage image = outcome.Image!;
        (int width, int height) = orientation >= 5 ? (96, 160) : (160, 96);
        Assert.Equal((width, height), (image.Width, image.Height));
        Assert.Equal((width, height), (outcome.OriginalWidth, outcome.OriginalHeight));
        (int X, int Y)[] points = [(12, 12), (width - 13, 12), (12, height - 13), (width - 13, height - 13)];
        string seen = string.Concat(points.Select(p => Letter(TestPictures.At(image, p.X, p.Y))));
        Assert.Equal(corners, seen);
    }

    [Fact]
    public void A_shrunk_picture_stands_upright_too()
    {
        byte[] file = WithOrientation(ImageEncoder.Jpeg(TestPictures.Quadrants(1_600, 800), 90), 6);
        DecodeOutcome outcome = new ImageDecoder().Decode(file, new DecodeOptions { MaxSide = 100 });
        Assert.Equal((50, 100), (outcome.Image!.Width, outcome.Image.Height));
        Assert.Equal((800, 1_600), (outcome.OriginalWidth, outcome.OriginalHeight));
        Assert.Equal("B", Letter(TestPictures.At(outcome.Image, 5, 5)));
    }

    private static string Letter((int R, int G, int B) colour) => colour switch
    {
        ( > 150, > 150, > 150) => "W",
        ( > 150, _, _) => "R",
        (_, > 150, _) => "G",
        _ => "B",
    };

    /// <summary>Puts an APP1 segment with one EXIF tag behind the start of a JPEG.</summary>
    private static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        byte[] tiff =
        [
            (byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0,
            1, 0,
            0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0,
            0, 0, 0, 0,
        ];
        int length = 2 + 6 + tiff.Length;
        return [0xFF, 0xD8, 0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. "Exif\0\0"u8, .. tiff, .. jpeg.AsSpan(2)];
    }
}

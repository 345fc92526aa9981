using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Vision.Imaging;

public sealed class ImageDecoderTests
{
    private static readonly ImageDecoder Decoder = new();

    [Theory]
    [InlineData(ImageFormat.Jpeg, "image/jpeg")]
    [InlineData(ImageFormat.Png, "image/png")]
    [InlineData(ImageFormat.WebP, "image/webp")]
    [InlineData(ImageFormat.Avif, "image/avif")]
    [InlineData(ImageFormat.Gif, "image/gif")]
    [InlineData(ImageFormat.Tiff, "image/tiff")]
    public void Every_format_gives_the_picture_that_was_written(ImageFormat format, string mediaType)
    {
        DecodeOutcome outcome = Decoder.Decode(ImageEncoder.Encode(TestPictures.Quadrants(120, 80), format, 95));
        Assert.Null(outcome.Failure);
        Assert.Equal(mediaType, outcome.MediaType);
        Assert.Equal((120, 80), (outcome.Image!.Width, outcome.Image.Height));
        Assert.Equal((120, 80), (outcome.OriginalWidth, outcome.OriginalHeight));
        AssertNear((220, 20, 20), TestPictures.At(outcome.Image, 20, 15));
        AssertNear((20, 200, 20), TestPictures.At(outcome.Image, 100, 15));
        AssertNear((20, 20, 220), TestPictures.At(outcome.Image, 20, 65));
        AssertNear((250, 250, 250), TestPictures.At(outcome.Image, 100, 65));
    }

    internal static void AssertNear((int R, int G, int B) wanted, (int R, int G, int B) seen, int tolerance = 12)
    {
        bool near = Math.Abs(wanted.R - seen.R) <= tolerance && Math.Abs(wanted.G - seen.G) <= tolerance && Math.Abs(wanted.B - seen.B) <= tolerance;
        Assert.True(near, $"wanted {wanted}, saw {seen}");
    }
}

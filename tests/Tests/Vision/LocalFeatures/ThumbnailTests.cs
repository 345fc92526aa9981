using Touchstone.Vision.Imaging;
using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Tests.Vision.LocalFeatures;

public sealed class ThumbnailTests
{
    [Theory]
    [InlineData(640, 480, 128, 96, 64, 48)]
    [InlineData(101, 50, 101, 50, 51, 25)]
    [InlineData(2000, 3, 128, 1, 64, 1)]
    public void Large_pictures_are_averaged_and_small_ones_kept(int width, int height, int expectedWidth, int expectedHeight, int halfWidth, int halfHeight)
    {
        Thumbnail made = Thumbnail.Of(DrawnPicture.Plain(width, height, 90));
        Assert.Equal((expectedWidth, expectedHeight), (made.Luma.Width, made.Luma.Height));
        Assert.Equal((halfWidth, halfHeight), (made.Blue.Width, made.Blue.Height));
        Assert.Equal((halfWidth, halfHeight), (made.Red.Width, made.Red.Height));
        Assert.All(made.Luma.Pixels, p => Assert.Equal(90, p));
        Assert.All(made.Blue.Pixels.Concat(made.Red.Pixels), p => Assert.Equal(128, p));
    }

    [Fact]
    public void Colours_are_told_apart()
    {
        byte[] pixels = new byte[16 * 16 * 3];
        for (int i = 0; i < 16 * 16; i++) pixels[(i * 3) + (i % 16 < 8 ? 0 : 2)] = 200;
        Thumbnail made = Thumbnail.Of(new RgbImage(16, 16, pixels));
        // Rec. 601: pure red of 200 has luma 60, Cb 94 and Cr 228; pure blue has luma 23, Cb 228 and Cr 112.
        Assert.Equal((60, 94, 228), (made.Luma.Pixels[0], made.Blue.Pixels[0], made.Red.Pixels[0]));
        Assert.Equal((23, 228, 112), (made.Luma.Pixels[15], made.Blue.Pixels[7], made.Red.Pixels[7]));
    }

    [Fact]
    public void A_place_is_read_at_the_size_asked_for()
    {
        // The left half black, the right half in white and black columns.
        byte[] pixels = new byte[64 * 64];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)(i % 64 >= 32 && i % 2 == 0 ? 255 : 0);
        var plane = new BytePlane(64, 64, pixels);
        Assert.Equal(0, plane.At(10.5, 10.5, 1));
        Assert.Equal(255, plane.At(40.5, 10.5, 1));
        Assert.Equal(0, plane.At(41.5, 10.5, 1));
        Assert.InRange(plane.At(48, 32, 4), 126, 130);
        Assert.Equal(0, plane.At(-5, -5, 1));
    }

    [Theory]
    [InlineData(0, 4, 0)]
    [InlineData(4, 4, 15)]
    public void Impossible_sizes_are_refused(int width, int height, int bytes) =>
        Assert.Throws<ArgumentException>(() => new BytePlane(width, height, new byte[bytes]));
}

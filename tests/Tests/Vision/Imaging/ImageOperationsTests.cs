using System.Numerics;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Vision.Imaging;

public sealed class ImageOperationsTests
{
    private static readonly RgbImage Picture = TestPictures.Quadrants(80, 40);

    [Fact]
    public void A_drawing_gets_the_size_asked_for()
    {
        RgbaImage drawn = ImageOperations.RasteriseSvg("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10'><rect x='0' y='0' width='5' height='10' fill='#00f'/></svg>", 90, 30);
        Assert.Equal((90, 30), (drawn.Width, drawn.Height));
        Assert.Equal([0, 0, 255, 255], drawn.Pixels.AsSpan(((15 * 90) + 10) * 4, 4).ToArray());
        Assert.Equal(0, drawn.Pixels[(((15 * 90) + 80) * 4) + 3]);
    }

    [Fact]
    public void Resize_keeps_the_corners()
    {
        RgbImage small = ImageOperations.Resize(Picture, 20, 30);
        Assert.Equal((20, 30), (small.Width, small.Height));
        ImageDecoderTests.AssertNear((220, 20, 20), TestPictures.At(small, 2, 2));
        ImageDecoderTests.AssertNear((250, 250, 250), TestPictures.At(small, 17, 27));
    }

    [Fact]
    public void Crop_cuts_the_rectangle()
    {
        RgbImage cut = ImageOperations.Crop(Picture, 40, 0, 10, 20);
        Assert.Equal((20, 200, 20), TestPictures.At(cut, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageOperations.Crop(Picture, 75, 0, 10, 10));
    }

    [Fact]
    public void Flip_mirrors_and_flipping_twice_gives_the_picture_back()
    {
        RgbImage flipped = ImageOperations.Flip(Picture);
        Assert.Equal((20, 200, 20), TestPictures.At(flipped, 0, 0));
        Assert.Equal(Picture.Pixels, ImageOperations.Flip(flipped).Pixels);
    }

    [Fact]
    public void Rotation_turns_clockwise_and_fills_the_corners()
    {
        RgbImage quarter = ImageOperations.Rotate(Picture, 90, RgbColour.White);
        Assert.Equal((40, 80), (quarter.Width, quarter.Height));
        ImageDecoderTests.AssertNear((20, 20, 220), TestPictures.At(quarter, 5, 5));
        RgbImage tilted = ImageOperations.Rotate(Picture, 30, new RgbColour(10, 200, 240));
        Assert.True(tilted.Width > 80);
        ImageDecoderTests.AssertNear((10, 200, 240), TestPictures.At(tilted, 0, 0), 2);
    }

    [Fact]
    public void Perspective_puts_the_corners_where_they_are_asked_for()
    {
        Vector2[] corners = [new(10, 10), new(90, 20), new(80, 90), new(20, 80)];
        RgbaImage drawn = ImageOperations.Perspective(RgbaImage.From(Picture), corners, 100, 100);
        RgbImage flat = drawn.Flatten(RgbColour.Black);
        ImageDecoderTests.AssertNear((220, 20, 20), TestPictures.At(flat, 16, 16));
        ImageDecoderTests.AssertNear((20, 200, 20), TestPictures.At(flat, 84, 25));
        ImageDecoderTests.AssertNear((250, 250, 250), TestPictures.At(flat, 75, 84));
        ImageDecoderTests.AssertNear((20, 20, 220), TestPictures.At(flat, 24, 76));
        Assert.Equal((0, 0, 0), TestPictures.At(flat, 3, 3));
        Assert.Equal((0, 0, 0), TestPictures.At(flat, 97, 97));
    }

    [Fact]
    public void Perspective_refuses_corners_that_cross()
    {
        Vector2[] crossed = [new(10, 10), new(90, 90), new(90, 10), new(10, 90)];
        Assert.Throws<ArgumentException>(() => ImageOperations.Perspective(RgbaImage.From(Picture), crossed, 100, 100));
    }

    [Fact]
    public void A_picture_drawn_where_it_lies_is_unchanged_inside()
    {
        Vector2[] corners = [new(0, 0), new(80, 0), new(80, 40), new(0, 40)];
        RgbImage drawn = ImageOperations.Perspective(RgbaImage.From(Picture), corners, 80, 40).Flatten(RgbColour.White);
        Assert.Equal(TestPictures.At(Picture, 10, 10), TestPictures.At(drawn, 10, 10));
        Assert.Equal(TestPictures.At(Picture, 70, 30), TestPictures.At(drawn, 70, 30));
    }

    [Fact]
    public void An_overlay_may_hang_over_the_edge()
    {
        RgbaImage overlay = new(20, 20, [.. Enumerable.Repeat<byte[]>([0, 0, 0, 128], 400).SelectMany(p => p)]);
        RgbImage laid = ImageOperations.CompositeOver(Picture, overlay, 70, -10);
        Assert.Equal((10, 100, 10), TestPictures.At(laid, 75, 5));
        Assert.Equal((20, 200, 20), TestPictures.At(laid, 65, 5));
    }

    [Fact]
    public void Blur_softens_the_edge_and_leaves_areas()
    {
        RgbImage blurred = ImageOperations.GaussianBlur(Picture, 2);
        Assert.InRange(TestPictures.At(blurred, 40, 5).R, 60, 180);
        ImageDecoderTests.AssertNear((220, 20, 20), TestPictures.At(blurred, 10, 5), 1);
        RgbaImage shadow = ImageOperations.GaussianBlur(RgbaImage.From(Picture), 2);
        Assert.Equal(Picture.Pixels.Length / 3 * 4, shadow.Pixels.Length);
    }

    [Fact]
    public void Colour_adjustments_do_what_they_say()
    {
        RgbImage grey = ImageOperations.AdjustColour(Picture, new ColourAdjustment { Saturation = 0 });
        (int r, int g, int b) = TestPictures.At(grey, 5, 5);
        Assert.True(r == g && g == b);
        Assert.Equal(Picture.Pixels, ImageOperations.AdjustColour(Picture, new ColourAdjustment()).Pixels);
        Assert.Equal((110, 20, 20), TestPictures.At(ImageOperations.AdjustColour(Picture, new ColourAdjustment { Gain = (0.5f, 1, 1) }), 5, 5));
        Assert.True(TestPictures.At(ImageOperations.AdjustColour(Picture, new ColourAdjustment { Gamma = 2 }), 5, 5).R < 220);
    }

    [Fact]
    public void Noise_repeats_with_its_seed()
    {
        byte[] once = ImageOperations.AddNoise(Picture, 8, 42).Pixels;
        Assert.Equal(once, ImageOperations.AddNoise(Picture, 8, 42).Pixels);
        Assert.NotEqual(once, ImageOperations.AddNoise(Picture, 8, 43).Pixels);
    }
}

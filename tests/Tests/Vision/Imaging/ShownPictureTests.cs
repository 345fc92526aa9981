using NetVips;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Vision.Imaging;

/// <summary>Pictures are read as people see them: damaged at the end, moving, on transparent ground, from a phone.</summary>
public sealed class ShownPictureTests
{
    private static readonly ImageDecoder Decoder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_jpeg_without_its_last_marker_is_the_whole_picture(bool progressive)
    {
        byte[] file = Jpeg(TestPictures.Product(4), progressive);
        AssertAlike(Decoder.Decode(file).Image!, Decoder.Decode(file.AsMemory(0, file.Length - 2)).Image!);
    }

    [Fact]
    public void Of_a_file_that_ends_a_little_early_the_rows_that_came_are_the_picture()
    {
        foreach (ImageFormat format in new[] { ImageFormat.Jpeg, ImageFormat.Png })
        {
            // The decoder of PNG reads 8 KiB at once, so what it loses is little only of a file that is larger.
            RgbImage whole = Noise(200, 200, cell: format == ImageFormat.Png ? 1 : 8);
            byte[] file = ImageEncoder.Encode(whole, format, 90);
            DecodeOutcome outcome = Decoder.Decode(file.AsMemory(0, file.Length * 9 / 10));
            Assert.True(outcome.Image is not null, $"{format}: {outcome.Detail}");
            RgbImage cut = outcome.Image;
            Assert.InRange(cut.Height, 160, 195);
            AssertAlike(ImageOperations.Crop(Decoder.Decode(file).Image!, 0, 0, 200, 150), ImageOperations.Crop(cut, 0, 0, 200, 150));
            Assert.Equal(DecodeFailure.Corrupt, Decoder.Decode(file.AsMemory(0, file.Length / 2)).Failure);
        }
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    public void Nothing_that_a_decoder_puts_below_the_rows_that_came_is_shown(ImageFormat format)
    {
        byte[] file = ImageEncoder.Encode(TestPictures.Product(4), format, 90);
        RgbImage whole = Decoder.Decode(file).Image!;
        foreach (int percent in new[] { 90, 95, 98 })
        {
            DecodeOutcome outcome = Decoder.Decode(file.AsMemory(0, file.Length * percent / 100));
            Assert.True(outcome.Image is not null, $"{percent} %: {outcome.Detail}");
            AssertAlike(ImageOperations.Crop(whole, 0, 0, whole.Width, outcome.Image.Height), outcome.Image);
        }
    }

    [Theory]
    [InlineData("gif")]
    [InlineData("webp")]
    public void Each_picture_of_an_animation_is_taken_once(string kind)
    {
        byte[] file = Animation(kind, TestPictures.Product(1), TestPictures.Product(2), TestPictures.Product(1), TestPictures.Product(3), TestPictures.Product(2));
        AnimationContent content = AnimationFrames.Read(file);
        Assert.True(content.IsWhole);
        RgbImage[] taken = [.. content.Pictures.Select(p => Decoder.Decode(p).Image!)];
        Assert.Equal(2, taken.Length);
        foreach (int shown in new[] { 2, 3 }) Assert.Contains(taken, image => Difference(image, TestPictures.Product(shown)) < 12);
    }

    [Fact]
    public void What_stands_still_has_no_further_pictures_and_what_shows_too_much_says_so()
    {
        Assert.Equal(AnimationContent.Still, AnimationFrames.Read(ImageEncoder.Encode(TestPictures.Product(1), ImageFormat.Gif)));
        Assert.Equal(AnimationContent.Still, AnimationFrames.Read(ImageEncoder.Jpeg(TestPictures.Product(1))));
        AnimationContent still = AnimationFrames.Read(Animation("gif", TestPictures.Product(1), TestPictures.Product(1)));
        Assert.Equal((0, true), (still.Pictures.Count, still.IsWhole));
        AnimationContent much = AnimationFrames.Read(Animation("webp", [.. Enumerable.Range(0, 14).Select(i => Noise(64, 64, i))]));
        Assert.Equal((AnimationFrames.MostTaken, false), (much.Pictures.Count, much.IsWhole));
        Assert.False(AnimationFrames.Read((byte[])[0, 0, 0, 28, .. "ftypavis"u8, 0, 0, 0, 0, .. "avifmif1"u8]).IsWhole);
    }

    [Theory]
    [InlineData("white", "black")]
    [InlineData("#eeeeee", "black")]
    [InlineData("black", "white")]
    [InlineData("#c02020", "white")]
    public void A_transparent_picture_lies_on_the_ground_on_which_it_shows(string ink, string ground)
    {
        RgbaImage mark = ImageOperations.RasteriseSvg($"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 100'><circle cx='50' cy='50' r='30' fill='{ink}'/></svg>", 100, 100);
        RgbImage seen = Decoder.Decode(ImageEncoder.Png(mark)).Image!;
        Assert.Equal(ground == "black" ? (0, 0, 0) : (255, 255, 255), TestPictures.At(seen, 2, 2));
    }

    [Fact]
    public void Little_transparency_and_much_that_shows_leave_the_ground_white()
    {
        RgbaImage shaded = ImageOperations.RasteriseSvg("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 100'><rect x='10' y='10' width='80' height='50' fill='white'/><rect x='10' y='60' width='80' height='30' fill='#999'/></svg>", 100, 100);
        Assert.Equal((255, 255, 255), TestPictures.At(Decoder.Decode(ImageEncoder.Png(shaded)).Image!, 2, 2));
        Assert.Equal(RgbColour.White, TransparentGround.Under(RgbaImage.From(new RgbImage(2, 1, [255, 255, 255, 255, 255, 255])).Pixels));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void A_phone_s_photo_is_shrunk_while_it_is_read(int orientation)
    {
        using Image flat = Image.Black(12_000, 9_000, bands: 3).Cast(Enums.BandFormat.Uchar) + 90;
        using Image photo = flat.Mutate(m => m.Set(GValue.GIntType, "orientation", orientation));
        byte[] file = photo.Cast(Enums.BandFormat.Uchar).JpegsaveBuffer(q: 50);
        DecodeOutcome outcome = Decoder.Decode(file, new DecodeOptions { Timeout = TimeSpan.FromSeconds(30) });
        Assert.Null(outcome.Detail);
        Assert.Equal(orientation == 6 ? (768, 1_024, 9_000, 12_000) : (1_024, 768, 12_000, 9_000), (outcome.Image!.Width, outcome.Image.Height, outcome.OriginalWidth, outcome.OriginalHeight));
    }

    private static byte[] Jpeg(RgbImage image, bool progressive)
    {
        using Image pixels = VipsPixels.Import(image.Pixels, image.Width, image.Height, 3);
        return pixels.JpegsaveBuffer(q: 90, interlace: progressive);
    }

    private static byte[] Animation(string kind, params RgbImage[] frames)
    {
        Image[] all = [.. frames.Select(f => VipsPixels.Import(f.Pixels, f.Width, f.Height, 3))];
        using Image roll = Image.Arrayjoin(all, across: 1);
        using Image animated = roll.Mutate(m =>
        {
            m.Set(GValue.GIntType, "page-height", frames[0].Height);
            m.Set(GValue.ArrayIntType, "delay", Enumerable.Repeat(50, frames.Length).ToArray());
        });
        foreach (Image image in all) image.Dispose();
        return kind == "gif" ? animated.GifsaveBuffer() : animated.WebpsaveBuffer(q: 90);
    }

    /// <summary>Squares of random colours.</summary>
    private static RgbImage Noise(int width, int height, int seed = 1, int cell = 8)
    {
        byte[] colours = new byte[width * height * 3], pixels = new byte[width * height * 3];
        new Random(seed).NextBytes(colours);
        for (int i = 0; i < pixels.Length; i++) pixels[i] = colours[(((i / 3 / width / cell * width) + (i / 3 % width / cell)) * 3) + (i % 3)];
        return new RgbImage(width, height, pixels);
    }

    private static void AssertAlike(RgbImage a, RgbImage b)
    {
        Assert.Equal((a.Width, a.Height), (b.Width, b.Height));
        Assert.InRange(Difference(a, b), 0, 3);
    }

    private static double Difference(RgbImage a, RgbImage b) => a.Pixels.Zip(b.Pixels, (x, y) => Math.Abs(x - y)).Average();
}

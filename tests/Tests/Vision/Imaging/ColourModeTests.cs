using NetVips;
using Touchstone.Tests.Fixtures;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Vision.Imaging;

/// <summary>Every way to store colour ends as 8-bit sRGB over white.</summary>
public sealed class ColourModeTests
{
    private static readonly ImageDecoder Decoder = new();

    [Theory]
    [InlineData(Enums.Interpretation.Bw, ImageFormat.Png)]
    [InlineData(Enums.Interpretation.Grey16, ImageFormat.Png)]
    [InlineData(Enums.Interpretation.Rgb16, ImageFormat.Png)]
    [InlineData(Enums.Interpretation.Rgb16, ImageFormat.Tiff)]
    [InlineData(Enums.Interpretation.Lab, ImageFormat.Tiff)]
    [InlineData(Enums.Interpretation.Cmyk, ImageFormat.Jpeg)]
    [InlineData(Enums.Interpretation.Cmyk, ImageFormat.Tiff)]
    [InlineData(Enums.Interpretation.Bw, ImageFormat.Jpeg)]
    [InlineData(Enums.Interpretation.Scrgb, ImageFormat.Tiff)]
    public void A_colour_space_is_read_as_srgb(Enums.Interpretation space, ImageFormat format)
    {
        byte[] file = Stored(space, format);
        RgbImage image = Decoder.Decode(file).Image!;
        bool grey = space is Enums.Interpretation.Bw or Enums.Interpretation.Grey16;
        // CMYK has no pure blue: its gamut moves saturated colours.
        int tolerance = space == Enums.Interpretation.Cmyk ? 75 : 6;
        (int, int, int) red = TestPictures.At(image, 20, 15);
        if (grey) Assert.Equal(red.Item1, red.Item3);
        else ImageDecoderTests.AssertNear((220, 20, 20), red, tolerance);
        ImageDecoderTests.AssertNear((250, 250, 250), TestPictures.At(image, 100, 65), 8);
    }

    /// <summary>As browsers show it: each ink takes its share of the light.</summary>
    [Theory]
    [InlineData(0, 255, 255, 0, 255, 0, 0)]
    [InlineData(255, 0, 0, 0, 0, 255, 255)]
    [InlineData(0, 102, 204, 51, 204, 122, 41)]
    [InlineData(0, 0, 0, 255, 0, 0, 0)]
    public void Inks_without_a_profile_are_read_as_browsers_show_them(byte cyan, byte magenta, byte yellow, byte key, int red, int green, int blue)
    {
        byte[] inks = [.. Enumerable.Range(0, 40 * 40).SelectMany(_ => new[] { cyan, magenta, yellow, key })];
        using Image raw = Image.NewFromMemoryCopy(inks, 40, 40, 4, Enums.BandFormat.Uchar);
        using Image cmyk = raw.Copy(interpretation: Enums.Interpretation.Cmyk);
        ImageDecoderTests.AssertNear((red, green, blue), TestPictures.At(Decoder.Decode(cmyk.TiffsaveBuffer()).Image!, 20, 20), 1);
        ImageDecoderTests.AssertNear((red, green, blue), TestPictures.At(Decoder.Decode(cmyk.JpegsaveBuffer(q: 95)).Image!, 20, 20), 4);
    }

    [Fact]
    public void Transparency_lies_over_white()
    {
        byte[] pixels = new byte[40 * 40 * 4];
        for (int i = 0; i < pixels.Length; i += 4) (pixels[i], pixels[i + 3]) = (200, i < pixels.Length / 2 ? (byte)0 : (byte)128);
        RgbImage image = Decoder.Decode(ImageEncoder.Png(new RgbaImage(40, 40, pixels))).Image!;
        ImageDecoderTests.AssertNear((255, 255, 255), TestPictures.At(image, 5, 5), 1);
        ImageDecoderTests.AssertNear((227, 127, 127), TestPictures.At(image, 5, 35), 2);
    }

    [Fact]
    public void Sixteen_bit_transparency_lies_over_white_too()
    {
        byte[] pixels = new byte[40 * 40 * 4];
        for (int i = 0; i < pixels.Length; i += 4) (pixels[i], pixels[i + 3]) = (200, 128);
        using Image rgba = VipsPixels.Import(pixels, 40, 40, 4);
        using Image deep = rgba.Colourspace(Enums.Interpretation.Rgb16);
        RgbImage image = Decoder.Decode(deep.PngsaveBuffer()).Image!;
        ImageDecoderTests.AssertNear((227, 127, 127), TestPictures.At(image, 5, 5), 2);
    }

    [Fact]
    public void An_embedded_profile_is_applied()
    {
        using Image srgb = VipsPixels.Import(TestPictures.Quadrants(120, 80).Pixels, 120, 80, 3);
        using Image p3 = srgb.IccTransform("p3", inputProfile: "srgb");
        RgbImage image = Decoder.Decode(p3.PngsaveBuffer()).Image!;
        ImageDecoderTests.AssertNear((220, 20, 20), TestPictures.At(image, 20, 15), 4);
        // Without the profile the same samples are another red.
        using Image bare = VipsPixels.Import(VipsPixels.Export(p3), 120, 80, 3);
        Assert.False(ColourProfiles.NeedsTransform(bare));
        Assert.True(ColourProfiles.NeedsTransform(p3));
    }

    [Fact]
    public void An_srgb_profile_needs_no_transform_and_changes_nothing()
    {
        using Image plain = VipsPixels.Import(TestPictures.Quadrants(120, 80).Pixels, 120, 80, 3);
        using Image tagged = plain.IccTransform("srgb", inputProfile: "srgb");
        Assert.True(tagged.Contains("icc-profile-data"));
        Assert.False(ColourProfiles.NeedsTransform(tagged));
        ImageDecoderTests.AssertNear((220, 20, 20), TestPictures.At(Decoder.Decode(tagged.PngsaveBuffer()).Image!, 20, 15), 1);
    }

    [Fact]
    public void A_drawing_is_read_only_where_the_options_allow_it()
    {
        byte[] svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 12'><rect width='24' height='12' fill='red'/></svg>"u8.ToArray();
        Assert.Equal(DecodeFailure.UnsupportedFormat, Decoder.Decode(svg).Failure);
        DecodeOutcome outcome = Decoder.Decode(svg, new DecodeOptions { AllowSvg = true, MaxSide = 240 });
        Assert.Equal((240, 120), (outcome.Image!.Width, outcome.Image.Height));
        ImageDecoderTests.AssertNear((255, 0, 0), TestPictures.At(outcome.Image, 100, 60), 1);
    }

    [Fact]
    public void Real_pictures_in_thirteen_colour_modes_show_the_same_scene()
    {
        string folder = SharedData.Require("images/copydetect_pdq");
        byte[] wanted = Read(Path.Combine(folder, "misc-images__modes__original.jpg"));
        foreach (string file in Directory.GetFiles(folder, "misc-images__modes__*.jpg"))
        {
            // Mode 1 is dithered black and white; greys differ in colour: brightness is compared.
            byte[] seen = Read(file);
            double difference = wanted.Zip(seen, (a, b) => Math.Abs(a - b)).Average();
            Assert.True(difference < (file.EndsWith("__1.jpg", StringComparison.Ordinal) ? 60 : 12), $"{Path.GetFileName(file)} differs by {difference:0.0}");
        }

        byte[] Read(string file)
        {
            RgbImage image = ImageOperations.Resize(Decoder.Decode(File.ReadAllBytes(file)).Image!, 80, 50);
            return [.. Enumerable.Range(0, 80 * 50).Select(i => (byte)((image.Pixels[i * 3] + image.Pixels[(i * 3) + 1] + image.Pixels[(i * 3) + 2]) / 3))];
        }
    }

    [Fact]
    public void All_real_pictures_of_the_copy_set_are_read()
    {
        foreach (string file in Directory.GetFiles(SharedData.Require("images/copydetect_pdq"), "*.jpg"))
            Assert.Null(Decoder.Decode(File.ReadAllBytes(file)).Failure);
    }

    private static byte[] Stored(Enums.Interpretation space, ImageFormat format)
    {
        using Image srgb = VipsPixels.Import(TestPictures.Quadrants(120, 80).Pixels, 120, 80, 3);
        using Image other = srgb.Colourspace(space);
        return format switch
        {
            ImageFormat.Jpeg => other.JpegsaveBuffer(),
            ImageFormat.Png => other.PngsaveBuffer(),
            _ => other.TiffsaveBuffer(),
        };
    }
}

using System.Buffers.Binary;
using NetVips;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Vision.Imaging;

/// <summary>A PNG that states its power of light is read as browsers show it.</summary>
public sealed class PngGammaTests
{
    private static readonly ImageDecoder Decoder = new();

    [Theory]
    [InlineData(100_000, 127, 186)]
    [InlineData(45_455, 127, 127)]
    [InlineData(45_000, 127, 127)]
    [InlineData(30_000, 127, 89)]
    [InlineData(0, 127, 127)]
    [InlineData(1, 127, 127)]
    public void The_samples_are_raised_to_the_screen_s_power(int gamma, byte stored, int shown)
    {
        foreach (bool wide in new[] { false, true })
        {
            using Image flat = Image.Black(40, 40, bands: 3).Linear([1], [stored * (wide ? 257 : 1)]);
            using Image samples = flat.Cast(wide ? Enums.BandFormat.Ushort : Enums.BandFormat.Uchar);
            using Image picture = samples.Copy(interpretation: wide ? Enums.Interpretation.Rgb16 : Enums.Interpretation.Srgb);
            byte[] file = picture.PngsaveBuffer();
            ImageDecoderTests.AssertNear((stored, stored, stored), TestPictures.At(Decoder.Decode(file).Image!, 20, 20), 1);
            ImageDecoderTests.AssertNear((shown, shown, shown), TestPictures.At(Decoder.Decode(With(file, "gAMA"u8, gamma)).Image!, 20, 20), 2);
            // The word "sRGB" goes before it.
            ImageDecoderTests.AssertNear((stored, stored, stored), TestPictures.At(Decoder.Decode(With(With(file, "gAMA"u8, gamma), "sRGB"u8, null)).Image!, 20, 20), 2);
        }
    }

    [Fact]
    public void Transparency_is_no_light()
    {
        RgbaImage half = new(8, 8, [.. Enumerable.Range(0, 64).SelectMany(_ => new byte[] { 0, 0, 0, 128 })]);
        byte[] file = With(ImageEncoder.Png(half), "gAMA"u8, 100_000);
        ImageDecoderTests.AssertNear((127, 127, 127), TestPictures.At(Decoder.Decode(file).Image!, 4, 4), 2);
    }

    private static byte[] With(byte[] png, ReadOnlySpan<byte> type, int? number)
    {
        byte[] content = number is null ? [0] : new byte[4];
        if (number is { } value) BinaryPrimitives.WriteInt32BigEndian(content, value);
        using MemoryStream file = new();
        file.Write(png, 0, 33);
        PngChunks.Write(file, type, content);
        file.Write(png, 33, png.Length - 33);
        return file.ToArray();
    }
}

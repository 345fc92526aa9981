using System.Buffers.Binary;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Vision.Imaging;

public sealed class BmpReaderTests
{
    private static readonly ImageDecoder Decoder = new();

    [Fact]
    public void Twenty_four_bits_are_read_exactly()
    {
        RgbImage picture = TestPictures.Quadrants(31, 17);
        DecodeOutcome outcome = Decoder.Decode(Bmp24(picture));
        Assert.Equal("image/bmp", outcome.MediaType);
        Assert.Equal(picture.Pixels, outcome.Image!.Pixels);
    }

    [Fact]
    public void A_large_bitmap_is_shrunk()
    {
        DecodeOutcome outcome = Decoder.Decode(Bmp24(TestPictures.Quadrants(300, 150)), new DecodeOptions { MaxSide = 100 });
        Assert.Equal((100, 50), (outcome.Image!.Width, outcome.Image.Height));
        Assert.Equal((300, 150), (outcome.OriginalWidth, outcome.OriginalHeight));
    }

    [Fact]
    public void Rows_may_run_from_the_top()
    {
        byte[] file = Bmp24(TestPictures.Quadrants(16, 16));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), -16);
        ImageDecoderTests.AssertNear((20, 20, 220), TestPictures.At(Decoder.Decode(file).Image!, 2, 2), 0);
    }

    [Theory]
    [InlineData(1, new byte[] { 0b0110_0000, 0, 0, 0, 0b1001_0000, 0, 0, 0 })]
    [InlineData(4, new byte[] { 0x01, 0x10, 0, 0, 0x10, 0x01, 0, 0 })]
    [InlineData(8, new byte[] { 0, 1, 1, 0, 1, 0, 0, 1 })]
    public void Palettes_are_read(int bits, byte[] rows) => AssertChecker(Build(bits, 0, 4, 2, rows));

    [Theory]
    [InlineData(1, 8, new byte[] { 1, 0, 2, 1, 1, 0, 0, 0, 0, 4, 1, 0, 0, 1, 0, 1 })]
    [InlineData(2, 4, new byte[] { 4, 0x01, 0, 0, 0, 4, 0x10, 0x10, 0, 1 })]
    public void Runs_are_read(int compression, int bits, byte[] runs)
    {
        DecodeOutcome outcome = Decoder.Decode(Build(bits, compression, 4, 2, runs));
        Assert.Null(outcome.Failure);
        // The first run is the lowest row.
        string low = compression == 1 ? "0110" : "0101";
        Assert.Equal(low, Row(outcome.Image!, 1));
        Assert.Equal(compression == 1 ? "1001" : "1010", Row(outcome.Image!, 0));
    }

    [Theory]
    [InlineData(16, 0, new byte[] { 0x00, 0x7C, 0xE0, 0x03 })]
    [InlineData(32, 0, new byte[] { 0, 0, 255, 0, 0, 255, 0, 0 })]
    public void Wide_pixels_are_read(int bits, int compression, byte[] row)
    {
        RgbImage image = Decoder.Decode(Build(bits, compression, 2, 1, row)).Image!;
        Assert.Equal((255, 0, 0), TestPictures.At(image, 0, 0));
        Assert.Equal((0, 255, 0), TestPictures.At(image, 1, 0));
    }

    [Fact]
    public void Bit_fields_are_read()
    {
        byte[] masks = [0x00, 0xF8, 0, 0, 0xE0, 0x07, 0, 0, 0x1F, 0x00, 0, 0];
        byte[] file = Build(16, 3, 2, 1, [.. masks, 0x00, 0xF8, 0xE0, 0x07]);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), 54 + masks.Length);
        RgbImage image = Decoder.Decode(file).Image!;
        Assert.Equal((255, 0, 0), TestPictures.At(image, 0, 0));
        Assert.Equal((0, 255, 0), TestPictures.At(image, 1, 0));
    }

    [Fact]
    public void A_run_that_leaves_the_picture_is_corrupt() =>
        Assert.Equal(DecodeFailure.Corrupt, Decoder.Decode(Build(8, 1, 4, 2, [9, 0, 0, 1])).Failure);

    [Fact]
    public void An_unknown_compression_is_unsupported() =>
        Assert.Equal(DecodeFailure.UnsupportedFormat, Decoder.Decode(Build(24, 4, 4, 2, new byte[64])).Failure);

    internal static byte[] Bmp24(RgbImage picture)
    {
        int stride = ((picture.Width * 3) + 3) / 4 * 4;
        byte[] rows = new byte[stride * picture.Height];
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                (int r, int g, int b) = TestPictures.At(picture, x, y);
                int at = ((picture.Height - 1 - y) * stride) + (x * 3);
                (rows[at], rows[at + 1], rows[at + 2]) = ((byte)b, (byte)g, (byte)r);
            }
        }

        return Build(24, 0, picture.Width, picture.Height, rows);
    }

    private static byte[] Build(int bits, int compression, int width, int height, byte[] body)
    {
        // Two colours: black and white.
        byte[] palette = bits <= 8 ? [0, 0, 0, 0, 255, 255, 255, 0] : [];
        byte[] file = new byte[54 + palette.Length + body.Length];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), 54 + palette.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), (short)bits);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(30), compression);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(46), bits <= 8 ? 2 : 0);
        palette.CopyTo(file, 54);
        body.CopyTo(file, 54 + palette.Length);
        return file;
    }

    private static void AssertChecker(byte[] file)
    {
        DecodeOutcome outcome = Decoder.Decode(file);
        Assert.Null(outcome.Failure);
        Assert.Equal("0110", Row(outcome.Image!, 1));
        Assert.Equal("1001", Row(outcome.Image!, 0));
    }

    private static string Row(RgbImage image, int y) => string.Concat(Enumerable.Range(0, image.Width).Select(x => TestPictures.At(image, x, y).R == 255 ? '1' : '0'));
}

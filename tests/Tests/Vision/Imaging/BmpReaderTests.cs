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
    [InlineData(2, new byte[] { 0b00_01_01_00, 0, 0, 0, 0b01_00_00_01, 0, 0, 0 })]
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

    [Theory]
    [InlineData(new byte[] { 9, 1, 0, 0, 4, 0, 0, 1 }, "0000", "1111")]
    [InlineData(new byte[] { 2, 1, 0, 0, 4, 1, 0, 1 }, "1111", "1100")]
    [InlineData(new byte[] { 4, 1, 0, 0, 4, 1, 0, 0, 4, 1, 0, 0 }, "1111", "1111")]
    public void Runs_end_where_the_row_does_and_pixels_that_none_names_are_black(byte[] runs, string high, string low)
    {
        RgbImage image = Decoder.Decode(Build(8, 1, 4, 2, runs)).Image!;
        Assert.Equal((high, low), (Row(image, 0), Row(image, 1)));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-4)]
    public void Of_a_file_that_ends_a_little_early_the_rows_that_came_are_the_picture(int height)
    {
        byte[] rows = [0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0];
        RgbImage image = Decoder.Decode(Build(8, 0, 4, height, rows)).Image!;
        Assert.Equal(3, image.Height);
        Assert.Equal(height < 0 ? "0110" : "1100", Row(image, 0));
        Assert.Equal(DecodeFailure.Corrupt, Decoder.Decode(Build(8, 0, 4, height, rows[..8])).Failure);
    }

    [Fact]
    public void A_row_of_an_endless_run_is_read_to_its_end()
    {
        byte[] runs = new byte[4 << 20];
        runs.AsSpan().Fill(255);
        Assert.Equal(DecodeFailure.Corrupt, Decoder.Decode(Build(8, 1, 4, 2, runs)).Failure);
    }

    [Theory]
    [InlineData(255, 0, 255)]
    [InlineData(0, 255, 0)]
    public void A_fourth_channel_is_transparency_unless_it_is_empty(byte alpha, byte second, byte shown)
    {
        byte[] file = Build(32, 0, 2, 1, [0, 0, 255, alpha, 0, 0, 0, alpha == 0 ? (byte)0 : second]);
        byte[] longHeader = [.. file[..54], .. new byte[68], .. file[54..]];
        BinaryPrimitives.WriteInt32LittleEndian(longHeader.AsSpan(14), 108);
        BinaryPrimitives.WriteInt32LittleEndian(longHeader.AsSpan(10), 122);
        BinaryPrimitives.WriteUInt32LittleEndian(longHeader.AsSpan(66), 0xFF000000);
        RgbImage image = Decoder.Decode(longHeader).Image!;
        Assert.Equal((255, 0, 0), TestPictures.At(image, 0, 0));
        Assert.Equal((shown, shown, shown), TestPictures.At(image, 1, 0));
    }

    [Fact]
    public void A_short_header_means_plain_pixels()
    {
        byte[] file = Build(24, 0, 2, 1, [0, 0, 255, 0, 255, 0, 0, 0]);
        byte[] shortHeader = [.. file[..30], .. file[54..]];
        BinaryPrimitives.WriteInt32LittleEndian(shortHeader.AsSpan(14), 16);
        BinaryPrimitives.WriteInt32LittleEndian(shortHeader.AsSpan(10), 30);
        Assert.Equal((255, 0, 0), TestPictures.At(Decoder.Decode(shortHeader).Image!, 0, 0));
    }

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

    internal static byte[] Build(int bits, int compression, int width, int height, byte[] body)
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

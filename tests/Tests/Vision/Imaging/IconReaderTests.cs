using System.Buffers.Binary;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Vision.Imaging;

public sealed class IconReaderTests
{
    private static readonly ImageDecoder Decoder = new();

    [Fact]
    public void The_largest_picture_is_shown()
    {
        byte[] file = Icon((16, 32, ImageEncoder.Png(TestPictures.Quadrants(16, 16))), (0, 32, ImageEncoder.Png(TestPictures.Quadrants(256, 256))), (48, 32, ImageEncoder.Png(TestPictures.Quadrants(48, 48))));
        DecodeOutcome outcome = Decoder.Decode(file);
        Assert.Equal(("image/vnd.microsoft.icon", 256), (outcome.MediaType, outcome.OriginalWidth));
        Assert.Equal(TestPictures.Quadrants(256, 256).Pixels, outcome.Image!.Pixels);
    }

    [Fact]
    public void Of_several_that_large_the_one_with_most_colours_is_shown()
    {
        byte[] grey = ImageEncoder.Png(new RgbImage(16, 16, new byte[16 * 16 * 3])), colours = ImageEncoder.Png(TestPictures.Quadrants(16, 16));
        Assert.Equal(TestPictures.Quadrants(16, 16).Pixels, Decoder.Decode(Icon((16, 4, grey), (16, 24, colours), (16, 8, grey))).Image!.Pixels);
    }

    [Fact]
    public void The_mask_below_a_bitmap_makes_it_clear()
    {
        // Four columns, two rows, lowest first: black but for one white; the mask hides the right half.
        byte[] dib = Dib(8, 4, 2, [0, 1, 0, 0, 0, 0, 0, 0], [0b0011_0000, 0, 0, 0, 0b0011_0000, 0, 0, 0]);
        RgbImage image = Decoder.Decode(Icon((4, 8, dib))).Image!;
        Assert.Equal((4, 2), (image.Width, image.Height));
        Assert.Equal([0, 0, 255, 255], Enumerable.Range(0, 4).Select(x => TestPictures.At(image, x, 0).R));
        Assert.Equal([0, 255, 255, 255], Enumerable.Range(0, 4).Select(x => TestPictures.At(image, x, 1).R));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(255, 0)]
    public void With_32_bits_the_fourth_channel_counts_unless_it_is_empty(byte alpha, int shown)
    {
        byte[] dib = Dib(32, 2, 1, [0, 0, 0, alpha, 0, 0, 0, 0], new byte[4]);
        RgbImage image = Decoder.Decode(Icon((2, 32, dib))).Image!;
        Assert.Equal((shown, alpha == 0 ? 0 : 255), (TestPictures.At(image, 0, 0).R, TestPictures.At(image, 1, 0).R));
    }

    [Fact]
    public void A_cursor_is_read_like_an_icon()
    {
        byte[] file = Icon((16, 0, ImageEncoder.Png(TestPictures.Quadrants(16, 16))));
        file[2] = 2;
        Assert.Equal(TestPictures.Quadrants(16, 16).Pixels, Decoder.Decode(file).Image!.Pixels);
    }

    [Fact]
    public void Damaged_icons_end_in_a_picture_or_a_named_failure()
    {
        byte[] file = Icon((4, 8, Dib(8, 4, 2, [0, 1, 0, 0, 0, 0, 0, 0], new byte[8])), (16, 32, ImageEncoder.Png(TestPictures.Quadrants(16, 16))));
        Random random = new(3);
        for (int i = 0; i < 400; i++)
        {
            byte[] damaged = [.. file.AsSpan(0, i % 2 == 0 ? file.Length : random.Next(22, file.Length))];
            for (int flips = random.Next(1, 12); flips > 0; flips--) damaged[random.Next(Math.Min(damaged.Length, i % 3 == 0 ? 40 : int.MaxValue))] ^= (byte)(1 << random.Next(8));
            DecodeOutcome outcome = Decoder.Decode(damaged);
            Assert.True(outcome.Image is null == outcome.Failure is not null, $"{i}");
        }

        Assert.Equal(DecodeFailure.TooManyPixels, Decoder.Decode(Icon((0, 1, Dib(1, 60_000, 60_000, [], [])))).Failure);
    }

    private static byte[] Dib(int bits, int width, int height, byte[] rows, byte[] mask)
    {
        byte[] dib = BmpReaderTests.Build(bits, 0, width, height * 2, [.. rows, .. mask])[14..];
        return dib;
    }

    private static byte[] Icon(params (byte Side, ushort Bits, byte[] Picture)[] entries)
    {
        byte[] head = new byte[6 + (entries.Length * 16)];
        (head[2], head[4]) = (1, (byte)entries.Length);
        int at = head.Length;
        for (int i = 0; i < entries.Length; i++)
        {
            Span<byte> entry = head.AsSpan(6 + (i * 16), 16);
            (entry[0], entry[1]) = (entries[i].Side, entries[i].Side);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[6..], entries[i].Bits);
            BinaryPrimitives.WriteInt32LittleEndian(entry[8..], entries[i].Picture.Length);
            BinaryPrimitives.WriteInt32LittleEndian(entry[12..], at);
            at += entries[i].Picture.Length;
        }

        return [.. head, .. entries.SelectMany(entry => entry.Picture)];
    }
}

using System.Buffers.Binary;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Vision.Imaging;

/// <summary>Animated PNG: what a person sees after the first frame is looked at, too.</summary>
public sealed class PngFramesTests
{
    private static readonly ImageDecoder Decoder = new();

    [Fact]
    public void Each_picture_of_an_animated_png_is_taken_once()
    {
        byte[] file = Animated(TestPictures.Product(1), Whole(1), Whole(2), Whole(1), Whole(3));
        AnimationContent content = AnimationFrames.Read(file);
        Assert.True(content.IsWhole);
        Assert.Equal(2, content.Pictures.Count);
        foreach (int shown in new[] { 2, 3 }) Assert.Contains(content.Pictures, p => Decoder.Decode(p).Image!.Pixels.SequenceEqual(TestPictures.Product(shown).Pixels));
    }

    [Fact]
    public void The_picture_for_programs_without_animation_is_not_what_is_shown()
    {
        byte[] file = Animated(TestPictures.Product(1), firstIsShown: false, Whole(2));
        Assert.Equal(TestPictures.Product(2).Pixels, Decoder.Decode(Assert.Single(AnimationFrames.Read(file).Pictures)).Image!.Pixels);
    }

    [Theory]
    [InlineData(0, 220, 20, 20)]
    [InlineData(1, 255, 255, 255)]
    [InlineData(2, -1, -1, -1)]
    public void A_part_is_laid_over_what_the_frame_before_left(byte disposal, int red, int green, int blue)
    {
        RgbImage ground = TestPictures.Product(1);
        RgbImage mark = TestPictures.Quadrants(100, 100);
        // The whole, a part that goes as its disposal says, and a part elsewhere.
        byte[] file = Animated(ground, Whole(1), new Part(TestPictures.Quadrants(120, 120), 20, 60, disposal), new Part(mark, 290, 200, 0));
        AnimationContent content = AnimationFrames.Read(file);
        Assert.True(content.IsWhole);
        RgbImage[] pictures = [.. content.Pictures.Select(p => Decoder.Decode(p).Image!)];
        Assert.Equal(2, pictures.Length);
        RgbImage last = Assert.Single(pictures, image => TestPictures.At(image, 300, 210) == (220, 20, 20));
        Assert.Equal(red < 0 ? TestPictures.At(ground, 30, 70) : (red, green, blue), TestPictures.At(last, 30, 70));
        RgbImage middle = Assert.Single(pictures, image => image != last);
        Assert.Equal((220, 20, 20), TestPictures.At(middle, 30, 70));
        Assert.Equal(TestPictures.At(ground, 5, 5), TestPictures.At(middle, 5, 5));
    }

    [Fact]
    public void What_cannot_be_laid_is_not_said_to_be_looked_at()
    {
        byte[] outside = Animated(TestPictures.Product(1), Whole(1), new Part(TestPictures.Quadrants(120, 120), 390, 60, 0));
        Assert.False(AnimationFrames.Read(outside).IsWhole);
        byte[] two = Animated(TestPictures.Product(1), Whole(1), Whole(2));
        Assert.False(AnimationFrames.Read(two, new DecodeOptions { MaxFrames = 1 }).IsWhole);
        Assert.False(AnimationFrames.Read(two, new DecodeOptions { Timeout = TimeSpan.FromTicks(1) }).IsWhole);
        Assert.Equal(AnimationContent.Still, AnimationFrames.Read(ImageEncoder.Png(TestPictures.Product(1))));
    }

    [Fact]
    public void A_damaged_animation_ends_in_an_answer()
    {
        byte[] file = Animated(TestPictures.Product(1), Whole(1), Whole(2));
        Random random = new(5);
        for (int i = 0; i < 60; i++)
        {
            byte[] damaged = [.. file];
            for (int flips = random.Next(1, 12); flips > 0; flips--) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            Assert.NotNull(AnimationFrames.Read(damaged));
            Assert.NotNull(AnimationFrames.Read(damaged.AsMemory(0, random.Next(damaged.Length))));
        }
    }

    private sealed record Part(RgbImage Image, int X, int Y, byte Disposal);

    private static Part Whole(int product) => new(TestPictures.Product(product), 0, 0, 0);

    private static byte[] Animated(RgbImage still, params Part[] parts) => Animated(still, firstIsShown: true, parts);

    /// <param name="firstIsShown">Whether the still picture takes the first part's place.</param>
    private static byte[] Animated(RgbImage still, bool firstIsShown, params Part[] parts)
    {
        byte[] png = ImageEncoder.Png(still);
        using MemoryStream file = new();
        file.Write(png, 0, 33);
        PngChunks.Write(file, "acTL"u8, [0, 0, 0, (byte)parts.Length, 0, 0, 0, 0]);
        int sequence = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            if (i == 0 && !firstIsShown) PngChunks.Write(file, "IDAT"u8, Content(png));
            byte[] control = new byte[26];
            int[] numbers = [sequence++, parts[i].Image.Width, parts[i].Image.Height, parts[i].X, parts[i].Y];
            for (int n = 0; n < numbers.Length; n++) BinaryPrimitives.WriteInt32BigEndian(control.AsSpan(n * 4), numbers[n]);
            (control[21], control[23], control[24]) = (1, 10, parts[i].Disposal);
            PngChunks.Write(file, "fcTL"u8, control);
            if (i == 0 && firstIsShown)
            {
                PngChunks.Write(file, "IDAT"u8, Content(png));
                continue;
            }

            byte[] number = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, sequence++);
            PngChunks.Write(file, "fdAT"u8, [.. number, .. Content(ImageEncoder.Png(parts[i].Image))]);
        }

        PngChunks.Write(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>The data of all chunks of a still picture.</summary>
    private static byte[] Content(byte[] png)
    {
        using MemoryStream data = new();
        for (int at = 8; at + 8 <= png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (png.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8)) data.Write(png, at + 8, length);
            at += length + 12;
        }

        return data.ToArray();
    }
}

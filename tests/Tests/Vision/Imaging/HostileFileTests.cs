using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using NetVips;
using Touchstone.Tests.Fixtures;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Vision.Imaging;

/// <summary>Hostile files end in a picture or a named failure, never in an exception or the end of the process.</summary>
public sealed class HostileFileTests
{
    private static readonly ImageDecoder Decoder = new();

    public static TheoryData<ImageFormat> Formats => [ImageFormat.Jpeg, ImageFormat.Png, ImageFormat.WebP, ImageFormat.Avif, ImageFormat.Gif, ImageFormat.Tiff, ImageFormat.Bmp];

    [Theory]
    [InlineData("bmp")]
    [InlineData("gif")]
    public void Fuzzing_corpora_end_in_a_picture_or_a_named_failure(string name)
    {
        int files = 0;
        using GZipStream unpacked = new(File.OpenRead(SharedData.Require($"web/hostile-fuzz/{name}.tar.gz")), CompressionMode.Decompress);
        using TarReader archive = new(unpacked);
        while (archive.GetNextEntry(copyData: true) is { } entry)
        {
            if (entry.DataStream is not { } stream) continue;
            MemoryStream content = new();
            stream.CopyTo(content);
            AssertClosed(Decoder.Decode(content.ToArray()), entry.Name);
            files++;
        }

        Assert.True(files > 30, $"{files} files");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Files_cut_in_the_middle_are_corrupt(ImageFormat format)
    {
        byte[] file = Sample(format);
        for (int part = 1; part <= 7; part++)
        {
            int length = file.Length * part / 10;
            DecodeOutcome outcome = Decoder.Decode(file.AsMemory(0, length));
            Assert.True(outcome.Failure is DecodeFailure.Corrupt or DecodeFailure.UnsupportedFormat, $"{length} of {file.Length} bytes: {outcome.Failure?.ToString() ?? "a picture"}");
            Assert.NotNull(outcome.Detail);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Files_with_flipped_bits_end_in_a_picture_or_a_named_failure(ImageFormat format)
    {
        byte[] file = Sample(format);
        Random random = new(11);
        for (int i = 0; i < 60; i++)
        {
            byte[] damaged = [.. file];
            for (int flips = random.Next(1, 12); flips > 0; flips--) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            AssertClosed(Decoder.Decode(damaged), $"{format} {i}");
        }
    }

    [Fact]
    public void A_header_that_announces_too_many_pixels_is_believed_and_refused()
    {
        foreach ((string name, byte[] file) in Giants())
        {
            DecodeOutcome outcome = Decoder.Decode(file);
            Assert.True(outcome.Failure == DecodeFailure.TooManyPixels, $"{name}: {outcome.Failure} {outcome.Detail}");
        }
    }

    [Fact]
    public void A_tiled_file_with_damaged_tiles_is_corrupt()
    {
        using Image pixels = VipsPixels.Import(TestPictures.Product(4).Pixels, 400, 320, 3);
        byte[] file = pixels.TiffsaveBuffer(tile: true, compression: Enums.ForeignTiffCompression.Jpeg);
        Assert.Null(Decoder.Decode(file).Failure);
        file.AsSpan(100, file.Length / 3).Fill(0xAA);
        Assert.NotNull(Decoder.Decode(file).Failure);
    }

    [Fact]
    public void A_large_picture_that_decodes_at_once_is_waited_for_no_longer_than_the_limit()
    {
        byte[] file = ImageEncoder.WebP(TestPictures.Quadrants(2_600, 1_800));
        DecodeOptions options = new() { MaxSide = 2_600, Timeout = TimeSpan.FromSeconds(30) };
        Assert.Null(Decoder.Decode(file, options).Failure);
        Assert.Equal(DecodeFailure.TimedOut, Decoder.Decode(file, options with { Timeout = TimeSpan.FromTicks(1) }).Failure);
        Assert.Equal(DecodeFailure.TimedOut, Decoder.Decode(file, options with { Timeout = TimeSpan.FromMilliseconds(3) }).Failure);
    }

    [Fact]
    public void Empty_large_and_unknown_files_are_named()
    {
        byte[] png = Sample(ImageFormat.Png);
        Assert.Equal(DecodeFailure.Empty, Decoder.Decode(default).Failure);
        Assert.Equal(DecodeFailure.TooManyBytes, Decoder.Decode(png, new DecodeOptions { MaxBytes = png.Length - 1 }).Failure);
        Assert.Equal(DecodeFailure.UnsupportedFormat, Decoder.Decode("<html><body>not found</body></html>"u8.ToArray()).Failure);
        Assert.Equal(DecodeFailure.UnsupportedFormat, Decoder.Decode("%PDF-1.7"u8.ToArray()).Failure);
        Assert.Equal(DecodeFailure.TooManyPixels, Decoder.Decode(png, new DecodeOptions { MaxPixels = 1_000 }).Failure);
        Assert.Throws<ArgumentOutOfRangeException>(() => Decoder.Decode(png, new DecodeOptions { MaxSide = 0 }));
    }

    [Fact]
    public void A_heic_file_is_recognised_and_refused()
    {
        byte[] heic = [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0, .. "mif1heic"u8];
        DecodeOutcome outcome = Decoder.Decode(heic);
        Assert.Equal((DecodeFailure.UnsupportedFormat, "image/heic"), (outcome.Failure, outcome.MediaType));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_decoding_that_takes_too_long_is_given_up(ImageFormat format)
    {
        DecodeOutcome outcome = Decoder.Decode(Sample(format), new DecodeOptions { Timeout = TimeSpan.FromTicks(1) });
        Assert.Equal(DecodeFailure.TimedOut, outcome.Failure);
    }

    [Fact]
    public void More_frames_than_allowed_are_refused()
    {
        // Two frames: the image block of a one-frame file, twice.
        byte[] gif = Sample(ImageFormat.Gif);
        int end = gif.Length - 1;
        int colours = 3 << ((gif[10] & 7) + 1);
        int body = 13 + ((gif[10] & 0x80) != 0 ? colours : 0);
        byte[] two = [.. gif.AsSpan(0, end), .. gif.AsSpan(body, end - body), gif[end]];
        Assert.Null(Decoder.Decode(two).Failure);
        Assert.Equal(DecodeFailure.TooManyFrames, Decoder.Decode(two, new DecodeOptions { MaxFrames = 1 }).Failure);
    }

    [Fact]
    public async Task Damaged_and_good_files_can_be_read_at_once()
    {
        byte[] good = Sample(ImageFormat.Jpeg);
        DecodeOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => Decoder.Decode(i % 2 == 0 ? good : good.AsMemory(0, good.Length / 2)))));
        for (int i = 0; i < outcomes.Length; i++) Assert.Equal(i % 2 == 0 ? null : DecodeFailure.Corrupt, outcomes[i].Failure);
    }

    private static byte[] Sample(ImageFormat format) =>
        format == ImageFormat.Bmp ? BmpReaderTests.Bmp24(TestPictures.Product(4)) : ImageEncoder.Encode(TestPictures.Product(4), format);

    private static void AssertClosed(DecodeOutcome outcome, string name)
    {
        Assert.True(outcome.Image is null == outcome.Failure is not null, name);
        if (outcome.Failure is not null) Assert.False(string.IsNullOrEmpty(outcome.Detail), name);
    }

    private static IEnumerable<(string Name, byte[] File)> Giants()
    {
        byte[] png = Sample(ImageFormat.Png);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 60_000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 60_000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc(png.AsSpan(12, 17)));
        yield return ("png", png);

        byte[] jpeg = Sample(ImageFormat.Jpeg);
        int frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt32BigEndian(jpeg.AsSpan(frame + 5), 0xFFDC_FFDC);
        yield return ("jpeg", jpeg);

        byte[] gif = Sample(ImageFormat.Gif);
        // The frame must lie too: a screen that is larger than every frame is not believed.
        int descriptor = gif.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x2C, 0, 0, 0, 0, gif[6], gif[7], gif[8], gif[9]]);
        BinaryPrimitives.WriteUInt32LittleEndian(gif.AsSpan(6), 0xFFFF_FFFF);
        BinaryPrimitives.WriteUInt32LittleEndian(gif.AsSpan(descriptor + 5), 0xFFFF_FFFF);
        yield return ("gif", gif);

        byte[] bmp = Sample(ImageFormat.Bmp);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(18), 60_000);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(22), 60_000);
        yield return ("bmp", bmp);
    }

    /// <summary>The check sum of a PNG chunk (CRC-32).</summary>
    internal static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB8_8320 & (uint)-(int)(crc & 1));
        }

        return ~crc;
    }
}

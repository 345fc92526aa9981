using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using Touchstone.Tests.Fixtures;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.Isolation;

namespace Touchstone.Tests.Vision.Imaging;

/// <summary>Pictures in processes of their own: the same result as here, and a bomb takes neither this process's memory nor much of anybody's time.</summary>
public sealed class PictureBombTests
{
    // A file and the pixels that are asked for; libvips here would take gigabytes.
    private const long MostMemory = 400L << 20;

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(60);

    private static readonly ImageDecoder Isolated = new(IsolatedProcesses.Shared);

    public static TheoryData<string> Bombs => [.. PictureBombs.All.Keys];

    public static TheoryData<ImageFormat> Formats => [ImageFormat.Jpeg, ImageFormat.Png, ImageFormat.WebP, ImageFormat.Avif, ImageFormat.Gif, ImageFormat.Tiff];

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_bomb_ends_in_an_outcome_and_takes_nothing_from_this_process(string name)
    {
        byte[] bomb = PictureBombs.All[name]();
        Assert.Null(IsolatedProcesses.Shared.Problem);
        GC.Collect();
        long before = Environment.WorkingSet, started = Stopwatch.GetTimestamp();
        DecodeOutcome outcome = Isolated.Decode(bomb);
        Isolated.ReadAnimation(bomb);
        Assert.True(Stopwatch.GetElapsedTime(started) < MostTime, $"{Stopwatch.GetElapsedTime(started)}");
        Assert.True(Environment.WorkingSet - before < MostMemory, $"{(Environment.WorkingSet - before) >> 20} MiB");
        Assert.True(outcome.Image is null == outcome.Failure is not null, outcome.Detail);
        if (outcome.Failure is not null) Assert.False(string.IsNullOrEmpty(outcome.Detail));
        // Whatever it was, the next picture is read.
        Assert.Null(Isolated.Decode(ImageEncoder.Jpeg(TestPictures.Product(4))).Failure);
    }

    /// <summary>64 million pixels, of formats that are held whole, within the memory of one process.</summary>
    [Theory]
    [InlineData("png-interlaced")]
    [InlineData("gif-screen")]
    [InlineData("webp-lossless")]
    [InlineData("jpeg-progressive")]
    [InlineData("tiff-strip")]
    public void The_largest_pictures_that_the_limits_allow_are_read(string name)
    {
        DecodeOutcome outcome = Isolated.Decode(PictureBombs.All[name](), new DecodeOptions { Timeout = TimeSpan.FromSeconds(20) });
        Assert.True(outcome.Image is { Width: 1_024, Height: 1_024 }, $"{outcome.Failure}: {outcome.Detail}");
    }

    [Theory]
    [InlineData("png-texts")]
    [InlineData("png-international-texts")]
    public void Texts_that_unfold_into_gigabytes_end_their_process_and_are_named(string name)
    {
        int ended = IsolatedProcesses.Shared.Ended;
        DecodeOutcome outcome = Isolated.Decode(PictureBombs.All[name]());
        Assert.True(outcome.Failure is DecodeFailure.TooMuchMemory or DecodeFailure.TimedOut, $"{outcome.Failure}: {outcome.Detail}");
        Assert.Equal("image/png", outcome.MediaType);
        Assert.True(IsolatedProcesses.Shared.Ended > ended);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_picture_is_the_same_from_another_process(ImageFormat format)
    {
        byte[] file = ImageEncoder.Encode(TestPictures.Product(7), format);
        DecodeOptions options = new() { MaxSide = 300 };
        AssertSame(new ImageDecoder().Decode(file, options), Isolated.Decode(file, options));
        AssertSame(new ImageDecoder().Decode(file.AsMemory(0, file.Length / 2), options), Isolated.Decode(file.AsMemory(0, file.Length / 2), options));
        AnimationContent here = new ImageDecoder().ReadAnimation(file, options), there = Isolated.ReadAnimation(file, options);
        Assert.Equal((here.IsWhole, here.Pictures.Count), (there.IsWhole, there.Pictures.Count));
    }

    [Fact]
    public void The_pictures_of_an_animation_come_from_another_process()
    {
        using NetVips.Image first = VipsPixels.Import(TestPictures.Product(1).Pixels, 400, 320, 3), second = VipsPixels.Import(TestPictures.Product(5).Pixels, 400, 320, 3);
        using NetVips.Image roll = first.Join(second, NetVips.Enums.Direction.Vertical);
        using NetVips.Image paged = roll.Mutate(static image => image.Set(NetVips.GValue.GIntType, "page-height", 320));
        byte[] file = paged.WebpsaveBuffer();
        AnimationContent here = new ImageDecoder().ReadAnimation(file), there = Isolated.ReadAnimation(file);
        Assert.Single(here.Pictures);
        Assert.True(here.IsWhole && there.IsWhole);
        Assert.Equal(here.Pictures[0], Assert.Single(there.Pictures));
    }

    [Theory]
    [InlineData("bmp")]
    [InlineData("gif")]
    public void Fuzzing_corpora_end_in_a_picture_or_a_named_failure(string name)
    {
        int files = 0, ended = IsolatedProcesses.Shared.Ended;
        long started = Stopwatch.GetTimestamp();
        using GZipStream unpacked = new(File.OpenRead(SharedData.Require($"web/hostile-fuzz/{name}.tar.gz")), CompressionMode.Decompress);
        using TarReader archive = new(unpacked);
        while (archive.GetNextEntry(copyData: true) is { } entry)
        {
            if (entry.DataStream is not { } stream) continue;
            MemoryStream content = new();
            stream.CopyTo(content);
            DecodeOutcome outcome = Isolated.Decode(content.ToArray());
            Assert.True(outcome.Image is null == outcome.Failure is not null, entry.Name);
            Assert.True(outcome.Failure != DecodeFailure.EndedProcesses, $"{entry.Name}: {outcome.Detail}");
            files++;
        }
        Assert.True(files > 30, $"{files} files");
        Assert.True(Stopwatch.GetElapsedTime(started) < MostTime, $"{Stopwatch.GetElapsedTime(started)}");
        Assert.Equal(ended, IsolatedProcesses.Shared.Ended);
    }

    private static void AssertSame(DecodeOutcome here, DecodeOutcome there)
    {
        Assert.Equal((here.Failure, here.MediaType, here.OriginalWidth, here.OriginalHeight), (there.Failure, there.MediaType, there.OriginalWidth, there.OriginalHeight));
        Assert.Equal(here.Image?.Pixels, there.Image?.Pixels);
    }
}

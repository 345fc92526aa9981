using Touchstone.Evaluation.MarkRegister;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Evaluation;

public sealed class GalleryBenchTests(RobustnessFolder folder) : IClassFixture<RobustnessFolder>
{
    [Fact]
    public async Task A_small_gallery_is_made_asked_and_kept()
    {
        var options = new GalleryBenchOptions
        {
            ImageFolder = folder.Images, MarkFolder = RobustnessFolder.Marks, Drawn = 60, References = 600, Photos = 12, Threads = [2],
            CacheFolder = Path.Combine(folder.Path, "marks"), GalleryFolder = Path.Combine(folder.Path, "galleries"),
        };
        GalleryBenchReport report = await GalleryBench.RunAsync(options, new Heard(), TestContext.Current.CancellationToken);

        Assert.Equal([60, 600], report.Galleries.Select(g => g.References));
        Assert.All(report.Galleries, g => Assert.NotNull(g.BuildSeconds));
        foreach (GalleryMeasured gallery in report.Galleries)
        {
            PhotosAsked asked = Assert.Single(gallery.Asked);
            Assert.Equal((2, 12, 12), (asked.Threads, asked.WithMark, asked.Strangers));
            Assert.InRange(asked.Proposed, 0.7, 1);
            Assert.InRange(asked.First, 0.5, asked.Proposed);
            StageShares whole = asked.Stages.Single(s => s.Stage == "whole");
            Assert.Equal(24, whole.Count);
            Assert.True(whole.P50 > 0 && whole.P99 >= asked.Stages.Where(s => s.Stage is "candidates" or "scoring" or "description").Max(s => s.P50));
            Assert.All(["candidates", "close look", "scoring", "decision"], stage => Assert.True(asked.Stages.Single(s => s.Stage == stage).Count > 0, stage));
            Assert.InRange(gallery.Memory.Files, 500, 200_000);
        }
        Assert.Equal(0, report.Galleries[0].Asked[0].MadeCompared);
        Assert.InRange(report.Galleries[1].Asked[0].MadeCompared, 0.3, 1);

        // Neither describes nor builds again, and finds the same.
        GalleryBenchReport again = await GalleryBench.RunAsync(options, new Heard(), TestContext.Current.CancellationToken);
        Assert.All(again.Galleries, g => Assert.Null(g.BuildSeconds));
        Assert.Equal(report.Galleries.Select(g => g.Asked[0].First), again.Galleries.Select(g => g.Asked[0].First));

        await Assert.ThrowsAsync<InvalidDataException>(() => GalleryBench.RunAsync(options with { Seed = 2, Drawn = 3_400, References = 3_400, CacheFolder = Foreign() }, new Heard(), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => GalleryBench.RunAsync(options with { References = 59 }, new Heard(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Drawn_marks_are_distinct_and_the_same_each_time()
    {
        DrawnRegister register = DrawnRegister.Read(RobustnessFolder.Marks, 1), again = DrawnRegister.Read(RobustnessFolder.Marks, 1);
        RegisteredMark[] marks = [.. Enumerable.Range(register.Emblems - 3, 60).Select(register.Mark)];
        Assert.All(marks[..3], m => Assert.Null(m.Word));
        Assert.All(marks[3..], m => Assert.NotNull(m.Word));
        Assert.All([MarkArrangement.Word, MarkArrangement.WordBelowEmblem, MarkArrangement.WordBesideEmblem], arrangement => Assert.Contains(marks, m => m.Arrangement == arrangement));
        Assert.Equal(marks, Enumerable.Range(register.Emblems - 3, 60).Select(again.Mark));
        RgbImage[] pictures = [.. marks[..20].Select(m => m.Registered())];
        Assert.Equal(20, pictures.Select(p => Convert.ToHexString(p.Pixels)).Distinct().Count());
        Assert.All(pictures, p => Assert.InRange(Math.Max(p.Width, p.Height), 200, 400));
    }

    /// <summary>A cache whose first description is another picture's.</summary>
    private string Foreign()
    {
        string cache = Path.Combine(folder.Path, "marks"), foreign = Path.Combine(folder.Path, "foreign");
        Directory.CreateDirectory(foreign);
        string file = Directory.EnumerateFiles(cache).Single();
        byte[] bytes = File.ReadAllBytes(file);
        // The second description stands first.
        File.WriteAllBytes(Path.Combine(foreign, Path.GetFileName(file)), bytes[(sizeof(int) + BitConverter.ToInt32(bytes))..]);
        return foreign;
    }

    private sealed class Heard : IProgress<string>
    {
        public void Report(string value) => Assert.NotEmpty(value);
    }
}

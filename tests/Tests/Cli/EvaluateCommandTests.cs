using Touchstone.Cli.Frame;
using Touchstone.Tests.Vision.LocalFeatures;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Cli;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("touchstone-evaluate").FullName;

    [Fact]
    public async Task Retrieval_prints_one_JSON_object_and_writes_the_report()
    {
        for (int seed = 1; seed <= 3; seed++) await File.WriteAllBytesAsync(Path.Combine(_folder, $"{seed}.png"), ImageEncoder.Png(DrawnPicture.Scene(seed, 200, 160)));
        await File.WriteAllBytesAsync(Path.Combine(_folder, "copy.jpg"), ImageEncoder.Jpeg(DrawnPicture.Scene(2, 200, 160), 50));
        string manifest = Path.Combine(_folder, "manifest.csv");
        await File.WriteAllTextAsync(manifest, "file,label,role\n1.png,one,reference\n2.png,two,reference\n3.png,three,distractor\ncopy.jpg,two,query\n");
        string report = Path.Combine(_folder, "accuracy.md");
        ProgramRun run = await ProgramRun.OfAsync("evaluate", "retrieval", "--manifest", manifest, "--root", _folder, "--signals", "all", "--report", report, "--json");
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.Equal(1, run.Json.GetProperty("recallAt1").GetProperty("value").GetDouble());
        Assert.Equal("All", run.Json.GetProperty("signals").GetString());
        Assert.Contains("## Retrieval on", await File.ReadAllTextAsync(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_that_cannot_be_used_is_one_sentence()
    {
        string manifest = Path.Combine(_folder, "bad.csv");
        await File.WriteAllTextAsync(manifest, "file,label\n");
        ProgramRun run = await ProgramRun.OfAsync("evaluate", "retrieval", "--manifest", manifest, "--json");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("no column 'role'", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("--copied 0", "Copied", ExitCode.Usage)]
    [InlineData("--attacks tickle", "The attacks are noise, blur", ExitCode.Usage)]
    [InlineData("--model nothing", "There is no model 'nothing'", ExitCode.Usage)]
    [InlineData("", "holds neither", ExitCode.Failed)]
    public async Task Robustness_says_what_is_wrong_with_its_options(string options, string reason, int exit)
    {
        ProgramRun run = await ProgramRun.OfAsync(["evaluate", "robustness", "--images", _folder, "--report", Path.Combine(_folder, "accuracy.md"), .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(exit, run.ExitCode);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Everything_at_once_needs_its_data_named()
    {
        ProgramRun run = await ProgramRun.OfAsync("evaluate", "all", "--quick", "--report", Path.Combine(_folder, "accuracy.md"));
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("--data DIR", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_at_once_reads_text_where_that_is_asked_for()
    {
        string set = Directory.CreateDirectory(Path.Combine(_folder, "images", "drawn")).FullName;
        for (int seed = 1; seed <= 3; seed++) await File.WriteAllBytesAsync(Path.Combine(set, $"{seed}.png"), ImageEncoder.Png(DrawnPicture.Scene(seed, 200, 160)));
        await File.WriteAllBytesAsync(Path.Combine(set, "copy.jpg"), ImageEncoder.Jpeg(DrawnPicture.Scene(2, 200, 160), 50));
        await File.WriteAllTextAsync(Path.Combine(set, "manifest.csv"), "file,label,role\n1.png,one,reference\n2.png,two,reference\n3.png,three,reference\ncopy.jpg,two,query\n");
        string report = Path.Combine(_folder, "accuracy.md");
        ProgramRun run = await ProgramRun.OfAsync("evaluate", "all", "--data", _folder, "--quick", "--text", "true", "--report", report, "--out", Path.Combine(_folder, "out"));
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.Matches("## Retrieval on drawn, all signals\n", (await File.ReadAllTextAsync(report)).ReplaceLineEndings("\n"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

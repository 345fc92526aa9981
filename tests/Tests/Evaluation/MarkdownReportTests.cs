using Touchstone.Evaluation.Reports;

namespace Touchstone.Tests.Evaluation;

public sealed class MarkdownReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("touchstone-report").FullName;

    [Fact]
    public void A_section_is_replaced_and_the_others_stay()
    {
        string path = Path.Combine(_folder, "docs", "accuracy.md");
        MarkdownReport.Replace(path, "First", "one");
        MarkdownReport.Replace(path, "Second", "two");
        MarkdownReport.Replace(path, "Third", "three");
        MarkdownReport.Replace(path, "Second", "changed");
        string text = File.ReadAllText(path);
        Assert.StartsWith("# Accuracy\n", text, StringComparison.Ordinal);
        Assert.EndsWith("## First\n\none\n\n## Second\n\nchanged\n\n## Third\n\nthree\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("two", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Writing_the_same_again_changes_nothing()
    {
        string path = Path.Combine(_folder, "accuracy.md");
        MarkdownReport.Replace(path, "First", "one");
        MarkdownReport.Replace(path, "Second", "two");
        string text = File.ReadAllText(path);
        MarkdownReport.Replace(path, "First", "one");
        Assert.Equal(text, File.ReadAllText(path));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

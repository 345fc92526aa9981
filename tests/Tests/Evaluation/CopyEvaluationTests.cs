using Touchstone.Evaluation.Copies;
using Touchstone.Evaluation.Reports;
using Touchstone.Tests.Vision.LocalFeatures;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Evaluation;

public sealed class CopyEvaluationTests(EvaluationFolder folder) : IClassFixture<EvaluationFolder>
{
    [Fact]
    public void Copies_of_drawn_pictures_are_found()
    {
        var options = new CopyOptions { Folder = Path.Combine(folder.Path, "pictures"), References = 6, Copied = 2, Strangers = 1 };
        CopyReport report = CopyEvaluation.Run(folder.Parts, options, null, TestContext.Current.CancellationToken);
        Assert.Equal(6, report.References);
        Assert.Equal(CopyEdit.All.Count, report.Edits.Count);
        Assert.All(report.Edits, edit => Assert.Equal(2, edit.FirstRight.Of));
        Assert.True(report.Overall.FirstRight.Value > 0.85, report.Overall.FirstRight.ToString());
        Assert.True(report.Overall.RecallAtPrecision.Value > 0.8, report.Overall.RecallAtPrecision.ToString());
        string path = Path.Combine(folder.Path, "copies.md");
        MarkdownReport.Write(path, report);
        Assert.Contains("| all edits |", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Edits_are_named_apart_and_repeat_with_their_seed()
    {
        RgbImage picture = DrawnPicture.Scene(1, 200, 120);
        RgbImage other = DrawnPicture.Scene(2, 90, 140);
        Assert.Equal(CopyEdit.All.Count, CopyEdit.All.Select(edit => (edit.Name, edit.Strength)).Distinct().Count());
        foreach (CopyEdit edit in CopyEdit.All)
        {
            RgbImage first = edit.Apply(picture, other, new Random(3));
            Assert.Equal(first.Pixels, edit.Apply(picture, other, new Random(3)).Pixels);
            Assert.False(first.Width == picture.Width && first.Height == picture.Height && first.Pixels.AsSpan().SequenceEqual(picture.Pixels), edit.Name);
        }
    }

    [Fact]
    public void A_folder_without_pictures_is_refused()
    {
        string empty = Directory.CreateDirectory(Path.Combine(folder.Path, "empty")).FullName;
        Assert.Throws<InvalidDataException>(() => CopyEvaluation.Run(folder.Parts, new CopyOptions { Folder = empty }, null, TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentOutOfRangeException>(() => CopyEvaluation.Run(folder.Parts, new CopyOptions { Folder = empty, Copied = 0 }, null, TestContext.Current.CancellationToken));
    }
}

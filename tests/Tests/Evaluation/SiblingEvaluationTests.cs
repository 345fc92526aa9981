using Touchstone.Evaluation.Reports;
using Touchstone.Evaluation.Siblings;

namespace Touchstone.Tests.Evaluation;

public sealed class SiblingEvaluationTests(RobustnessFolder folder) : IClassFixture<RobustnessFolder>
{
    [Fact]
    public void Siblings_are_drawn_and_asked_and_few_match()
    {
        var options = new SiblingOptions { ImageFolder = folder.Images, MarkFolder = RobustnessFolder.Marks, Drawn = 6, Asked = 8, MistakesKept = 3 };
        SiblingReport report = SiblingEvaluation.Run(folder.Parts, options, null, TestContext.Current.CancellationToken);
        Assert.Equal(["drawn: another flavour of a package", "drawn: another device with the same picture on its screen", "drawn: another print on the same photo of a garment", "catalogue pictures of shops, each among all the others"], report.Results.Select(result => result.Kind));
        Assert.All(report.Results.Take(3), result => Assert.Equal(result.Asked, result.WithSibling));
        Assert.Equal(8, report.Results[^1].Asked);
        Assert.InRange(report.Results.Sum(result => result.Matched.Count), 0, 4);
        // Most of them are so near that a person is asked.
        Assert.True(report.Results.Take(3).Sum(result => result.Reviewed.Count) >= 6, SiblingSection.Text(report));
        Assert.True(report.Mistakes.Count <= 3);

        SiblingReport again = SiblingEvaluation.Run(folder.Parts, options, null, TestContext.Current.CancellationToken);
        Assert.Equal(report.Results, again.Results);
    }

    [Fact]
    public void What_is_known_to_be_one_product_is_left_out_of_the_gallery()
    {
        // Without itself in the gallery a picture has nothing to match.
        SiblingReport report = SiblingEvaluation.Run(folder.Parts, new SiblingOptions { ImageFolder = folder.Images, Drawn = 1, Asked = 20 }, null, TestContext.Current.CancellationToken);
        Assert.Equal(0, report.Results[^1].Matched.Count);
    }

    [Fact]
    public void A_value_outside_its_range_is_named()
    {
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(() => SiblingEvaluation.Run(folder.Parts, new SiblingOptions { ImageFolder = folder.Images, Asked = 0 }, null, TestContext.Current.CancellationToken));
        Assert.Equal("Asked", e.ParamName);
        InvalidDataException none = Assert.Throws<InvalidDataException>(() => SiblingEvaluation.Run(folder.Parts with { Profile = null }, new SiblingOptions { ImageFolder = folder.Images }, null, TestContext.Current.CancellationToken));
        Assert.Contains("profile", none.Message, StringComparison.Ordinal);
    }
}

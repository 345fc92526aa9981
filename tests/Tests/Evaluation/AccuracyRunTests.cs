using Touchstone.Evaluation.Accuracy;
using Touchstone.Evaluation.Retrieval;
using Touchstone.Evaluation.Scenes;
using Touchstone.Evaluation.Statistics;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Evaluation;

public sealed class AccuracyRunTests(RobustnessFolder folder) : IClassFixture<RobustnessFolder>
{
    [Fact]
    public void Scenes_of_products_are_found_and_repeat_with_their_seed()
    {
        var options = new SceneOptions { ImageFolder = folder.Images, Scenes = 5, Strangers = 2, CacheFolder = Path.Combine(folder.Path, "scenes-cache") };
        RetrievalReport report = SceneEvaluation.Run([folder.Parts], options, null, TestContext.Current.CancellationToken);
        Assert.Equal((7, 5, 2), (report.References, report.Queries, report.Distractors));
        Assert.InRange(report.RecallAt5.Count, 4, 5);
        RetrievalReport again = SceneEvaluation.Run([folder.Parts], options, null, TestContext.Current.CancellationToken);
        Assert.Equal((report.RecallAt1, report.RecallAt5, report.FoundAtMatchPoint), (again.RecallAt1, again.RecallAt5, again.FoundAtMatchPoint));
        Assert.Throws<ArgumentOutOfRangeException>(() => SceneEvaluation.Run([folder.Parts], options with { Smallest = 0.6, Largest = 0.4 }, null, TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentOutOfRangeException>(() => SceneEvaluation.Run([folder.Parts], options with { Scenes = 0 }, null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Small_marks_are_printed_on_scenes_and_asked_for()
    {
        var options = new SceneOptions { ImageFolder = folder.Images, MarkFolder = RobustnessFolder.Marks, References = 30, Scenes = 6, Strangers = 2, Smallest = 0.3, Largest = 0.4 };
        RetrievalReport report = SceneEvaluation.Run([folder.Parts], options, null, TestContext.Current.CancellationToken);
        Assert.Equal("scenes of held-back marks on 30 to 40 % of the side, seed 1", report.DataSetId);
        Assert.Equal((30, 6), (report.References, report.Queries));
        Assert.InRange(report.RecallAt5.Count, 3, 6);
    }

    [Fact]
    public void Everything_is_measured_on_one_folder_and_what_fails_is_named()
    {
        string logos = Directory.CreateDirectory(Path.Combine(folder.Images, "logos_drawn")).FullName;
        string broken = Directory.CreateDirectory(Path.Combine(folder.Images, "broken")).FullName;
        for (int i = 0; i < 3; i++) File.WriteAllBytes(Path.Combine(logos, $"{i}.png"), ImageEncoder.Png(Drawn.Package(40 + i)));
        File.WriteAllBytes(Path.Combine(logos, "query.jpg"), Drawn.EditedCopy(Drawn.Package(41)));
        File.WriteAllLines(Path.Combine(logos, "manifest.csv"), ["file,label,role", "0.png,a,reference", "1.png,b,reference", "2.png,c,reference", "query.jpg,b,query"]);
        File.WriteAllLines(Path.Combine(broken, "manifest.csv"), ["file,label,role", "absent.png,a,reference", "absent2.png,b,reference", "absent3.png,c,reference", "absent.jpg,a,query"]);
        string few = Directory.CreateDirectory(Path.Combine(folder.Images, "few")).FullName;
        File.WriteAllLines(Path.Combine(few, "manifest.csv"), ["file,label,role", "a.png,a,reference", "a.jpg,a,query"]);
        string report = Path.Combine(folder.Path, "whole", "accuracy.md"), pages = Path.Combine(folder.Path, "pages");
        var options = new AccuracyOptions { DataFolder = folder.Path, OutFolder = pages, Quick = true };
        AccuracyResult result = new AccuracyRun([folder.Parts], options, null).Run(report, TestContext.Current.CancellationToken);
        Assert.Equal(["retrieval on broken", "retrieval on few", "titles of products", "calibration"], result.Failures.Select(failure => failure.Part));
        Assert.Contains("No folder of marks was named.", result.Failures[3].Reason, StringComparison.Ordinal);
        Assert.Equal(5, result.Parts.Count);
        Assert.Contains(result.Goals, goal => goal.Name.StartsWith("siblings, drawn and real, that match", StringComparison.Ordinal));
        Goal logo = Assert.Single(result.Goals, goal => goal.Name.Contains("emblem", StringComparison.Ordinal));
        Assert.Equal(("≥ 70 %", true), (logo.Wanted, logo.IsMet));
        Assert.Contains(result.Goals, goal => goal.Name.Contains("all attacks at moderate strength", StringComparison.Ordinal));
        string text = File.ReadAllText(report);
        Assert.Contains("| ≥ 70 % | 100.0 % (20.7–100.0), 1 of 1 | yes |", text, StringComparison.Ordinal);
        Assert.Contains("Not measured: retrieval on broken, because: None of the references of broken@", text, StringComparison.Ordinal);
        Assert.True(text.IndexOf("## Goals", StringComparison.Ordinal) < text.IndexOf("## Retrieval on logos_drawn", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(folder.Path, "whole", "images", "robustness.svg")));
        Assert.True(File.Exists(Path.Combine(pages, "index.html")));
    }

    [Fact]
    public void A_goal_is_met_at_its_bound_and_never_by_nothing()
    {
        Assert.True(Goal.AtLeast("a", 0.5, new Proportion(1, 2)).IsMet);
        Assert.False(Goal.AtLeast("a", 0.5, new Proportion(1, 3)).IsMet);
        Assert.False(Goal.AtLeast("a", 0, new Proportion(0, 0)).IsMet);
        Assert.True(Goal.AtMost("a", 0.03, 0.03).IsMet);
        Assert.False(Goal.AtMost("a", 0.03, 0.031).IsMet);
    }

    [Fact]
    public void A_folder_without_images_is_refused() => Assert.Contains(
        "There is no folder", Assert.Throws<InvalidDataException>(() => new AccuracyRun([folder.Parts], new AccuracyOptions { DataFolder = RobustnessFolder.Marks, OutFolder = folder.Path }, null).Run(null, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
}

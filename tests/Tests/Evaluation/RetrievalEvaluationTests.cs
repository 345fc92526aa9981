using System.Text.Json;
using Touchstone.Evaluation;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Reports;
using Touchstone.Evaluation.Retrieval;
using Touchstone.Recognition.Calibration;

namespace Touchstone.Tests.Evaluation;

public sealed class RetrievalEvaluationTests(EvaluationFolder folder) : IClassFixture<EvaluationFolder>
{
    private static readonly string[] References = [.. Enumerable.Range(0, 5).Select(i => $"pictures/{i}.png,scene {i},reference,")];

    [Theory]
    [InlineData(RetrievalSignals.Embedding)]
    [InlineData(RetrievalSignals.Local)]
    [InlineData(RetrievalSignals.All)]
    public void Darkened_copies_find_their_originals(RetrievalSignals signals)
    {
        RetrievalReport report = Run(signals, ["file,label,role,note", .. References, "dark0.jpg,scene 0,query,", "dark1.jpg,scene 1,query,", "dark2.jpg,scene 2,query,", "pictures/7.png,,distractor,", "dark2.jpg,scene 2,query,LEAK copy"]);
        Assert.Equal((5, 5, 3, 1, 1), (report.References, report.Labels, report.Queries, report.Distractors, report.Leaks));
        Assert.Equal(3, report.RecallAt1.Count);
        Assert.Equal(3, report.RecallAt5.Count);
        Assert.Null(report.ProfileId);
        Assert.Empty(report.Unread);
        Assert.True(report.Stages is { Decode: > 0, Embedding: > 0, LocalFeatures: > 0, Recognition: > 0 });
        Assert.Equal(report.Stages.Total, report.SecondsPerQuery);
        Assert.Equal(signals == RetrievalSignals.All ? [RetrievalSignals.Embedding] : [], report.Compared.Select(row => row.Signals));
    }

    [Fact]
    public void A_query_with_a_wrong_label_or_without_a_picture_is_a_miss()
    {
        RetrievalReport report = Run(RetrievalSignals.Local, ["role,file,label", .. References.Select(Reordered), "query,dark0.jpg,scene 1", "query,absent.jpg,scene 1"]);
        Assert.Equal((0, 2), (report.RecallAt1.Count, report.RecallAt1.Of));
        Assert.Equal("absent.jpg", Assert.Single(report.Unread).File);

        static string Reordered(string line) => $"reference,{line.Split(',')[0]},{line.Split(',')[1]}";
    }

    [Theory]
    [InlineData("file,label", "no column 'role'")]
    [InlineData("file,label,role\na.png,a,subject", "line 2: the role is 'subject'")]
    [InlineData("file,label,role\na.png,a,query", "names no reference")]
    [InlineData("file,label,role\na.png,a,reference", "neither queries nor distractors")]
    [InlineData("file,label,role\nabsent.png,a,reference\nb.png,b,query", "None of the references")]
    public void Manifests_that_cannot_be_used_are_named(string text, string reason)
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Run(RetrievalSignals.Local, text.Split('\n')));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_is_written_as_JSON_and_as_a_section()
    {
        RetrievalReport report = Run(RetrievalSignals.Embedding, ["file,label,role", .. References.Select(line => line.TrimEnd(',')), "dark0.jpg,scene 0,query"]);
        using JsonDocument json = JsonDocument.Parse(JsonSerializer.Serialize(report, JsonSerializerOptions.Web));
        Assert.Equal("Embedding", json.RootElement.GetProperty("signals").GetString());
        Assert.Equal(1, json.RootElement.GetProperty("recallAt1").GetProperty("of").GetInt32());
        string path = Path.Combine(folder.Path, "accuracy.md");
        MarkdownReport.Write(path, report);
        Assert.Contains("| embedding alone | 100.0 % (20.7–100.0), 1 of 1 |", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_baseline_is_measured_on_the_same_pictures_with_both_readings()
    {
        string[] lines = ["file,label,role", .. References.Select(line => line.TrimEnd(',')), "dark0.jpg,scene 0,query", "dark1.jpg,scene 2,query", "pictures/8.png,,distractor"];
        EvaluationParts calibrated = folder.Parts with { Profile = ShippedProfiles.Find(folder.Parts.ModelId) };
        RetrievalReport report = RetrievalEvaluation.Run(
            [calibrated, folder.Parts], new RetrievalOptions { ManifestPath = folder.Manifest(lines), Root = folder.Path, MistakesKept = 5 }, null, TestContext.Current.CancellationToken);
        Assert.Equal([RetrievalSignals.Embedding, RetrievalSignals.All, RetrievalSignals.Embedding], report.Compared.Select(row => row.Signals));
        Assert.Equal([null, null, null], report.Compared.Select(row => row.ProfileId));
        Assert.NotNull(report.ProfileId);
        Assert.Equal(["match", "review"], report.FalseMatches.Select(rate => rate.Point));
        Assert.All(report.Compared.Prepend(report.Measured), row => Assert.Equal((1, 2), (row.RecallAt1.Count, row.RecallAt1.Of)));
        Mistake mistake = Assert.Single(report.Mistakes);
        Assert.Equal(("dark1.jpg", "scene 1", "scene 2"), (mistake.Query, mistake.Wrong!.Label, mistake.Right!.Label));
        string page = Path.Combine(folder.Path, "wrong");
        MistakePages.Write(page, "Wrong", report.Mistakes);
        Assert.Contains("<polygon points=", File.ReadAllText(Path.Combine(page, "index.html")), StringComparison.Ordinal);
        Assert.Equal(3, Directory.GetFiles(page).Count(file => !file.EndsWith(".html", StringComparison.Ordinal)));
    }

    [Fact]
    public void Queries_of_one_group_and_label_are_asked_together_beside_being_asked_alone()
    {
        string[] lines = ["file,label,role,group", .. References, "dark0.jpg,scene 0,query,a", "pictures/0.png,scene 0,query,a", "dark1.jpg,scene 1,query,a", "dark2.jpg,scene 2,query,b", "dark2.jpg,scene 2,query,b", "dark2.jpg,scene 2,query,b"];
        EvaluationParts calibrated = folder.Parts with { Profile = ShippedProfiles.Find(folder.Parts.ModelId) };
        RetrievalReport report = RetrievalEvaluation.Run([calibrated], new RetrievalOptions { ManifestPath = folder.Manifest(lines), Root = folder.Path, GroupSize = 2 }, null, TestContext.Current.CancellationToken);
        // Of group a two pictures show scene 0 and one alone scene 1; of group b two are asked together and one is left.
        Assert.Equal((2, 2), (report.Fused!.RecallAt1.Of, report.Fused.RecallAt1.Count));
        Assert.Equal(4, report.Fused.SingleRecallAt1.Of);
        Assert.Equal(6, report.RecallAt1.Of);
        Assert.NotNull(report.Fused.FoundAtMatchPoint);
        Assert.Null(Run(RetrievalSignals.All, ["file,label,role,note", .. References, "dark0.jpg,scene 0,query,"]).Fused);
    }

    private RetrievalReport Run(RetrievalSignals signals, params string[] lines) =>
        RetrievalEvaluation.Run([folder.Parts], new RetrievalOptions { ManifestPath = folder.Manifest(lines), Root = folder.Path, Signals = signals }, null, TestContext.Current.CancellationToken);
}

using System.Text.Json;
using System.Xml.Linq;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Reports;
using Touchstone.Evaluation.Robustness;
using Touchstone.Recognition.Features;
using Touchstone.Tests.Screening.Screenings;

namespace Touchstone.Tests.Evaluation;

public sealed class RobustnessEvaluationTests(RobustnessFolder folder) : IClassFixture<RobustnessFolder>
{
    [Fact]
    public void Attacked_packages_and_marks_are_found_and_reported()
    {
        RobustnessReport report = Run(Options with { MarkFolder = RobustnessFolder.Marks, MistakesKept = 2 });
        Assert.Equal((8, 6), (report.References, report.Marks));
        Assert.Equal(3 * 3, report.Attacks.Count);
        Assert.All(report.Attacks, result => Assert.Equal(2, result.FirstRight.Of));
        Assert.All(report.Attacks, result => Assert.Equal(result.FirstRight.Of, result.Recall.Count + result.NotProposed + result.Outranked + result.BelowThreshold));
        Assert.Equal(2, report.Attacks.Single(result => result is { Attack: "JPEG", Strength: AttackStrength.Mild }).FirstRight.Count);
        Assert.Equal(6, report.Together[0].FirstRight.Of);
        Assert.NotNull(report.ProfileId);
        Assert.Empty(report.Unread);

        string path = Path.Combine(folder.Path, "docs", "accuracy.md");
        MarkdownReport.Write(path, report);
        string text = File.ReadAllText(path);
        Assert.Contains("| all attacks | ", text, StringComparison.Ordinal);
        Assert.Contains("(images/robustness.svg)", text, StringComparison.Ordinal);
        XElement chart = XDocument.Load(Path.Combine(folder.Path, "docs", "images", "robustness.svg")).Root!;
        Assert.Equal(3 + (3 * 3) + report.Attacks.Count, chart.Elements().Count(element => element.Name.LocalName == "circle"));
        Assert.Contains("prefers-color-scheme: dark", chart.Value, StringComparison.Ordinal);
        Assert.Equal("Mild", JsonDocument.Parse(JsonSerializer.Serialize(report, JsonSerializerOptions.Web)).RootElement.GetProperty("attacks")[0].GetProperty("strength").GetString());

        MistakePages.Write(Path.Combine(folder.Path, "mistakes"), "Mistakes", report.Mistakes);
        string page = File.ReadAllText(Path.Combine(folder.Path, "mistakes", "index.html"));
        Assert.Contains($"<p>{report.Mistakes.Count} mistakes.</p>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_gives_the_same_figures_with_and_without_a_cache()
    {
        RobustnessOptions options = Options with { Attacks = ["crop"], CacheFolder = Path.Combine(folder.Path, "cache") };
        RobustnessReport first = Run(options);
        int kept = Directory.GetFiles(options.CacheFolder!, "*.features", SearchOption.AllDirectories).Length;
        Assert.Equal(first.References, kept);
        Assert.Equal(Figures(first), Figures(Run(options)));
        Assert.Equal(Figures(first), Figures(Run(options with { CacheFolder = null, Threads = 1 })));
        Assert.Equal(kept, Directory.GetFiles(options.CacheFolder!, "*.features", SearchOption.AllDirectories).Length);

        static string Figures(RobustnessReport report) => JsonSerializer.Serialize(new { report.PictureThreshold, report.Attacks, report.Together });
    }

    [Fact]
    public void A_cached_description_is_the_one_that_was_kept()
    {
        ImageFeatures made = folder.Parts.Reader.Describe(new string('a', 64), Drawn.Package(1));
        var cache = new DescriptionCache(Path.Combine(folder.Path, "one"), folder.Parts.Reader.Model);
        cache.Keep(made);
        ImageFeatures found = cache.Find(made.Sha256)!;
        // As an installation keeps it.
        ImageFeatures stored = FeatureFormat.Read(made.Sha256, folder.Parts.Reader.Model, FeatureFormat.Write(made));
        Assert.Equal(stored.Embedding.Global, found.Embedding.Global);
        Assert.Equal(stored.LocalFeatures!.Descriptors, found.LocalFeatures!.Descriptors);
        Assert.Equal(made.Pdq, found.Pdq);
        Assert.Null(cache.Find(new string('b', 64)));
        Assert.Null(new DescriptionCache(Path.Combine(folder.Path, "one"), folder.Parts.Reader.Model with { Sha256 = new string('0', 64) }).Find(made.Sha256));
    }

    [Fact]
    public void What_cannot_be_measured_is_refused_with_the_reason()
    {
        Assert.Contains("The attacks are noise, ", Assert.Throws<ArgumentOutOfRangeException>(() => Run(Options with { Attacks = ["tickle"] })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(Options with { Copied = 0 }));
        Assert.Contains("holds neither", Assert.Throws<InvalidDataException>(() => Run(Options with { ImageFolder = folder.Path })).Message, StringComparison.Ordinal);
        Assert.Contains("no folder of marks", Assert.Throws<InvalidDataException>(() => Run(Options with { MarkFolder = Path.Combine(folder.Path, "none") })).Message, StringComparison.Ordinal);
    }

    /// <summary>The SHA-256 of the label as a big-endian number, mod 5; computed with another program.</summary>
    [Theory]
    [InlineData("supermarket/5", false)]
    [InlineData("sender 310", true)]
    public void A_fifth_is_held_back_by_its_hash(string label, bool held) => Assert.Equal(held, PictureSets.IsHeldBack(label));

    private RobustnessOptions Options => new() { ImageFolder = folder.Images, Marks = 6, Copied = 2, Strangers = 1, Attacks = ["JPEG", "crop", "mark recoloured"] };

    private RobustnessReport Run(RobustnessOptions options) => RobustnessEvaluation.Run(folder.Parts, options, null, TestContext.Current.CancellationToken);
}

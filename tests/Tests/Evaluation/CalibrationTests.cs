using Touchstone.Evaluation.Calibration;
using Touchstone.Evaluation.Reports;
using Touchstone.Evaluation.Statistics;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Gallery;
using Touchstone.Vision.Embedding;

namespace Touchstone.Tests.Evaluation;

public sealed class CalibrationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("touchstone-calibration").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Groups_have_equal_size_and_the_error_is_the_weighed_distance()
    {
        ScoredPicture[] pictures = [new(0.1, false), new(0.2, false), new(0.3, true), new(0.8, true), new(0.9, true)];
        IReadOnlyList<ReliabilityBin> bins = Reliability.Bins(pictures, 2);
        Assert.Equal([3, 2], bins.Select(b => b.True.Of));
        Assert.Equal(((3 * Math.Abs(0.2 - (1.0 / 3))) + (2 * 0.15)) / 5, Reliability.Error(bins), 9);
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.8) + Math.Log(0.3) + Math.Log(0.8) + Math.Log(0.9)) / 5, Reliability.LogLoss(pictures), 9);
    }

    [Fact]
    public void A_fit_on_separable_things_promises_and_is_calibrated()
    {
        (RelationCalibration calibration, RelationFigures figures) = Fitted(Samples(things: 1500, seed: 3, telling: 1));
        Assert.False(calibration.Abstains);
        Assert.Equal(RelationFitting.MatchPrecision, calibration.Match!.Guarantee!.Precision);
        Assert.True(calibration.Match.Precision >= RelationFitting.MatchPrecision);
        Assert.True(calibration.Review.Probability <= calibration.Match.Probability);
        Assert.InRange(calibration.Review.Guarantee!.Recall!.Value, 0.5, calibration.Review.Recall);
        Assert.True(figures.CalibrationError < 0.06, $"ECE {figures.CalibrationError}");
        Assert.True(figures.CrossFitted.CalibrationError < 0.04, $"cross-fitted ECE {figures.CrossFitted.CalibrationError}");
        Assert.True(figures.CrossFitted.Pictures > 2 * figures.Pictures);
        Assert.All(calibration.Weights.Values, w => Assert.True(w >= 0));
    }

    [Fact]
    public void Where_nothing_tells_right_from_wrong_the_relation_abstains()
    {
        (RelationCalibration calibration, RelationFigures figures) = Fitted(Samples(things: 1500, seed: 4, telling: 0.05));
        Assert.True(calibration.Abstains);
        Assert.Null(calibration.Match);
        Assert.Null(figures.Recall);
        Assert.Equal(Verdict.Review, calibration.VerdictOf(new Probability(1)));
    }

    [Fact]
    public void A_first_look_passes_what_comes_no_nearer_than_anything_that_was_found()
    {
        CalibrationSamples samples = Samples(things: 1500, seed: 3, telling: 1);
        var relations = new Dictionary<Relation, RelationCalibration> { [Relation.SameProduct] = Fitted(samples).Calibration };
        EarlyExit glance = EarlyExitFitting.Fit(samples, relations)!;
        Assert.InRange(glance.Things, 0.8, 0.81);
        Assert.InRange(glance.Kept, 0.97, 1);
        Assert.InRange(glance.KeptAtLeast, 0.95, glance.Kept);
        Assert.Equal(1, glance.PassedByThings);
        Assert.Null(EarlyExitFitting.Fit(new CalibrationSamples([], [], "nothing"), relations));
    }

    [Fact]
    public void Where_every_first_answer_is_right_the_further_ones_correct_the_probabilities()
    {
        CalibrationSamples samples = Samples(things: 900, seed: 8, telling: 1);
        HashSet<int> held = [.. samples.Queries.Where(q => q.Proposed is not null).Select(q => q.Number)];
        CalibrationSamples certain = samples with { Queries = [.. samples.Queries.Where(q => held.Contains(q.Number))], Pairs = [.. samples.Pairs.Where(p => held.Contains(p.Query)).Select(p => p with { Features = Features(p.Same ? 0.9 : 0.2, p.Same ? 4 : 0.5) })] };
        (RelationCalibration calibration, _) = Fitted(certain);
        Assert.Equal(1, calibration.Prior);
        Assert.False(calibration.Abstains);
    }

    [Fact]
    public void A_part_without_right_pairs_is_named()
    {
        CalibrationSamples samples = Samples(things: 50, seed: 5, telling: 1);
        ArgumentException refused = Assert.Throws<ArgumentException>(() => RelationFitting.Fit(Relation.MarkPresent, samples, EvidenceFitting.Fit(Relation.SameProduct, samples)));
        Assert.Contains("too little to fit MarkPresent", refused.Message, StringComparison.Ordinal);
        Assert.Contains("too little to fit SameImage", Assert.Throws<ArgumentException>(() => EvidenceFitting.Fit(samples)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_are_kept_in_a_file_whole_and_only_for_their_model()
    {
        string path = Path.Combine(_folder, "samples.json");
        ModelEntry model = ModelCatalog.Load().Find();
        var measured = new MeasuredSamples(model.Id, 7, [1, 2, 3], Samples(things: 30, seed: 6, telling: 1));
        measured.Write(path);
        MeasuredSamples read = MeasuredSamples.Read(path, model);
        Assert.Equal(measured.Samples.Pairs, read.Samples.Pairs);
        Assert.Equal(measured.Samples.Queries, read.Samples.Queries);
        Assert.Equal((measured.Seed, measured.Samples.What), (read.Seed, read.Samples.What));
        Assert.Equal(measured.Background, read.Background);
        Assert.Contains("measure anew", Assert.Throws<InvalidDataException>(() => MeasuredSamples.Read(path, model with { Id = "another" })).Message, StringComparison.Ordinal);
        foreach (string other in (string[])["", "{}", "part,relation,query"])
        {
            File.WriteAllText(path, other);
            Assert.Contains("--samples", Assert.Throws<InvalidDataException>(() => MeasuredSamples.Read(path, model)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_parts_of_a_split_share_no_thing()
    {
        CalibrationSamples samples = Samples(things: 50, seed: 5, telling: 1);
        Assert.All(samples.Pairs.GroupBy(p => p.Thing), g => Assert.Single(g.Select(p => p.Part).Distinct()));
        Assert.Equal(3, samples.Pairs.Select(p => p.Part).Distinct().Count());
    }

    [Fact]
    public void Where_siblings_are_many_the_lead_tells_the_one_from_a_stranger_among_them()
    {
        // What is held stands alone; what is not has three siblings of the same strength.
        CalibrationSamples samples = Samples(things: 1500, seed: 9, telling: 1);
        HashSet<int> strangers = [.. samples.Queries.Where(q => q.Proposed is null).Select(q => q.Number)];
        var random = new Random(2);
        CalibrationSamples siblings = samples with { Pairs = [.. samples.Pairs.Select((p, i) => strangers.Contains(p.Query) && i % 5 < 3 ? p with { Features = Features(0.6 + (0.02 * random.NextDouble()), 3.4) } : p)] };
        (RelationCalibration calibration, RelationFigures figures) = Fitted(siblings);
        Assert.True(calibration.Weights["logOddsMargin"] > 0.3, $"{calibration.Weights["logOddsMargin"]}");
        Assert.True(figures.Recall!.Value > 0.8, $"{figures.Recall}");
    }

    [Fact]
    public void What_keypoints_place_and_what_they_do_not_is_fitted_apart_where_both_have_samples()
    {
        // Placed pairs are told by their support and not by likeness; the others by likeness alone.
        CalibrationSamples samples = Samples(things: 900, seed: 10, telling: 1);
        CalibrationSamples mixed = samples with
        {
            Pairs = [.. samples.Pairs.Select((p, i) => p with
            {
                Features = i % 2 == 0 || p.Query % 2 == 0
                    ? p.Features with { LogInliers = 0, Support = 0 }
                    : p.Features with { Similarity = 0.5, RegionSimilarity = 0.5, LogInliers = 3 },
            })],
        };
        EvidenceScale scale = EvidenceFitting.Fit(Relation.SameProduct, mixed);
        Assert.NotNull(scale.Unplaced);
        Assert.Equal(0, scale.Placed.Weights["similarity"]);
        Assert.True(scale.Placed.Weights["support"] > 1);
        Assert.True(scale.Unplaced.Weights["similarity"] > 1);
        (RelationCalibration calibration, _) = Fitted(mixed);
        Assert.All([calibration.Weights, calibration.Unplaced!.Weights], weights => Assert.InRange(weights["logOddsMargin"], 0.1, 2));
        Assert.Null(EvidenceFitting.Fit(Relation.SameProduct, samples).Unplaced);
    }

    [Fact]
    public void The_diagram_is_one_svg_with_a_point_for_each_group()
    {
        (_, RelationFigures figures) = Fitted(Samples(things: 600, seed: 6, telling: 1));
        var svg = System.Xml.Linq.XDocument.Parse(ReliabilityDiagram.Draw([figures, figures]));
        Assert.Equal(2 * figures.Bins.Count, svg.Descendants().Count(e => e.Name.LocalName == "circle"));
    }

    private static (RelationCalibration Calibration, RelationFigures Figures) Fitted(CalibrationSamples samples)
    {
        IReadOnlyDictionary<Relation, EvidenceScale> scales = EvidenceFitting.Fit(samples, Relation.SameProduct);
        return RelationFitting.Fit(Relation.SameProduct, samples.WithMargins(scales), scales[Relation.SameProduct]);
    }

    /// <summary>Half of the things have a right pair among five; the right pair's measurements lie higher by <paramref name="telling"/>.</summary>
    private static CalibrationSamples Samples(int things, int seed, double telling)
    {
        var random = new Random(seed);
        var pairs = new List<LabelledPair>();
        var queries = new List<LabelledQuery>();
        for (int thing = 0; thing < things; thing++)
        {
            bool held = random.Next(2) == 0;
            queries.Add(new LabelledQuery(thing, thing, Relation.SameProduct, held ? true : null, new Nearness((held ? 0.8 : 0.5) + (0.1 * random.NextDouble()), -1)));
            for (int i = 0; i < 5; i++)
            {
                bool same = held && i == 0;
                double lift = same ? telling : 0;
                pairs.Add(new LabelledPair(Relation.SameProduct, thing, thing, Features(0.3 + (0.3 * lift) + Noise(0.1), Math.Max(0, 1 + (2.5 * lift) + Noise(0.7))), same));
            }
        }
        return new CalibrationSamples(queries, pairs, "made up");

        double Noise(double spread) => spread * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2;
    }

    private static MatchFeatures Features(double similarity, double logInliers) =>
        new() { Similarity = similarity, RegionSimilarity = similarity, PdqCloseness = 0, LogInliers = logInliers, Coverage = 0, QueryCoverage = 0, Support = Math.Clamp(logInliers / 4, 0, 1) };
}

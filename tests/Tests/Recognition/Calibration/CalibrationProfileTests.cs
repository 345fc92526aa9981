using Touchstone.Recognition.Calibration;

namespace Touchstone.Tests.Recognition.Calibration;

public sealed class CalibrationProfileTests
{
    [Fact]
    public void Json_form_is_read_back()
    {
        CalibrationProfile profile = Sample();
        CalibrationProfile read = CalibrationProfile.Parse(profile.ToJson());
        Assert.Equal(profile.ToJson(), read.ToJson());
    }

    [Fact]
    public void More_evidence_gives_more_probability_and_the_points_give_the_verdict()
    {
        RelationCalibration calibration = Sample().Relations[Relation.SameProduct];
        Probability little = calibration.ProbabilityOf(Features(0.1, 2)), much = calibration.ProbabilityOf(Features(0.9, 60));
        Assert.True(little < much);
        Assert.Equal(Verdict.Match, calibration.VerdictOf(new Probability(0.9)));
        Assert.Equal(Verdict.Review, calibration.VerdictOf(new Probability(0.89)));
        Assert.Equal(Verdict.NoMatch, calibration.VerdictOf(new Probability(0.49)));
    }

    [Fact]
    public void Without_a_guaranteed_match_point_a_relation_abstains()
    {
        RelationCalibration calibration = Sample().Relations[Relation.SameProduct];
        foreach (RelationCalibration abstaining in new[] { calibration with { Match = null }, calibration with { Match = calibration.Match! with { Guarantee = null } } })
        {
            Assert.True(abstaining.Abstains);
            Assert.Equal(Verdict.Review, abstaining.VerdictOf(new Probability(1)));
            Assert.Equal(Verdict.NoMatch, abstaining.VerdictOf(new Probability(0.49)));
        }
    }

    [Fact]
    public void A_weight_of_what_is_not_measured_is_refused_and_one_that_is_missing_weighs_nothing()
    {
        CalibrationProfile profile = Sample();
        var broken = profile with
        {
            Relations = profile.Relations.ToDictionary(
                r => r.Key,
                r => r.Key == Relation.MarkPresent ? r.Value with { Weights = new Dictionary<string, double> { ["similarity"] = 1, ["likeness"] = 1 } } : r.Value),
        };
        var refused = Assert.Throws<InvalidDataException>(() => CalibrationProfile.Parse(broken.ToJson()));
        Assert.Contains("MarkPresent has a weight for likeness, which is not measured", refused.Message, StringComparison.Ordinal);
        var scale = new EvidenceScale(new WeightedSum(0, new Dictionary<string, double> { ["likeness"] = 1 }), null, 0);
        refused = Assert.Throws<InvalidDataException>(() => CalibrationProfile.Parse((profile with { Evidence = new Dictionary<Relation, EvidenceScale> { [Relation.SameImage] = scale } }).ToJson()));
        Assert.Contains("the evidence has a weight for likeness", refused.Message, StringComparison.Ordinal);
        Assert.Contains("the evidence of SameProduct is missing", refused.Message, StringComparison.Ordinal);
        var placeless = profile with { Evidence = Enum.GetValues<Relation>().ToDictionary(r => r, _ => new EvidenceScale(null!, null, 0)) };
        refused = Assert.Throws<InvalidDataException>(() => CalibrationProfile.Parse(placeless.ToJson()));
        Assert.Contains("the evidence of SameImage has no weights", refused.Message, StringComparison.Ordinal);
        RelationCalibration earlier = profile.Relations[Relation.SameProduct] with { Weights = new Dictionary<string, double> { ["similarity"] = 2 } };
        Assert.Equal(LogOdds.ToProbability(earlier.Intercept + 1.6), earlier.ProbabilityOf(Features(0.8, 40)).Value, 9);
    }

    [Fact]
    public void Measurements_kept_by_name_give_the_probability_that_they_gave_placed_or_not()
    {
        RelationCalibration apart = Sample().Relations[Relation.SameProduct] with { Unplaced = new WeightedSum(-1, new Dictionary<string, double> { ["similarity"] = 3 }) };
        MatchFeatures placed = Features(0.8, MatchFeatures.TellingInliers), unplaced = Features(0.8, MatchFeatures.TellingInliers - 1);
        Assert.Equal(LogOdds.ToProbability(1.4), apart.ProbabilityOf(unplaced).Value, 9);
        Assert.NotEqual(apart.ProbabilityOf(placed).Value, apart.ProbabilityOf(unplaced).Value, 3);
        Assert.Equal(apart.ProbabilityOf(placed).Value, apart.ProbabilityOf(placed.ByName())!.Value.Value, 5);
        Assert.Equal(apart.ProbabilityOf(unplaced).Value, apart.ProbabilityOf(unplaced.ByName())!.Value.Value, 5);
        Assert.Null(apart.ProbabilityOf(new Dictionary<string, double> { ["pdqCloseness"] = 1 }));
    }

    private static MatchFeatures Features(double similarity, int inliers) =>
        new() { Similarity = similarity, RegionSimilarity = similarity, PdqCloseness = 0, LogInliers = Math.Log(1 + inliers), Coverage = 0.2, QueryCoverage = 0.2, Support = 0.5 };

    private static CalibrationProfile Sample()
    {
        var calibration = new RelationCalibration
        {
            Intercept = -5,
            Weights = MatchFeatures.Names.ToDictionary(n => n, _ => 1.5),
            Match = new OperatingPoint(0.9, 0.99, 0.8, 500, new Guarantee(0.96, null, 0.95, 400, 500)),
            Review = new OperatingPoint(0.5, 0.9, 0.9, 500),
        };
        Relation[] relations = [Relation.SameImage, Relation.SameProduct, Relation.SameDesign, Relation.MarkPresent];
        return new CalibrationProfile
        {
            Id = "sample-1",
            ModelId = "model",
            DataSetId = "data",
            Relations = relations.ToDictionary(r => r, _ => calibration),
            Identifiers = new IdentifierCalibration(0.97, 0.9, 0.85, "none"),
        };
    }
}

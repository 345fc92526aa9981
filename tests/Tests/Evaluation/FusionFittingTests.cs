using Touchstone.Evaluation.Calibration;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Gallery;

namespace Touchstone.Tests.Evaluation;

public sealed class FusionFittingTests
{
    private static readonly EvidenceScale Scale = new(new WeightedSum(0, new Dictionary<string, double> { ["similarity"] = 10 }), null, 0);
    private static readonly IReadOnlyDictionary<Relation, EvidenceScale> Scales = Enum.GetValues<Relation>().ToDictionary(r => r, _ => Scale);

    /// <summary>Each picture resembles another wrong thing a little more than the right one, which all of them show.</summary>
    [Fact]
    public void Where_pictures_share_the_right_reference_the_others_count() => Assert.True(FusionFitting.Fit(Samples((_, picture) => 10 + picture), Scales) > 0.5);

    /// <summary>The wrong thing is the same one in all pictures: to count them all makes it worse.</summary>
    [Fact]
    public void Where_pictures_share_a_wrong_one_they_do_not() => Assert.Equal(0, FusionFitting.Fit(Samples((_, _) => 10), Scales));

    [Fact]
    public void Where_no_thing_has_several_pictures_nothing_is_fused() => Assert.Equal(0, FusionFitting.Fit(new CalibrationSamples([], [], "none"), Scales));

    private static CalibrationSamples Samples(Func<int, int, int> wrong)
    {
        List<LabelledQuery> queries = [];
        List<LabelledPair> pairs = [];
        for (int thing = 0; thing < 6; thing++)
            for (int picture = 0; picture < 3; picture++)
            {
                int number = queries.Count;
                queries.Add(new LabelledQuery(number, thing, Relation.SameProduct, true, new Nearness(0, 0)));
                pairs.Add(Pair(number, thing, thing, 0.3, true));
                pairs.Add(Pair(number, thing, wrong(thing, picture), 0.35, false));
            }
        return new CalibrationSamples(queries, pairs, "made up");
    }

    private static LabelledPair Pair(int query, int thing, int reference, double similarity, bool same) =>
        new(Relation.SameProduct, query, thing, new MatchFeatures { Similarity = similarity, RegionSimilarity = 0, PdqCloseness = 0, LogInliers = 0, Coverage = 0, QueryCoverage = 0, Support = 0 }, same) { Reference = reference };
}

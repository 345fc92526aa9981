using Touchstone.Recognition.Calibration;

namespace Touchstone.Tests.Recognition.Calibration;

public sealed class EvidenceScaleTests
{
    private static readonly EvidenceScale Scale = new(new WeightedSum(-5, new Dictionary<string, double> { ["similarity"] = 10 }), null, -4);

    [Fact]
    public void Evidence_is_the_weighed_sum() =>
        Assert.Equal(3, Scale.Of(new MatchFeatures { Similarity = 0.8, RegionSimilarity = 0, PdqCloseness = 1, LogInliers = 2, Coverage = 0, QueryCoverage = 0, Support = 0 }), 9);

    [Fact]
    public void What_keypoints_do_not_place_is_weighed_by_itself()
    {
        EvidenceScale apart = Scale with { Unplaced = new WeightedSum(-2, new Dictionary<string, double> { ["regionSimilarity"] = 4 }) };
        var seen = new MatchFeatures { Similarity = 0.8, RegionSimilarity = 0.5, PdqCloseness = 0, LogInliers = Math.Log(9), Coverage = 0, QueryCoverage = 0, Support = 0 };
        Assert.Equal(3, apart.Of(seen), 9);
        Assert.Equal(0, apart.Of(seen with { LogInliers = Math.Log(8) }), 9);
    }

    [Fact]
    public void The_lead_is_the_log_odds_of_the_share()
    {
        // Shares of e^2, e^1 and e^-4.
        double share = Math.Exp(2) / (Math.Exp(2) + Math.E + Math.Exp(-4));
        Assert.Equal(Math.Log(share / (1 - share)), Scale.Margin(2, [1]), 9);
        Assert.Equal(-Math.Log(1 + Math.Exp(-6)), Scale.Margin(2, [2]), 9);
    }

    [Fact]
    public void Without_rivals_it_is_over_what_a_rival_typically_has_and_no_more() => Assert.Equal(3, Scale.Margin(-1, []), 9);

    [Theory]
    [InlineData(40, 1, 6)]
    [InlineData(1, 800, -6)]
    public void It_has_bounds(double own, double rival, double expected) => Assert.Equal(expected, Scale.Margin(own, [rival]));
}

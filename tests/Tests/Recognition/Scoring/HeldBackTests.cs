using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Scoring;
using Touchstone.Recognition.Text;

namespace Touchstone.Tests.Recognition.Scoring;

/// <summary>What is probable enough for a match and is still only for review.</summary>
public sealed class HeldBackTests
{
    private static readonly CalibrationProfile Profile = ShippedProfiles.Find("touchstone_embed_3")!;

    [Fact]
    public void A_line_that_reads_otherwise_at_its_place_keeps_a_copy_from_matching()
    {
        Measurement copy = Copy(0);
        Assert.Equal((Verdict.Match, null), (PairScorer.Decide(copy, Profile).Verdict, PairScorer.Decide(copy, Profile).HeldBack));
        TextAgreement same = TextAgreement.None, other = same with { AtPlace = new TextAtPlace(0.2, [new DifferingLine("LEMON", "APPLE", [], [])]) };
        Assert.Equal(Verdict.Match, PairScorer.Decide(PairScorer.WithText(copy, same), Profile).Verdict);
        Decision held = PairScorer.Decide(PairScorer.WithText(copy, other), Profile);
        Assert.Equal((Verdict.Review, HeldBack.ReadsOtherwise), (held.Verdict, held.HeldBack));
    }

    [Fact]
    public void A_part_that_shows_another_thing_does_so_too_and_is_the_reason_that_is_told()
    {
        Decision held = PairScorer.Decide(PairScorer.WithText(Copy(-0.1), TextAgreement.None with { AtPlace = new TextAtPlace(0.2, [new DifferingLine("LEMON", "APPLE", [], [])]) }), Profile);
        Assert.Equal((Verdict.Review, HeldBack.ShowsAnother), (held.Verdict, held.HeldBack));
    }

    private static Measurement Copy(double changed) => new(
        new MatchFeatures { Similarity = 0.95, RegionSimilarity = 0.95, PdqCloseness = 1, LogInliers = 5, Coverage = 0.9, QueryCoverage = 0.9, Support = 0.9, Changed = changed },
        new MatchSignals(),
        Relation.SameImage);
}

using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Scoring;
using Touchstone.Vision.Alignment;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.PerceptualHash;

namespace Touchstone.Tests.Recognition.Scoring;

public sealed class CandidateCompetitionTests
{
    private static readonly EvidenceScale Scale = new(new WeightedSum(-5, new Dictionary<string, double> { ["similarity"] = 10 }), null, -4);
    private static readonly CalibrationProfile Profile = new() { Id = "made up", ModelId = "model", DataSetId = "none", Relations = Calibrations(), Identifiers = new IdentifierCalibration(1, 1, 1, ""), Evidence = Enum.GetValues<Relation>().ToDictionary(r => r, _ => Scale) };

    [Fact]
    public void Two_that_are_as_like_take_the_lead_from_each_other()
    {
        IReadOnlyList<MeasuredCandidate> weighed = Weigh([Candidate(1, 0.8), Candidate(2, 0.8), Candidate(3, 0.1)]);
        Assert.All(weighed.Take(2), m => Assert.InRange(m.Measurement.Features.LogOddsMargin, -0.1, 0));
        Assert.All(weighed.Take(2), m => Assert.Contains(m.Measurement.Signals.Against, s => s.Contains("not far ahead", StringComparison.Ordinal)));
        Assert.True(weighed[2].Measurement.Features.LogOddsMargin < -5);
        // Alone it is far ahead, and says so.
        MeasuredCandidate alone = Weigh([Candidate(1, 0.8), Candidate(3, 0.1)])[0];
        Assert.Equal(EvidenceScale.MostMargin, alone.Measurement.Features.LogOddsMargin, 0.1);
        Assert.Contains("No other reference comes near it.", alone.Measurement.Signals.For);
    }

    [Fact]
    public void Pictures_of_one_reference_do_not_compete() => Assert.True(LeadOfFirst(Candidate(1, 0.8), Candidate(1, 0.8, image: 2)) > 5);

    [Fact]
    public void A_genuine_product_does_not_compete_with_the_alert_of_what_imitates_it() => Assert.True(LeadOfFirst(Candidate(1, 0.8), Candidate(2, 0.8, ReferenceKind.GenuineProduct)) > 5);

    [Fact]
    public void Equal_pictures_of_two_registers_do_not_compete() => Assert.True(LeadOfFirst(Candidate(1, 0.8, hash: 7), Candidate(2, 0.8, hash: 7)) > 5);

    [Fact]
    public void References_of_one_trade_number_do_not_compete() => Assert.True(Weigh([Candidate(1, 0.8), Candidate(2, 0.8)], (_, _) => true)[0].Measurement.Features.LogOddsMargin > 5);

    [Fact]
    public void Things_beside_each_other_in_the_picture_do_not_compete()
    {
        Assert.True(LeadOfFirst(Candidate(1, 0.8, at: 0), Candidate(2, 0.8, at: 0.6f)) > 5);
        Assert.True(LeadOfFirst(Candidate(1, 0.8, at: 0), Candidate(2, 0.8, at: 0.2f)) < 1);
    }

    [Fact]
    public void A_profile_without_scales_leaves_everything_as_it_is()
    {
        MeasuredCandidate[] measured = [Candidate(1, 0.8), Candidate(2, 0.8)];
        Assert.Same(measured, CandidateCompetition.WithMargins(measured, Profile with { Evidence = null }, (_, _) => false));
    }

    [Fact]
    public void What_could_match_is_told_from_what_cannot()
    {
        Assert.True(CandidateCompetition.MayMatch(Candidate(1, 0.5), Profile));
        Assert.False(CandidateCompetition.MayMatch(Candidate(1, 0.1), Profile));
    }

    private static double LeadOfFirst(params MeasuredCandidate[] measured) => Weigh(measured)[0].Measurement.Features.LogOddsMargin;

    private static IReadOnlyList<MeasuredCandidate> Weigh(IReadOnlyList<MeasuredCandidate> measured, Func<long, long, bool>? areOne = null) => CandidateCompetition.WithMargins(measured, Profile, areOne ?? ((_, _) => false));

    private static MeasuredCandidate Candidate(long reference, double similarity, ReferenceKind kind = ReferenceKind.Alert, long image = 1, int? hash = null, float? at = null)
    {
        ImagePoint[] region = at is { } x ? [new(x, 0), new(x + 0.3f, 0), new(x, 0.3f)] : [];
        string sha256 = $"{reference}-{image}";
        var pdq = new PdqResult(PdqHash.Parse(Hash(hash ?? (int)(10 * reference))), 100);
        return new MeasuredCandidate(
            new Candidate(new GalleryImage(image, reference, kind, sha256)),
            new ImageFeatures(sha256, pdq, new ImageEmbedding("model", [1], []), null),
            new Measurement(
                new MatchFeatures { Similarity = similarity, RegionSimilarity = 0, PdqCloseness = 0, LogInliers = 0, Coverage = 0, QueryCoverage = 0, Support = 0 },
                new MatchSignals { ImageRegion = region },
                Relation.SameProduct));
    }

    /// <summary>256 bits at random for each seed: two of them differ in about half.</summary>
    private static string Hash(int seed)
    {
        byte[] bytes = new byte[32];
        new Random(seed).NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private static Dictionary<Relation, RelationCalibration> Calibrations() => Enum.GetValues<Relation>().ToDictionary(
        r => r,
        _ => new RelationCalibration { Intercept = -8, Weights = new Dictionary<string, double> { ["similarity"] = 10, ["logOddsMargin"] = 0.5 }, Review = new OperatingPoint(0.4, 0, 0, 0) });
}

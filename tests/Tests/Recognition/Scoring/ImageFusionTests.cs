using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Scoring;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.PerceptualHash;

namespace Touchstone.Tests.Recognition.Scoring;

public sealed class ImageFusionTests
{
    private static readonly EvidenceScale Scale = new(new WeightedSum(-5, new Dictionary<string, double> { ["similarity"] = 10 }), null, -4);

    [Fact]
    public void One_image_is_weighed_as_it_is_alone()
    {
        MeasuredCandidate[] candidates = [Candidate(1, 0.7), Candidate(2, 0.6)];
        Assert.Equal(
            CandidateCompetition.WithMargins(candidates, Profile(0.7), (_, _) => false).Select(m => m.Measurement.Features.LogOddsMargin),
            ImageFusion.WithMargins([candidates], Profile(0.7), (_, _) => false)[0].Select(m => m.Measurement.Features.LogOddsMargin));
    }

    /// <summary>Each photo alone could as well show another thing, and each another one.</summary>
    [Fact]
    public void What_two_images_show_is_ahead_of_what_one_of_them_resembles()
    {
        IReadOnlyList<IReadOnlyList<MeasuredCandidate>> images = [[Candidate(1, 0.6), Candidate(2, 0.62)], [Candidate(1, 0.6), Candidate(3, 0.62)]];
        Assert.True(MarginOf(1, images, fusion: 0) < 0);
        Assert.True(MarginOf(1, images, fusion: 0.5) > 1);
        Assert.True(MarginOf(2, images, fusion: 0.5) < -1);
    }

    [Fact]
    public void An_image_that_shows_nothing_of_a_reference_does_not_speak_against_it()
    {
        IReadOnlyList<MeasuredCandidate> shows = [Candidate(1, 0.8), Candidate(2, 0.1)];
        Assert.Equal(MarginOf(1, [shows], 0.5), MarginOf(1, [shows, []], 0.5), 1e-9);
        Assert.Equal(MarginOf(1, [shows], 0.5), MarginOf(1, [shows, [Candidate(9, -0.5)]], 0.5), 1e-9);
    }

    [Fact]
    public void A_profile_without_scales_leaves_everything_as_it_is()
    {
        IReadOnlyList<IReadOnlyList<MeasuredCandidate>> images = [[Candidate(1, 0.8)], [Candidate(1, 0.8)]];
        Assert.Same(images, ImageFusion.WithMargins(images, Profile(0.5) with { Evidence = null }, (_, _) => false));
    }

    private static double MarginOf(long reference, IReadOnlyList<IReadOnlyList<MeasuredCandidate>> images, double fusion) =>
        ImageFusion.WithMargins(images, Profile(fusion), (_, _) => false)[0].Concat(images.Count > 1 ? ImageFusion.WithMargins(images, Profile(fusion), (_, _) => false)[1] : [])
            .First(m => m.Candidate.Image.ReferenceId == reference).Measurement.Features.LogOddsMargin;

    private static CalibrationProfile Profile(double fusion) => new()
    {
        Id = "made up",
        ModelId = "model",
        DataSetId = "none",
        Relations = Enum.GetValues<Relation>().ToDictionary(r => r, _ => new RelationCalibration { Intercept = -8, Weights = new Dictionary<string, double> { ["similarity"] = 10 }, Review = new OperatingPoint(0.4, 0, 0, 0) }),
        Identifiers = new IdentifierCalibration(1, 1, 1, ""),
        Evidence = Enum.GetValues<Relation>().ToDictionary(r => r, _ => Scale),
        Fusion = fusion,
    };

    private static MeasuredCandidate Candidate(long reference, double similarity)
    {
        byte[] bits = new byte[32];
        new Random((int)reference).NextBytes(bits);
        return new MeasuredCandidate(
            new Candidate(new GalleryImage(reference, reference, ReferenceKind.Alert, $"{reference}")),
            new ImageFeatures($"{reference}", new PdqResult(PdqHash.Parse(Convert.ToHexStringLower(bits)), 100), new ImageEmbedding("model", [1], []), null),
            new Measurement(new MatchFeatures { Similarity = similarity, RegionSimilarity = 0, PdqCloseness = 0, LogInliers = 0, Coverage = 0, QueryCoverage = 0, Support = 0 }, new MatchSignals(), Relation.SameProduct));
    }
}

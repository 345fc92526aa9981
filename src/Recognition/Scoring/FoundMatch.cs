using Touchstone.Recognition.Text;
using Touchstone.Vision.Alignment;

namespace Touchstone.Recognition.Scoring;

/// <summary>A reference found.</summary>
public sealed record FoundMatch(
    long ReferenceId,
    Relation Relation,
    Probability Probability,
    Verdict Verdict,
    string? ImageSha256,
    string? ReferenceImageSha256,
    MatchSignals Signals);

/// <summary>What spoke for and against a match; stored as JSON and drawn by the console.</summary>
public sealed record MatchSignals
{
    /// <summary>Cosine of the global embeddings, −1..1.</summary>
    public double? Similarity { get; init; }

    /// <summary>Best cosine of a region of the picture with the reference, −1..1.</summary>
    public double? RegionSimilarity { get; init; }

    /// <summary>Bits, 0..256; null where a hash is of low quality.</summary>
    public int? PdqDistance { get; init; }

    /// <summary>Feature pairs that one transform explains.</summary>
    public int? Inliers { get; init; }

    /// <summary>Matched region in the picture, as parts (0..1) of its width and height.</summary>
    public IReadOnlyList<ImagePoint> ImageRegion { get; init; } = [];

    /// <summary>Matched region in the reference's picture, as parts (0..1).</summary>
    public IReadOnlyList<ImagePoint> ReferenceRegion { get; init; } = [];

    /// <summary>The largest part of the picture that shows another thing where it otherwise lies flat on the reference (<see cref="ChangedPart"/>), as parts (0..1).</summary>
    public IReadOnlyList<ImagePoint> ChangedRegion { get; init; } = [];

    /// <summary>What the texts share, with places in both pictures; null where the picture's text was not read.</summary>
    public TextAgreement? Text { get; init; }

    /// <summary>Sentences for people.</summary>
    public IReadOnlyList<string> For { get; init; } = [];

    public IReadOnlyList<string> Against { get; init; } = [];

    /// <summary>Sentences on how the verdict came about, such as that the relation abstains.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The nearest other references for the same picture, most probable first, at most <see cref="Rival.Most"/>.</summary>
    public IReadOnlyList<Rival> Rivals { get; init; } = [];

    /// <summary>Too little can be shown for it (<see cref="PairScorer.IsCorroborated"/>), and no identifier agrees: it is for review at most.</summary>
    public bool NotExplained { get; init; }

    /// <summary>What the probability was computed from, by the names of a profile's weights; empty for a match by identifiers.</summary>
    public IReadOnlyDictionary<string, double> Features { get; init; } = new Dictionary<string, double>();
}

using Touchstone.Screening.Calibration;
using Touchstone.Screening.Text;
using Touchstone.Vision.Verification;

namespace Touchstone.Screening.Pipeline;

/// <summary>A picture to screen: its bytes, or why there are none.</summary>
public sealed record ScreeningImage(string? Url, ReadOnlyMemory<byte> Bytes, string? Failure = null);

/// <summary>What is screened: an image alone, or a listing with its facts.</summary>
public sealed record ScreeningInput
{
    public required IReadOnlyList<ScreeningImage> Images { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    public string? Brand { get; init; }

    public string? Mpn { get; init; }

    public string? Gtin { get; init; }

    /// <summary>Whether the text in the pictures is read. Default: where the rule finds a need.</summary>
    public TextReading Text { get; init; } = TextReading.WhenNeeded;

    /// <summary>
    /// A picture that resembles nothing at a first look is passed without a closer one, where the profile promises how seldom that misses
    /// (<see cref="GlancePoint"/>). For doors that must answer at once.
    /// </summary>
    public bool GlanceFirst { get; init; }

    /// <summary>Only matches with this reference are wanted; null: with any.</summary>
    public long? ReferenceId { get; init; }
}

/// <summary>What one picture gave.</summary>
public sealed record ScreenedImage(string? Url, string? Sha256, string? Failure, bool DescribedNow)
{
    /// <summary>Null where the rule of <see cref="TextRule"/> found no need to read the text.</summary>
    public ScreenedText? Text { get; init; }

    /// <summary>It resembled nothing at a first look and was not looked at closer.</summary>
    public bool AtAGlance { get; init; }

    /// <summary>Why the picture cannot be ruled out; null where it was read and compared.</summary>
    public UndeterminedReason? Reason { get; init; }
}

/// <summary>What the text stage gave.</summary>
/// <param name="Lines">Lines read.</param>
/// <param name="LinesNotRead">Lines found beyond the limit.</param>
/// <param name="Failure">Why there is no text, or null.</param>
/// <param name="ReadNow">False if the text was already stored.</param>
/// <param name="Milliseconds">Of the whole stage: reading, candidates by text, comparing.</param>
public sealed record ScreenedText(int Lines, int LinesNotRead, string? Failure, bool ReadNow, double Milliseconds);

/// <summary>What a screening concludes, and from what.</summary>
public sealed record ScreeningOutcome
{
    public required Verdict Verdict { get; init; }

    public UndeterminedReason? Reason { get; init; }

    public string? Detail { get; init; }

    /// <summary>Most probable first; at most one per reference.</summary>
    public required IReadOnlyList<FoundMatch> Matches { get; init; }

    public required IReadOnlyList<ScreenedImage> Images { get; init; }

    public required string ModelId { get; init; }

    public required string ProfileId { get; init; }

    public required long IndexGeneration { get; init; }
}

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

    /// <summary>What the texts share, with places in both pictures; null where the picture's text was not read.</summary>
    public TextAgreement? Text { get; init; }

    /// <summary>Sentences for people.</summary>
    public IReadOnlyList<string> For { get; init; } = [];

    public IReadOnlyList<string> Against { get; init; } = [];

    /// <summary>Sentences on how the verdict came about, such as that the relation abstains.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The nearest other references for the same picture, most probable first, at most <see cref="RivalFinder.Most"/>.</summary>
    public IReadOnlyList<Rival> Rivals { get; init; } = [];

    /// <summary>Too little can be shown for it (<see cref="MatchJudge.IsShown"/>), and no identifier agrees: it is for review at most.</summary>
    public bool NotExplained { get; init; }

    /// <summary>What the probability was computed from, by the names of a profile's weights; empty for a match by identifiers.</summary>
    public IReadOnlyDictionary<string, double> Features { get; init; } = new Dictionary<string, double>();
}

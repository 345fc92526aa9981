using Touchstone.Recognition.Text;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.LocalFeatures;
using Touchstone.Vision.PerceptualHash;

namespace Touchstone.Recognition.Features;

/// <summary>
/// What one model says of one picture; made once and stored under the picture's hash and the model's id.
/// Immutable by convention; safe for concurrent reads.
/// </summary>
/// <param name="Sha256">Of the bytes as received.</param>
/// <param name="LocalFeatures">Null where the reading was made without them.</param>
public sealed record ImageFeatures(string Sha256, PdqResult Pdq, ImageEmbedding Embedding, LocalFeatureSet? LocalFeatures)
{
    // No catalogue picture or phone photo that was tried is this poor; a blank or evenly shaded one is.
    private const int LeastQuality = 5;
    private const int LeastKeypoints = 4;

    /// <summary>Copies differ in at most so many bits of the perceptual hash.</summary>
    internal const int SameImagePdq = 31;

    private const int MinimumPdqQuality = 50;

    /// <summary>What stands in the picture; null where its text was not read. Kept apart from the rest: another model reads it, on demand.</summary>
    public OcrText? Text { get; init; }

    /// <summary>The embeddings of the picture's views (<see cref="ImageCrops"/>), each like <see cref="ImageEmbedding.Global"/>; empty where it has none.</summary>
    public IReadOnlyList<float[]> Views { get; init; } = [];

    /// <summary>Of a query that is looked at closely: more local features than are stored (<see cref="LocalFeatureOptions.Dense"/>); null elsewhere. Never stored.</summary>
    public LocalFeatureSet? DenseFeatures { get; init; }

    /// <summary>The embeddings of the whole picture and of its views.</summary>
    public IEnumerable<float[]> Wholes => Views.Prepend(Embedding.Global);

    /// <summary>Blank, nearly uniform or tiny: it would resemble every other picture of that kind.</summary>
    public bool ShowsTooLittle => Pdq.Quality < LeastQuality && (LocalFeatures?.Keypoints.Length ?? 0) < LeastKeypoints;

    /// <summary>Whether both are the same picture as far as bytes and hashes tell, turned or mirrored, too.</summary>
    public bool IsCopyOf(ImageFeatures other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Sha256 == other.Sha256 || PdqDistanceTo(other) <= SameImagePdq;
    }

    /// <summary>Whether the hashes tell a copy only once one picture is turned or mirrored.</summary>
    public bool IsTurnedCopyOf(ImageFeatures other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return PdqDistanceTo(other) <= SameImagePdq && Pdq.Hash.DistanceTo(other.Pdq.Hash) > SameImagePdq;
    }

    /// <summary>
    /// The bits of 256 in which the perceptual hashes differ; of a copy that was turned or mirrored, those in which they differ turned back. Null where
    /// one picture has too little structure to tell.
    /// </summary>
    public int? PdqDistanceTo(ImageFeatures other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Pdq.Quality < MinimumPdqQuality || other.Pdq.Quality < MinimumPdqQuality) return null;
        int upright = Pdq.Hash.DistanceTo(other.Pdq.Hash);
        if (upright <= SameImagePdq) return upright;
        // The nearest of eight chances says nothing about pictures that are no copies, so of those the upright one counts.
        int nearest = Pdq.Hash.NearestTurn(other.Pdq.Hash).Distance;
        return nearest <= SameImagePdq ? nearest : upright;
    }
}

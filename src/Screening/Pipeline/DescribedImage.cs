using System.Runtime.InteropServices;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Text;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.LocalFeatures;
using Touchstone.Vision.PerceptualHash;

namespace Touchstone.Screening.Pipeline;

/// <summary>
/// What one model says of one picture; made once and stored under the picture's hash and the model's id.
/// Immutable by convention; safe for concurrent reads.
/// </summary>
/// <param name="Sha256">Of the bytes as received.</param>
/// <param name="LocalFeatures">Null where the reading was made without them.</param>
public sealed record DescribedImage(string Sha256, PdqResult Pdq, ImageEmbedding Embedding, LocalFeatureSet? LocalFeatures)
{
    // No catalogue picture or phone photo that was tried is this poor; a blank or evenly shaded one is.
    private const int LeastQuality = 5;
    private const int LeastKeypoints = 4;

    /// <summary>Copies differ in at most so many bits of the perceptual hash.</summary>
    internal const int SameImagePdq = 31;

    private const int MinimumPdqQuality = 50;

    /// <summary>What stands in the picture; null where its text was not read. Kept apart from the rest: another model reads it, on demand.</summary>
    public ReadText? Text { get; init; }

    /// <summary>The embeddings of the picture's views (<see cref="PictureViews"/>), each like <see cref="ImageEmbedding.Global"/>; empty where it has none.</summary>
    public IReadOnlyList<float[]> Views { get; init; } = [];

    /// <summary>The embeddings of the whole picture and of its views.</summary>
    public IEnumerable<float[]> Wholes => Views.Prepend(Embedding.Global);

    /// <summary>Blank, nearly uniform or tiny: it would resemble every other picture of that kind.</summary>
    public bool ShowsTooLittle => Pdq.Quality < LeastQuality && (LocalFeatures?.Keypoints.Length ?? 0) < LeastKeypoints;

    /// <summary>Whether both are the same picture as far as bytes and hashes tell.</summary>
    public bool IsCopyOf(DescribedImage other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Sha256 == other.Sha256 || PdqDistanceTo(other) <= SameImagePdq;
    }

    /// <summary>The bits of 256 in which the perceptual hashes differ; null where one picture has too little structure to tell.</summary>
    public int? PdqDistanceTo(DescribedImage other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Pdq.Quality >= MinimumPdqQuality && other.Pdq.Quality >= MinimumPdqQuality ? Pdq.Hash.DistanceTo(other.Pdq.Hash) : null;
    }

    public static DescribedImage FromRow(ImageDescriptionRow row, int dimension, int regionDimension)
    {
        float[] vectors = Floats(row.Embedding);
        if (vectors.Length == 0 || vectors.Length % dimension != 0)
            throw new InvalidDataException($"The stored embeddings of {row.ImageSha256} by {row.ModelId} have {vectors.Length} values, no multiple of {dimension}; describe the picture again.");
        float[][] wholes = [.. vectors.Chunk(dimension)];
        float[] flat = Floats(row.Regions);
        float[][] regions = regionDimension == 0 ? [] : [.. flat.Chunk(regionDimension)];
        LocalFeatureSet? local = row.LocalFeatures is { } bytes ? LocalFeatureSet.FromBytes(bytes) : null;
        return new DescribedImage(row.ImageSha256, new PdqResult(PdqHash.Parse(row.Pdq), row.PdqQuality), new ImageEmbedding(row.ModelId, wholes[0], regions), local) { Views = wholes[1..] };
    }

    public ImageDescriptionRow ToRow(DateTimeOffset at) => new()
    {
        ImageSha256 = Sha256,
        ModelId = Embedding.ModelId,
        Pdq = Pdq.Hash.ToString(),
        PdqQuality = Pdq.Quality,
        Embedding = Bytes([.. Wholes.SelectMany(v => v)]),
        Regions = Bytes([.. Embedding.Regions.SelectMany(r => r)]),
        LocalFeatures = LocalFeatures?.ToBytes(),
        DescribedAt = at,
    };

    private static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes<float>(values).ToArray();

    private static float[] Floats(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();
}

/// <summary>What reading a picture gave: exactly one of <see cref="Image"/> and <see cref="Failure"/> is set.</summary>
/// <param name="DescribedNow">False if the description was already stored.</param>
public sealed record ReadOutcome(string Sha256, DescribedImage? Image, string? Failure, bool DescribedNow)
{
    /// <summary>A first look was enough: <see cref="Image"/> is that glance, and neither it nor the picture was stored.</summary>
    public bool AtAGlance { get; init; }
}

using System.Diagnostics;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.LocalFeatures;
using Touchstone.Vision.PerceptualHash;

namespace Touchstone.Recognition.Features;

/// <summary>Reads a picture: bytes → pixels → hash, embeddings and local features. Keeps nothing. Safe for concurrent use.</summary>
/// <param name="limits">Of a decoding that names none; null: the decoder's own.</param>
public sealed class FeatureExtractor(ImageDecoder decoder, ImageEmbedder embedder, DecodeOptions? limits = null)
{
    /// <summary>The model whose embeddings this reader makes.</summary>
    public ModelEntry Model => embedder.Model;

    public DecodeOutcome Decode(ReadOnlyMemory<byte> bytes, DecodeOptions? options = null) => decoder.Decode(bytes, options ?? limits);

    /// <summary>The embedding alone.</summary>
    public ImageEmbedding Embed(RgbImage image) => embedder.Embed(image);

    /// <summary>Where the picture is like another one (<see cref="ImageEmbedder.Likeness"/>); null where the model does not tell.</summary>
    public SimilarityMap? Likeness(RgbImage image, ReadOnlySpan<float> other) => embedder.Likeness(image, other);

    /// <summary>A first look: hash, one embedding and its windows; no views and no local features.</summary>
    public ImageFeatures Glance(string sha256, RgbImage image) => new(sha256, PdqHasher.Compute(image), embedder.Embed(image), null);

    /// <summary>The description of a query with <see cref="ImageFeatures.DenseFeatures"/>.</summary>
    /// <param name="described">What <see cref="Describe"/> gave for the same picture.</param>
    public static ImageFeatures LookClosely(ImageFeatures described, RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(described);
        return described with { DenseFeatures = LocalFeatureExtractor.Extract(image, LocalFeatureOptions.Dense) };
    }

    /// <summary>Describes a decoded picture. <paramref name="sha256"/> names it; nothing else is done with it.</summary>
    /// <param name="times">Where not null, what each step took is noted there.</param>
    /// <param name="glance">What <see cref="Glance"/> gave for it, where that was taken: it is not made again.</param>
    public ImageFeatures Describe(string sha256, RgbImage image, ExtractionTimes? times = null, ImageFeatures? glance = null)
    {
        long start = Stopwatch.GetTimestamp();
        PdqResult hash = glance?.Pdq ?? PdqHasher.Compute(image);
        long hashed = Stopwatch.GetTimestamp();
        IReadOnlyList<RgbImage> views = ImageCrops.Of(image);
        IReadOnlyList<ImageEmbedding> embeddings = glance is null ? embedder.Embed([image, .. views]) : [glance.Embedding, .. views.Count == 0 ? [] : embedder.Embed(views)];
        long embedded = Stopwatch.GetTimestamp();
        LocalFeatureSet features = LocalFeatureExtractor.Extract(image);
        if (times is not null)
        {
            times.Hash = Stopwatch.GetElapsedTime(start, hashed);
            times.Embedding = Stopwatch.GetElapsedTime(hashed, embedded);
            times.LocalFeatures = Stopwatch.GetElapsedTime(embedded);
        }
        return new ImageFeatures(sha256, hash, embeddings[0], features) { Views = [.. embeddings.Skip(1).Select(e => e.Global)] };
    }
}

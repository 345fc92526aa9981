using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.LocalFeatures;
using Touchstone.Vision.PerceptualHash;

namespace Touchstone.Screening.Pipeline;

/// <summary>Reads a picture: bytes → pixels → hash, embeddings and local features. Keeps nothing. Safe for concurrent use.</summary>
public sealed class ImageReader(ImageDecoder decoder, ImageEmbedder embedder)
{
    /// <summary>The model whose embeddings this reader makes.</summary>
    public ModelEntry Model => embedder.Model;

    public DecodeOutcome Decode(ReadOnlyMemory<byte> bytes, DecodeOptions? options = null) => decoder.Decode(bytes, options);

    /// <summary>The embedding alone.</summary>
    public ImageEmbedding Embed(RgbImage image) => embedder.Embed(image);

    /// <summary>Describes a decoded picture. <paramref name="sha256"/> names it; nothing else is done with it.</summary>
    public DescribedImage Describe(string sha256, RgbImage image) =>
        new(sha256, PdqHasher.Compute(image), embedder.Embed(image), LocalFeatureExtractor.Extract(image));
}

using System.Numerics.Tensors;
using Touchstone.Recognition.Features;
using Touchstone.Tests.Vision.LocalFeatures;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Recognition.Features;

public sealed class FeatureFormatTests : IDisposable
{
    private readonly ImageEmbedder embedder = ImageEmbedder.Load(ModelCatalog.Load());
    private readonly FeatureExtractor extractor;

    public FeatureFormatTests() => extractor = new FeatureExtractor(new ImageDecoder(), embedder);

    public void Dispose() => embedder.Dispose();

    [Fact]
    public void Features_are_read_back_but_for_the_rounding()
    {
        ImageFeatures made = extractor.Describe("a", DrawnPicture.Scene(1, 300, 200, 60));
        byte[] bytes = FeatureFormat.Write(made);
        ImageFeatures read = FeatureFormat.Read("a", extractor.Model, bytes);
        Assert.Equal((made.Sha256, made.Pdq, made.Embedding.ModelId), (read.Sha256, read.Pdq, read.Embedding.ModelId));
        Assert.Equal(made.Views.Count, read.Views.Count);
        Assert.Equal(made.Embedding.Regions.Length, read.Embedding.Regions.Length);
        foreach ((float[] before, float[] after) in made.Wholes.Concat(made.Embedding.Regions).Zip(read.Wholes.Concat(read.Embedding.Regions)))
        {
            Assert.True(TensorPrimitives.Dot<float>(before, after) > 0.9995f);
            Assert.Equal(1, TensorPrimitives.Norm<float>(after), 1e-4);
        }
        Assert.Equal(made.LocalFeatures!.Keypoints.Length, read.LocalFeatures!.Keypoints.Length);
    }

    [Fact]
    public void Another_version_or_model_and_every_cut_are_refused()
    {
        byte[] bytes = FeatureFormat.Write(extractor.Describe("a", DrawnPicture.Scene(2, 120, 90, 20)));
        Assert.True(FeatureFormat.IsCurrent(bytes));
        Assert.False(FeatureFormat.IsCurrent([.. bytes[..3], 0, .. bytes[4..]]));
        for (int length = 0; length < bytes.Length; length += length < 128 ? 1 : 499)
            if (length != WithoutLocalFeatures(bytes)) Assert.Throws<InvalidDataException>(() => FeatureFormat.Read("a", extractor.Model, bytes.AsSpan(0, length)));
        Assert.Throws<InvalidDataException>(() => FeatureFormat.Read("a", extractor.Model with { Dimension = 128 }, bytes));
    }

    private static int WithoutLocalFeatures(byte[] bytes) => 43 + (bytes[37] * (4 + BitConverter.ToUInt16(bytes, 38))) + (bytes[40] * (4 + BitConverter.ToUInt16(bytes, 41)));
}

using System.Numerics.Tensors;
using Touchstone.Recognition.Features;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Recognition.Features;

public sealed class FeatureExtractorTests
{
    [Fact]
    public void Pictures_that_are_described_together_are_described_as_each_alone()
    {
        using ImageEmbedder embedder = ImageEmbedder.Load(ModelCatalog.Load());
        var reader = new FeatureExtractor(new ImageDecoder(), embedder);
        // A package alone has fewer views than two beside each other.
        RgbImage paper = new(400, 400, [.. Enumerable.Repeat((byte)255, 400 * 400 * 3)]);
        RgbImage Beside(RgbImage on, int package, int left) => ImageOperations.CompositeOver(on, RgbaImage.From(ImageOperations.Resize(Drawn.Package(package), 120, 160)), left, 200);
        (string Sha256, RgbImage Image)[] pictures = [.. Enumerable.Range(1, 4).Select(i => ($"{i}", Drawn.Package(i))), ("two", Beside(Beside(paper, 5, 30), 6, 240)), ("one", Beside(paper, 7, 40))];
        ImageFeatures[] alone = [.. pictures.Select(p => reader.Describe(p.Sha256, p.Image))], together = [.. reader.DescribeAll(pictures)];
        Assert.True(alone.Select(a => a.Views.Count).Distinct().Count() > 1);
        foreach ((ImageFeatures one, ImageFeatures other) in alone.Zip(together))
        {
            Assert.Equal((one.Sha256, one.Pdq, one.Views.Count), (other.Sha256, other.Pdq, other.Views.Count));
            Assert.Equal(one.LocalFeatures!.Descriptors, other.LocalFeatures!.Descriptors);
            foreach ((float[] left, float[] right) in one.Wholes.Concat(one.Embedding.Regions).Zip(other.Wholes.Concat(other.Embedding.Regions)))
                Assert.InRange(TensorPrimitives.Distance<float>(left, right), 0, 1e-4f);
        }
        Assert.Empty(reader.DescribeAll([]));
    }
}

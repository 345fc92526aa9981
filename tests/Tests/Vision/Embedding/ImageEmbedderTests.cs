using System.Numerics.Tensors;
using Touchstone.Tests.Vision.Imaging;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Vision.Embedding;

/// <summary>One embedder for all tests of this folder: loading the model is the slow part.</summary>
public sealed class EmbedderFixture : IDisposable
{
    public ImageEmbedder Embedder { get; } = ImageEmbedder.Load(ModelCatalog.Load());

    public void Dispose() => Embedder.Dispose();
}

public sealed class ImageEmbedderTests(EmbedderFixture fixture) : IClassFixture<EmbedderFixture>
{
    [Fact]
    public void Embeddings_have_the_manifests_dimensions_and_length_one()
    {
        ImageEmbedding embedding = fixture.Embedder.Embed(TestPictures.Product(1));
        Assert.Equal("touchstone_embed_2", embedding.ModelId);
        Assert.Equal(512, embedding.Global.Length);
        Assert.Equal(13, embedding.Regions.Length);
        Assert.InRange(TensorPrimitives.Norm(embedding.Global), 0.9999f, 1.0001f);
        Assert.All(embedding.Regions, region =>
        {
            Assert.Equal(256, region.Length);
            Assert.InRange(TensorPrimitives.Norm(region), 0.9999f, 1.0001f);
        });
    }

    [Fact]
    public void A_batch_gives_what_single_calls_give()
    {
        RgbImage[] pictures = [.. Enumerable.Range(0, 10).Select(n => TestPictures.Product(n))];
        IReadOnlyList<ImageEmbedding> batch = fixture.Embedder.Embed(pictures);
        for (int i = 0; i < pictures.Length; i++)
            Assert.True(TensorPrimitives.Dot(batch[i].Global, fixture.Embedder.Embed(pictures[i]).Global) > 0.99999f);
    }

    [Fact]
    public void An_edited_copy_is_nearer_than_another_product()
    {
        RgbImage picture = TestPictures.Product(2);
        float[] original = fixture.Embedder.Embed(picture).Global;
        RgbImage edited = ImageOperations.GaussianBlur(ImageOperations.Crop(picture, 30, 20, 340, 290), 1);
        float copy = TensorPrimitives.Dot(original, fixture.Embedder.Embed(edited).Global);
        float other = TensorPrimitives.Dot(original, fixture.Embedder.Embed(TestPictures.Product(5)).Global);
        Assert.True(copy > other, $"copy {copy}, other product {other}");
    }

    [Fact]
    public async Task Concurrent_calls_give_equal_embeddings()
    {
        RgbImage picture = TestPictures.Product(3);
        float[] alone = fixture.Embedder.Embed(picture).Global;
        ImageEmbedding[] together = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => fixture.Embedder.Embed(picture))));
        Assert.All(together, e => Assert.Equal(alone, e.Global));
    }
}

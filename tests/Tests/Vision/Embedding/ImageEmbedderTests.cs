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
        Assert.Equal("touchstone_embed_3", embedding.ModelId);
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

    [Theory, InlineData(400, 300), InlineData(150, 300)]
    public void The_shares_of_the_cells_add_up_to_the_likeness(int width, int height)
    {
        RgbImage picture = ImageOperations.Crop(TestPictures.Product(2), 0, 0, width, height), other = TestPictures.Product(3);
        ModelEntry model = fixture.Embedder.Model;
        float[] own = model.RegionView(fixture.Embedder.Embed(picture).Global), others = model.RegionView(fixture.Embedder.Embed(other).Global);
        SimilarityMap map = fixture.Embedder.Likeness(picture, others)!;
        Assert.Equal(TensorPrimitives.Dot<float>(own, others), map.Similarity, 0.002f);
        Assert.Equal(1, map.Cells.Sum(cell => cell.Width * cell.Height), 0.001f);
        Assert.All(map.Cells, cell => Assert.True(cell is { X: >= 0, Y: >= 0 } && cell.X + cell.Width <= 1.0001f && cell.Y + cell.Height <= 1.0001f, cell.ToString()));
        Assert.Throws<ArgumentException>(() => fixture.Embedder.Likeness(picture, others.AsSpan(1)));
    }

    [Fact]
    public void Likeness_lies_where_the_thing_lies()
    {
        RgbImage thing = ImageOperations.Resize(TestPictures.Product(2), 200, 150);
        var pixels = Enumerable.Repeat((byte)200, 600 * 600 * 3).ToArray();
        for (int y = 0; y < 150; y++) thing.Pixels.AsSpan(y * 600, 600).CopyTo(pixels.AsSpan((((y + 420) * 600) + 380) * 3));
        SimilarityMap map = fixture.Embedder.Likeness(new RgbImage(600, 600, pixels), fixture.Embedder.Model.RegionView(fixture.Embedder.Embed(thing).Global))!;
        float inCorner = map.Cells.Where(cell => cell.X + (cell.Width / 2) > 0.5f && cell.Y + (cell.Height / 2) > 0.5f).Sum(cell => Math.Max(0, cell.Share));
        Assert.True(inCorner > 0.6f * map.Cells.Sum(cell => Math.Max(0, cell.Share)), $"{inCorner} of {map.Similarity}");
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

using System.Numerics.Tensors;
using Touchstone.Tests.Fixtures;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Vision.Embedding;

/// <summary>Holds the C# preprocessing against squares made by the training pipeline's (OpenCV); see Fixtures/preprocessing/make.py.</summary>
public sealed class PreprocessingTests(EmbedderFixture fixture) : IClassFixture<EmbedderFixture>
{
    private const int Side = 224;

    public static TheoryData<int> Pictures => new(Enumerable.Range(1, 10));

    [Theory]
    [MemberData(nameof(Pictures))]
    public void The_square_is_the_references_within_one_step(int number)
    {
        byte[] seen = SquareResampler.Resample(Picture($"{number:00}.png"), Side, [255, 255, 255]);
        byte[] wanted = Picture($"{number:00}.square.png").Pixels;
        int worst = 0;
        for (int i = 0; i < wanted.Length; i++) worst = Math.Max(worst, Math.Abs(wanted[i] - seen[i]));
        Assert.True(worst <= 1, $"a sample differs by {worst}");
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void The_embedding_is_the_references_within_a_hundredth_of_cosine(int number)
    {
        ImageEmbedding seen = fixture.Embedder.Embed(Picture($"{number:00}.png"));
        byte[] square = Picture($"{number:00}.square.png").Pixels;
        float[] input = new float[3 * Side * Side];
        for (int i = 0; i < Side * Side; i++)
            for (int c = 0; c < 3; c++) input[(c * Side * Side) + i] = (square[(i * 3) + c] - 127f) / 128f;
        ImageEmbedding wanted = fixture.Embedder.EmbedInput(input, 1)[0];
        Assert.True(TensorPrimitives.Dot(seen.Global, wanted.Global) > 0.99f);
        for (int r = 0; r < wanted.Regions.Length; r++) Assert.True(TensorPrimitives.Dot(seen.Regions[r], wanted.Regions[r]) > 0.99f, $"region {r}");
    }

    private static RgbImage Picture(string name)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(SharedData.RepositoryRoot, "tests", "Tests", "Fixtures", "preprocessing", name));
        return new ImageDecoder().Decode(bytes).Image ?? throw new InvalidDataException(name);
    }
}

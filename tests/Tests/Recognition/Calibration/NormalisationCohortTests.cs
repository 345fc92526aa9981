using System.Numerics.Tensors;
using Touchstone.Recognition.Calibration;
using Touchstone.Vision.Embedding;

namespace Touchstone.Tests.Recognition.Calibration;

public sealed class NormalisationCohortTests
{
    private const int Dimension = 16;
    private static readonly ModelEntry Model = new() { Id = "model", Dimension = Dimension, RegionDimension = 8, RegionOffset = 8 };

    [Fact]
    public void The_stored_form_is_read_back_and_small()
    {
        NormalisationCohort set = NormalisationCohort.Of(Vectors(64, 1));
        byte[] bytes = set.ToBytes();
        NormalisationCohort read = NormalisationCohort.Parse(bytes);
        Assert.Equal(("model", 64, Dimension), (read.ModelId, read.Count, read.Dimension));
        Assert.Equal(bytes, read.ToBytes());
        Assert.True(bytes.Length < (64 * (Dimension + 4)) + 40);
        ImageEmbedding picture = Vectors(1, 2)[0];
        Assert.Equal(set.LevelOf(picture, Model), read.LevelOf(picture, Model));
    }

    [Fact]
    public void A_level_is_the_mean_and_spread_of_the_nearest()
    {
        ImageEmbedding[] vectors = Vectors(100, 3);
        ImageEmbedding picture = Vectors(1, 4)[0];
        double[] nearest = [.. vectors.Select(v => (double)TensorPrimitives.Dot<float>(v.Global, picture.Global)).OrderDescending().Take(NormalisationCohort.Nearest)];
        CohortLevel level = NormalisationCohort.Of(vectors).LevelOf(picture, Model);
        // 8 bits a value leave the cosines right to about a hundredth.
        Assert.Equal(nearest.Average(), level.Mean, 0.01);
        Assert.Equal(Math.Sqrt(nearest.Average(v => Math.Pow(v - nearest.Average(), 2))), level.Spread, 0.01);
    }

    [Fact]
    public void The_same_similarity_says_more_where_the_background_gives_less()
    {
        double rare = NormalisationCohort.NormalisedScore(0.7, 0.2, 0.05, 0.2, 0.05), common = NormalisationCohort.NormalisedScore(0.7, 0.6, 0.05, 0.6, 0.05);
        Assert.Equal(10, rare, 9);
        Assert.Equal(2, common, 9);
    }

    [Fact]
    public void Damaged_and_foreign_sets_are_refused()
    {
        byte[] bytes = NormalisationCohort.Of(Vectors(40, 5)).ToBytes();
        Assert.Throws<InvalidDataException>(() => NormalisationCohort.Parse(bytes[..^1]));
        Assert.Throws<InvalidDataException>(() => NormalisationCohort.Parse([.. "PNG"u8]));
        Assert.Throws<InvalidDataException>(() => NormalisationCohort.Parse(bytes[..8]));
        Assert.Throws<ArgumentException>(() => NormalisationCohort.Of(Vectors(31, 6)));
        Assert.Throws<ArgumentException>(() => NormalisationCohort.Parse(bytes).LevelOf(Vectors(1, 7)[0] with { ModelId = "other" }, Model));
    }

    private static ImageEmbedding[] Vectors(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new ImageEmbedding("model", Unit(random, Dimension), [Unit(random, 8)]))];
    }

    private static float[] Unit(Random random, int length)
    {
        float[] values = [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() - 0.3))];
        TensorPrimitives.Divide(values, TensorPrimitives.Norm<float>(values), values);
        return values;
    }
}

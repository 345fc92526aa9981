using Touchstone.Index;

namespace Touchstone.Tests.Contracts;

/// <summary>
/// What every vector index holds, whatever its inside. The oracle is a scan in double precision. An index derives a class from this
/// one and states how exact its scores are.
/// </summary>
public abstract class VectorIndexContract
{
    protected static readonly VectorSpace Space = new("test/global", 48);

    /// <summary>A new, empty index.</summary>
    protected abstract IVectorIndex Create(VectorSpace space);

    /// <summary>The largest difference of a score from the true inner product of unit vectors.</summary>
    protected abstract double ScoreTolerance { get; }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Search_agrees_with_a_scan_after_any_changes(int seed)
    {
        var random = new Random(seed);
        IVectorIndex index = Create(Space);
        List<(long Id, float[] Vector)> oracle = [];
        for (int step = 0; step < 3_000; step++)
        {
            long id = random.Next(900);
            if (random.Next(4) == 0)
            {
                Assert.Equal(oracle.RemoveAll(x => x.Id == id) > 0, index.Remove(id));
                continue;
            }
            float[] vector = Unit(random, Space.Dimension);
            index.Add(id, Space, vector);
            oracle.Add((id, vector));
        }
        Assert.Equal(oracle.Count, index.Count);
        for (int i = 0; i < 20; i++) AssertAgrees(oracle, index, Unit(random, Space.Dimension), random.Next(1, 50));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(257)]
    public void Any_dimension_is_scored_rightly(int dimension)
    {
        var random = new Random(dimension);
        var space = new VectorSpace("test/odd", dimension);
        IVectorIndex index = Create(space);
        List<(long Id, float[] Vector)> oracle = [];
        for (int i = 0; i < 50; i++)
        {
            oracle.Add((i, Unit(random, dimension)));
            index.Add(i, space, oracle[i].Vector);
        }
        float[] query = Unit(random, dimension);
        foreach (Neighbour found in index.Search(space, query, 50)) Assert.Equal(Score(oracle[(int)found.Id].Vector, query), found.Score, ScoreTolerance);
    }

    [Fact]
    public void Ties_come_by_id_ascending_whatever_the_order_of_addition()
    {
        IVectorIndex index = Create(Space);
        float[] vector = Unit(new Random(1), Space.Dimension);
        foreach (long id in new long[] { 5, 3, 9, -2, 7 }) index.Add(id, Space, vector);
        Assert.Equal([-2, 3, 5], index.Search(Space, vector, 3).Select(x => x.Id));
    }

    [Fact]
    public void Vectors_under_one_id_are_all_kept_and_all_removed()
    {
        IVectorIndex index = Create(Space);
        var random = new Random(2);
        for (int i = 0; i < 5; i++) index.Add(4, Space, Unit(random, Space.Dimension));
        Assert.Equal([4, 4, 4, 4, 4], index.Search(Space, Unit(random, Space.Dimension), 10).Select(x => x.Id));
        Assert.True(index.Remove(4));
        Assert.False(index.Remove(4));
        Assert.Empty(index.Search(Space, Unit(random, Space.Dimension), 10));
    }

    [Fact]
    public void Generation_grows_with_each_change_and_only_then()
    {
        IVectorIndex index = Create(Space);
        float[] vector = Unit(new Random(3), Space.Dimension);
        long empty = index.Generation;
        index.Add(1, Space, vector);
        Assert.Equal(empty + 1, index.Generation);
        index.Search(Space, vector, 1);
        index.Remove(2);
        Assert.Equal(empty + 1, index.Generation);
        index.Remove(1);
        Assert.Equal(empty + 2, index.Generation);
    }

    [Fact]
    public void Another_models_vectors_are_refused()
    {
        IVectorIndex index = Create(Space);
        float[] vector = Unit(new Random(4), Space.Dimension);
        VectorSpace other = Space with { ModelId = "other/global" };
        Assert.Throws<ArgumentException>(() => index.Add(1, other, vector));
        Assert.Throws<ArgumentException>(() => index.Search(other, vector, 1));
        Assert.Equal(0, index.Count);
    }

    [Fact]
    public void Wrong_lengths_numbers_and_counts_are_refused()
    {
        IVectorIndex index = Create(Space);
        float[] vector = Unit(new Random(5), Space.Dimension);
        Assert.Throws<ArgumentException>(() => index.Add(1, Space, vector.AsSpan(1)));
        Assert.Throws<ArgumentException>(() => index.Search(Space, vector.AsSpan(1), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search(Space, vector, 0));
        vector[3] = float.NaN;
        Assert.Throws<ArgumentException>(() => index.Add(1, Space, vector));
    }

    [Fact]
    public async Task Searches_beside_changes_see_whole_vectors_and_finished_changes()
    {
        IVectorIndex index = Create(Space);
        var random = new Random(6);
        float[] anchor = Unit(random, Space.Dimension);
        index.Add(-1, Space, anchor);
        float[][] vectors = [.. Enumerable.Range(0, 2_000).Select(_ => Unit(random, Space.Dimension))];
        int added = 0;
        Task change = Task.Run(() =>
        {
            for (int i = 0; i < vectors.Length; i++)
            {
                index.Add(i, Space, vectors[i]);
                if (i % 3 == 2) index.Remove(i - 2);
                else Volatile.Write(ref added, i);
            }
        });
        Task[] searches = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            do
            {
                Assert.Equal(-1, index.Search(Space, anchor, 1)[0].Id);
                int last = Volatile.Read(ref added);
                if (last % 3 == 1) Assert.Equal(last, index.Search(Space, vectors[last], 1)[0].Id);
            }
            while (!change.IsCompleted);
        }))];
        await Task.WhenAll([change, .. searches]);
    }

    private void AssertAgrees(List<(long Id, float[] Vector)> oracle, IVectorIndex index, float[] query, int k)
    {
        (long Id, double Score)[] expected = [.. oracle.Select(x => (x.Id, Score: Score(x.Vector, query))).OrderByDescending(x => x.Score).ThenBy(x => x.Id).Take(k)];
        IReadOnlyList<Neighbour> found = index.Search(Space, query, k);
        Assert.Equal(expected.Length, found.Count);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i].Score, found[i].Score, ScoreTolerance);
        Assert.Equal(found.OrderByDescending(x => x.Score).ThenBy(x => x.Id), found);
        // Whatever is better than the last answer by more than the tolerance has to be among the answers.
        var ids = found.Select(x => x.Id).ToHashSet();
        Assert.All(expected.Where(x => x.Score > expected[^1].Score + (2 * ScoreTolerance)), x => Assert.Contains(x.Id, ids));
    }

    protected static float[] Unit(Random random, int dimension)
    {
        double[] values = [.. Enumerable.Range(0, dimension).Select(_ => (random.NextDouble() * 2) - 1)];
        double length = Math.Sqrt(values.Sum(x => x * x));
        return [.. values.Select(x => (float)(x / length))];
    }

    private static double Score(float[] x, float[] y) => x.Zip(y, (a, b) => (double)a * b).Sum();
}

using Touchstone.Index;

namespace Touchstone.Tests.Contracts;

/// <summary>
/// What every vector index holds, whatever its inside. The oracle is a scan in double precision, which the exact index agrees with, too.
/// An index derives a class from this one and states how exact its scores are and how much it finds.
/// </summary>
public abstract class VectorIndexContract : IDisposable
{
    protected static readonly VectorSpace Space = new("test/global", 48);
    protected static readonly VectorSpace Half = new("test/half", 20);

    /// <summary>Vectors of 48 values, of which the 20 from the 28th on are searchable alone.</summary>
    protected static readonly VectorLayout Layout = new(Space, new VectorView(Half, 28));

    private readonly List<IDisposable> _opened = [];

    /// <summary>An index that holds the vectors.</summary>
    protected abstract IVectorIndex Create(VectorLayout layout, IReadOnlyList<(long Id, float[] Vector)> vectors);

    /// <summary>The largest difference of a score from the true inner product of unit vectors.</summary>
    protected abstract double ScoreTolerance { get; }

    /// <summary>The least share of the truly nearest that is found, up to ties within the tolerance.</summary>
    protected virtual double LeastRecall => 1;

    public void Dispose()
    {
        _opened.ForEach(x => x.Dispose());
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(1, 900)]
    [InlineData(2, 900)]
    [InlineData(3, 3)]
    public void Search_agrees_with_a_scan_in_the_whole_and_in_a_part(int seed, int ids)
    {
        var random = new Random(seed);
        (long Id, float[] Vector)[] vectors = [.. Enumerable.Range(0, 1_500).Select(_ => ((long)random.Next(ids), Unit(random, Space.Dimension)))];
        IVectorIndex index = Opened(Layout, vectors);
        Assert.Equal(vectors.Length, index.Count);
        AssertAgrees(index, vectors, random, Space, 0);
        AssertAgrees(index, vectors, random, Half, 28);
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
        (long Id, float[] Vector)[] vectors = [.. Enumerable.Range(0, 50).Select(i => ((long)i, Unit(random, dimension)))];
        IVectorIndex index = Opened(new VectorLayout(space), vectors);
        float[] query = Unit(random, dimension);
        foreach (Neighbour found in index.Search(space, query, 50)[0]) Assert.Equal(Score(vectors[found.Id].Vector, query), found.Score, ScoreTolerance);
    }

    [Fact]
    public void Ties_come_by_id_ascending_whatever_the_order_of_addition()
    {
        float[] vector = Unit(new Random(1), Space.Dimension);
        IVectorIndex index = Opened(Layout, [.. new long[] { 5, 3, 9, -2, 7 }.Select(id => (id, vector))]);
        Assert.Equal([-2, 3, 5], index.Search(Space, vector, 3)[0].Select(x => x.Id));
    }

    [Fact]
    public void Vectors_under_one_id_are_answers_each()
    {
        var random = new Random(2);
        IVectorIndex index = Opened(Layout, [.. Enumerable.Range(0, 5).Select(_ => (4L, Unit(random, Space.Dimension)))]);
        Assert.Equal([4, 4, 4, 4, 4], index.Search(Space, Unit(random, Space.Dimension), 10)[0].Select(x => x.Id));
    }

    [Fact]
    public void Several_queries_are_answered_as_each_alone()
    {
        var random = new Random(3);
        IVectorIndex index = Opened(Layout, [.. Enumerable.Range(0, 400).Select(i => ((long)i, Unit(random, Space.Dimension)))]);
        float[] queries = [.. Enumerable.Range(0, 7).SelectMany(_ => Unit(random, Space.Dimension))];
        Neighbour[][] together = index.Search(Space, queries, 9);
        Assert.Equal(7, together.Length);
        for (int q = 0; q < together.Length; q++) Assert.Equal(index.Search(Space, queries.AsSpan(q * Space.Dimension, Space.Dimension), 9)[0], together[q]);
        Assert.Empty(index.Search(Space, [], 9));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    public void Only_what_passes_the_filter_is_an_answer_and_nothing_of_it_is_crowded_out(int oneIn)
    {
        var random = new Random(4);
        (long Id, float[] Vector)[] vectors = [.. Enumerable.Range(0, 1_500).Select(i => ((long)i, Unit(random, Space.Dimension)))];
        IVectorIndex index = Opened(Layout, vectors);
        bool Passes(long id) => id % oneIn == 0;
        AssertAgrees(index, [.. vectors.Where(x => Passes(x.Id))], random, Space, 0, Passes);
        Assert.Empty(index.Search(Space, vectors[0].Vector, 10, _ => false)[0]);
    }

    [Theory]
    [InlineData(1, 450)]
    [InlineData(50, 24)]
    public void Groups_of_equal_vectors_hide_neither_each_other_nor_the_rest(int oneIn, int k)
    {
        var random = new Random(10);
        float[] centre = Unit(random, Space.Dimension);
        float[][] groups = [.. Enumerable.Range(0, 6).Select(_ => Scaled([.. centre.Zip(Unit(random, Space.Dimension), (x, y) => x + (0.3f * y))]))];
        (long Id, float[] Vector)[] vectors = [.. Enumerable.Range(0, 1_200).Select(i => ((long)i, groups[i % 6])), .. Enumerable.Range(1_200, 1_500).Select(i => ((long)i, Unit(random, Space.Dimension)))];
        IVectorIndex index = Opened(Layout, vectors);
        Assert.Equal(vectors.Length, index.Count);
        foreach (float[] query in groups)
        {
            (long Id, double Score)[] all = [.. vectors.Where(x => x.Id % oneIn == 0).Select(x => (x.Id, Score(x.Vector, query))).OrderByDescending(x => x.Item2).ThenBy(x => x.Id)];
            Neighbour[] answers = index.Search(Space, query, k, id => id % oneIn == 0)[0];
            Assert.Equal(k, answers.Length);
            Assert.Equal(k, answers.DistinctBy(x => x.Id).Count());
            Assert.All(answers.Zip(all), x => Assert.Equal(x.Second.Score, x.First.Score, 2 * ScoreTolerance));
        }
        AssertAgrees(index, vectors, random, Space, 0);
    }

    [Fact]
    public void An_empty_index_has_no_answers()
    {
        IVectorIndex index = Opened(Layout, []);
        Assert.Equal(0, index.Count);
        Assert.Empty(Assert.Single(index.Search(Space, Unit(new Random(5), Space.Dimension), 3)));
        Assert.Empty(Assert.Single(index.Search(Half, Unit(new Random(5), Half.Dimension), 3)));
    }

    [Fact]
    public void All_are_answers_where_more_are_wanted_than_there_are()
    {
        var random = new Random(6);
        IVectorIndex index = Opened(Layout, [.. Enumerable.Range(0, 20).Select(i => ((long)i, Unit(random, Space.Dimension)))]);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), index.Search(Space, Unit(random, Space.Dimension), 1_000)[0].Select(x => x.Id).Order());
    }

    [Fact]
    public void A_part_of_zeros_scores_zero()
    {
        float[] vector = new float[Space.Dimension];
        vector[0] = 1;
        IVectorIndex index = Opened(Layout, [(1, vector)]);
        Assert.Equal(0, index.Search(Half, Unit(new Random(7), Half.Dimension), 1)[0][0].Score);
        Assert.Equal(1, index.Search(Space, vector, 1)[0][0].Score, ScoreTolerance);
    }

    [Fact]
    public void What_is_no_query_of_the_index_is_refused()
    {
        float[] vector = Unit(new Random(8), Space.Dimension);
        IVectorIndex index = Opened(Layout, [(1, vector)]);
        Assert.Contains("other/global", Assert.Throws<ArgumentException>(() => index.Search(Space with { ModelId = "other/global" }, vector, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => index.Search(Space, vector.AsSpan(1), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search(Space, vector, 0));
        foreach (float value in new[] { float.NaN, float.PositiveInfinity })
        {
            vector[3] = value;
            Assert.Throws<ArgumentException>(() => index.Search(Space, vector, 1));
        }
    }

    [Fact]
    public async Task Searches_at_once_answer_as_one_after_the_other()
    {
        var random = new Random(9);
        IVectorIndex index = Opened(Layout, [.. Enumerable.Range(0, 800).Select(i => ((long)i, Unit(random, Space.Dimension)))]);
        float[] queries = [.. Enumerable.Range(0, 50).SelectMany(_ => Unit(random, Space.Dimension))];
        Neighbour[][] expected = index.Search(Space, queries, 8);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int q = 0; q < expected.Length; q++) Assert.Equal(expected[q], index.Search(Space, queries.AsSpan(q * Space.Dimension, Space.Dimension), 8)[0]);
        })));
    }

    protected static float[] Unit(Random random, int dimension) => Scaled([.. Enumerable.Range(0, dimension).Select(_ => (float)((random.NextDouble() * 2) - 1))]);

    private static float[] Scaled(float[] values)
    {
        double length = Math.Sqrt(values.Sum(x => (double)x * x));
        return [.. values.Select(x => (float)(x / length))];
    }

    protected IVectorIndex Opened(VectorLayout layout, IReadOnlyList<(long Id, float[] Vector)> vectors)
    {
        IVectorIndex index = Create(layout, vectors);
        if (index is IDisposable disposable) _opened.Add(disposable);
        return index;
    }

    /// <summary>Compares twenty searches with a scan of the vectors, of which the values from <paramref name="offset"/> on are the space's.</summary>
    protected void AssertAgrees(IVectorIndex index, IReadOnlyList<(long Id, float[] Vector)> vectors, Random random, VectorSpace space, int offset, Func<long, bool>? filter = null)
    {
        (int wanted, int found) = (0, 0);
        for (int i = 0; i < 20; i++)
        {
            float[] query = Unit(random, space.Dimension);
            int k = random.Next(1, 50);
            (long Id, double Score)[] all = [.. vectors.Select(x => (x.Id, Score: Cosine(x.Vector.AsSpan(offset, space.Dimension), query))).OrderByDescending(x => x.Score).ThenBy(x => x.Id)];
            Neighbour[] answers = index.Search(space, query, k, filter)[0];
            Assert.Equal(Math.Min(k, all.Length), answers.Length);
            Assert.Equal(answers.OrderByDescending(x => x.Score).ThenBy(x => x.Id), answers);
            Assert.All(answers, x => Assert.Contains(all, y => y.Id == x.Id && Math.Abs(y.Score - x.Score) <= ScoreTolerance));
            double last = all[answers.Length - 1].Score;
            wanted += answers.Length;
            found += answers.Count(x => x.Score >= last - (2 * ScoreTolerance));
        }
        Assert.InRange(found / (double)wanted, LeastRecall, 1);
    }

    private static double Cosine(ReadOnlySpan<float> x, ReadOnlySpan<float> unit)
    {
        (double dot, double square) = (0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            dot += (double)x[i] * unit[i];
            square += (double)x[i] * x[i];
        }
        return square == 0 ? 0 : dot / Math.Sqrt(square);
    }

    private static double Score(float[] x, float[] y) => x.Zip(y, (a, b) => (double)a * b).Sum();
}

using Touchstone.Index;
using Touchstone.Index.Exact;
using Touchstone.Tests.Contracts;

namespace Touchstone.Tests.Index;

/// <summary>The exact index is a vector index that changes, in either precision.</summary>
public abstract class ExactIndexContract(VectorPrecision precision) : VectorIndexContract
{
    protected override IVectorIndex Create(VectorLayout layout, IReadOnlyList<(long Id, float[] Vector)> vectors)
    {
        var index = new ExactIndex(layout, precision);
        foreach ((long id, float[] vector) in vectors) index.Add(id, layout.Whole, vector);
        return index;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Search_agrees_with_a_scan_after_any_changes(int seed)
    {
        var random = new Random(seed);
        var index = (ExactIndex)Opened(Layout, []);
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
        AssertAgrees(index, oracle, random, Space, 0);
        AssertAgrees(index, oracle, random, Half, 28);
    }

    [Fact]
    public void Vectors_under_one_id_are_removed_together()
    {
        var random = new Random(2);
        var index = (ExactIndex)Opened(Layout, [.. Enumerable.Range(0, 5).Select(_ => (4L, Unit(random, Space.Dimension)))]);
        Assert.True(index.Remove(4));
        Assert.False(index.Remove(4));
        Assert.Empty(index.Search(Space, Unit(random, Space.Dimension), 10)[0]);
    }

    [Fact]
    public void What_is_no_vector_of_the_index_is_not_added()
    {
        var index = (ExactIndex)Opened(Layout, []);
        float[] vector = Unit(new Random(4), Space.Dimension);
        Assert.Throws<ArgumentException>(() => index.Add(1, Space with { ModelId = "other/global" }, vector));
        Assert.Throws<ArgumentException>(() => index.Add(1, Half, vector.AsSpan(28)));
        Assert.Throws<ArgumentException>(() => index.Add(1, Space, vector.AsSpan(1)));
        vector[3] = float.NaN;
        Assert.Throws<ArgumentException>(() => index.Add(1, Space, vector));
        Assert.Equal(0, index.Count);
    }

    [Fact]
    public async Task Searches_beside_changes_see_whole_vectors_and_finished_changes()
    {
        var random = new Random(6);
        float[] anchor = Unit(random, Space.Dimension);
        var index = (ExactIndex)Opened(Layout, [(-1, anchor)]);
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
                Assert.Equal(-1, index.Search(Space, anchor, 1)[0][0].Id);
                int last = Volatile.Read(ref added);
                if (last % 3 == 1) Assert.Equal(last, index.Search(Space, vectors[last], 1)[0][0].Id);
            }
            while (!change.IsCompleted);
        }))];
        await Task.WhenAll([change, .. searches]);
    }
}

public sealed class ExactIndexTests() : ExactIndexContract(VectorPrecision.Float32)
{
    protected override double ScoreTolerance => 1e-5;
}

public sealed class ExactInt8IndexTests() : ExactIndexContract(VectorPrecision.Int8)
{
    protected override double ScoreTolerance => 0.012;
}

public sealed class VectorLayoutTests
{
    private static readonly VectorSpace Whole = new("test/global", 48);

    [Theory]
    [InlineData(28, 21)]
    [InlineData(-1, 20)]
    [InlineData(0, 0)]
    public void A_part_lies_within_the_vector(int offset, int dimension) =>
        Assert.Throws<ArgumentException>(() => new VectorLayout(Whole, new VectorView(new VectorSpace("test/part", dimension), offset)));

    [Fact]
    public void Each_view_has_a_space_of_its_own() => Assert.Throws<ArgumentException>(() => new VectorLayout(Whole, new VectorView(Whole, 0)));
}

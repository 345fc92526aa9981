using Touchstone.Evaluation.VectorSearch;
using Touchstone.Index;
using Touchstone.Index.Exact;
using Touchstone.Index.Graph;
using Touchstone.Index.Segments;
using Touchstone.Tests.Contracts;

namespace Touchstone.Tests.Index.Graph;

/// <summary>The graph is a vector index like the exact one; so few vectors are compared each, <see cref="GraphWalkTests"/> asks for walks.</summary>
public sealed class GraphIndexTests : VectorIndexContract
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("touchstone-graph-");
    private int _files;

    protected override double ScoreTolerance => 0.001;

    protected override IVectorIndex Create(VectorLayout layout, IReadOnlyList<(long Id, float[] Vector)> vectors)
    {
        string path = Path.Combine(_folder.FullName, $"{_files++}.segment");
        var builder = new GraphBuilder(layout, new GraphOptions { Links = 8, BuildWidth = 24 });
        foreach ((long id, float[] vector) in vectors) builder.Add(id, layout.Whole, vector);
        builder.Write(path, cancellationToken: TestContext.Current.CancellationToken);
        return GraphIndex.Open(path, layout);
    }
}

/// <summary>Six thousand vectors like real ones, in a file that all tests of walks read.</summary>
public sealed class WalkedGraph : IDisposable
{
    public const int Count = 6_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("touchstone-graph-");

    public WalkedGraph()
    {
        var made = new MadeEmbeddings(Layout.Whole.Dimension, Count, 1);
        float[] vector = new float[Layout.Whole.Dimension];
        Exact = new ExactIndex(Layout);
        for (int i = 0; i < Count; i++)
        {
            made.Vector(i, vector);
            Exact.Add(i, Layout.Whole, vector);
        }
        Queries = new float[40 * Layout.Whole.Dimension];
        for (int i = 0; i < 40; i++) made.Query(i, Queries.AsSpan(i * Layout.Whole.Dimension, Layout.Whole.Dimension));
        Build("graph", 1);
    }

    public static VectorLayout Layout { get; } = new(new VectorSpace("test/global", 64), new VectorView(new VectorSpace("test/half", 32), 32));

    /// <summary>The oracle.</summary>
    public ExactIndex Exact { get; }

    public float[] Queries { get; }

    public string File(string name) => Path.Combine(_folder.FullName, name);

    public void Build(string name, int threads, int seed = 1)
    {
        var made = new MadeEmbeddings(Layout.Whole.Dimension, Count, 1);
        float[] vector = new float[Layout.Whole.Dimension];
        var builder = new GraphBuilder(Layout, new GraphOptions { Links = 8, BuildWidth = 32, Threads = threads, Seed = seed });
        for (int i = 0; i < Count; i++)
        {
            made.Vector(i, vector);
            builder.Add(i, Layout.Whole, vector);
        }
        builder.Write(File(name));
    }

    public void Dispose()
    {
        Exact.Dispose();
        _folder.Delete(recursive: true);
    }
}

public sealed class GraphWalkTests(WalkedGraph graph) : IClassFixture<WalkedGraph>
{
    private const int Width = 48;

    private static VectorSpace Whole => WalkedGraph.Layout.Whole;

    [Fact]
    public void Walks_find_most_of_the_nearest_in_the_whole_and_in_a_part()
    {
        using GraphIndex index = GraphIndex.Open(graph.File("graph"), WalkedGraph.Layout, Width);
        Assert.Equal(WalkedGraph.Count, index.Count);
        Assert.InRange(Recall(index, Whole, graph.Queries), 0.9, 1);
        VectorSpace half = WalkedGraph.Layout.Views[1].Space;
        float[] halves = [.. graph.Queries.Chunk(Whole.Dimension).SelectMany(q => Unit(q[32..]))];
        Assert.InRange(Recall(index, half, halves), 0.9, 1);
    }

    [Fact]
    public void The_best_are_ranked_by_finer_values_than_they_are_found_with()
    {
        using GraphIndex index = GraphIndex.Open(graph.File("graph"), WalkedGraph.Layout, 600);
        using var bytes = new ExactIndex(WalkedGraph.Layout, VectorPrecision.Int8);
        float[] vector = new float[Whole.Dimension];
        var made = new MadeEmbeddings(Whole.Dimension, WalkedGraph.Count, 1);
        for (int i = 0; i < WalkedGraph.Count; i++)
        {
            made.Vector(i, vector);
            bytes.Add(i, Whole, vector);
        }
        float[] halves = [.. graph.Queries.Chunk(Whole.Dimension).SelectMany(q => Unit(q[32..]))];
        foreach ((VectorSpace space, float[] queries) in new[] { (Whole, graph.Queries), (WalkedGraph.Layout.Views[1].Space, halves) })
        {
            Assert.True(Recall(index, space, queries) > Recall(bytes, space, queries));
            Dictionary<long, float>[] truth = [.. graph.Exact.Search(space, queries, 200).Select(some => some.ToDictionary(n => n.Id, n => n.Score))];
            // Walked to, and compared each.
            foreach (Func<long, bool>? filter in new Func<long, bool>?[] { null, id => id % 500 == 7 })
                Assert.All(index.Search(space, queries, 10, filter).Zip(truth), x => Assert.All(x.First.Where(n => x.Second.ContainsKey(n.Id)), n => Assert.Equal(x.Second[n.Id], n.Score, 0.001f)));
        }
    }

    [Fact]
    public void Vectors_that_differ_in_the_finer_values_alone_are_one_row_with_both_ids()
    {
        float[] one = graph.Queries[..Whole.Dimension], other = [.. one];
        int smallest = Array.FindIndex(one, x => Math.Abs(x) == one.Min(Math.Abs));
        other[smallest] = 0;
        one[smallest] = one.Max(Math.Abs) / 127 / 4; // a quarter of a step
        var builder = new GraphBuilder(WalkedGraph.Layout);
        builder.Add(2, Whole, one);
        builder.Add(1, Whole, other);
        builder.Write(graph.File("fine"), cancellationToken: TestContext.Current.CancellationToken);
        using GraphIndex index = GraphIndex.Open(graph.File("fine"), WalkedGraph.Layout, Width);
        Neighbour[] found = index.Search(Whole, one, 10)[0];
        Assert.Equal([1, 2], found.Select(n => n.Id));
        Assert.Equal(found[0].Score, found[1].Score);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(500)]
    public void Walks_go_through_what_the_filter_leaves_out(int oneIn)
    {
        using GraphIndex index = GraphIndex.Open(graph.File("graph"), WalkedGraph.Layout, Width);
        bool Passes(long id) => id % oneIn == 0;
        Assert.All(index.Search(Whole, graph.Queries, 10, Passes), found => Assert.All(found, n => Assert.True(Passes(n.Id))));
        Assert.InRange(Recall(index, Whole, graph.Queries, Passes), 0.9, 1);
    }

    [Fact]
    public void A_wider_walk_misses_less()
    {
        using GraphIndex narrow = GraphIndex.Open(graph.File("graph"), WalkedGraph.Layout, 10);
        using GraphIndex wide = GraphIndex.Open(graph.File("graph"), WalkedGraph.Layout, Width);
        Assert.True(Recall(narrow, Whole, graph.Queries) < Recall(wide, Whole, graph.Queries));
    }

    [Fact]
    public void One_thread_and_one_seed_make_one_file()
    {
        graph.Build("again", 1);
        graph.Build("otherwise", 1, seed: 2);
        byte[] bytes = File.ReadAllBytes(graph.File("graph"));
        Assert.True(bytes.AsSpan().SequenceEqual(File.ReadAllBytes(graph.File("again"))));
        Assert.False(bytes.AsSpan().SequenceEqual(File.ReadAllBytes(graph.File("otherwise"))));
    }

    [Fact]
    public void Several_threads_build_as_good_a_graph_and_tell_how_far_they_are()
    {
        graph.Build("by four", 4);
        using GraphIndex index = GraphIndex.Open(graph.File("by four"), WalkedGraph.Layout, Width);
        Assert.InRange(Recall(index, Whole, graph.Queries), 0.9, 1);
        index.Verify(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void An_index_goes_into_a_new_one_as_exact_as_it_was()
    {
        using GraphIndex index = GraphIndex.Open(graph.File("graph"), WalkedGraph.Layout, Width);
        var builder = new GraphBuilder(WalkedGraph.Layout, new GraphOptions { Links = 8, BuildWidth = 24 });
        builder.AddFrom(index, id => id < 500);
        Assert.Equal(500, builder.Count);
        List<double> shares = [];
        builder.Write(graph.File("part"), new Told(shares.Add), TestContext.Current.CancellationToken);
        Assert.Equal(1, shares.Max());
        using GraphIndex part = GraphIndex.Open(graph.File("part"), WalkedGraph.Layout, Width);
        // Both compare each vector: the part is small, and few of the whole pass.
        Assert.Equal(index.Search(Whole, graph.Queries, 300, id => id < 500), part.Search(Whole, graph.Queries, 300));
        Assert.Throws<ArgumentException>(() => new GraphBuilder(new VectorLayout(Whole)).AddFrom(index));
    }

    [Fact]
    public void Without_the_further_bits_a_third_is_saved_and_scores_are_those_of_eight()
    {
        using GraphIndex fine = GraphIndex.Open(graph.File("graph"), WalkedGraph.Layout, Width);
        var builder = new GraphBuilder(WalkedGraph.Layout, new GraphOptions { Links = 8, BuildWidth = 24, KeepsResiduals = false });
        builder.AddFrom(fine);
        builder.Write(graph.File("coarse"), cancellationToken: TestContext.Current.CancellationToken);
        using GraphIndex coarse = GraphIndex.Open(graph.File("coarse"), WalkedGraph.Layout, Width);
        Assert.Equal(fine.Count, coarse.Count);
        Assert.InRange(fine.Length - coarse.Length, WalkedGraph.Count * Whole.Dimension / 2 * 0.95, WalkedGraph.Count * Whole.Dimension / 2 * 1.05);
        Assert.InRange(Recall(coarse, Whole, graph.Queries), 0.85, 1);
        Neighbour[][] found = coarse.Search(Whole, graph.Queries, 10), exact = fine.Search(Whole, graph.Queries, 10);
        Assert.All(found.Zip(exact), x => Assert.Equal(x.Second[0].Score, x.First[0].Score, 0.012f));
        coarse.Verify(TestContext.Current.CancellationToken);
        Assert.Throws<ArgumentException>(() => new GraphBuilder(WalkedGraph.Layout).AddFrom(coarse));
        var again = new GraphBuilder(WalkedGraph.Layout, new GraphOptions { Links = 8, BuildWidth = 24, KeepsResiduals = false });
        again.AddFrom(coarse, id => id < 500);
        Assert.Equal(500, again.Count);
    }

    [Fact]
    public void Rows_behind_equal_ones_are_found()
    {
        var builder = new GraphBuilder(WalkedGraph.Layout, new GraphOptions { Links = 8, BuildWidth = 64, Threads = 1 });
        var made = new MadeEmbeddings(Whole.Dimension, WalkedGraph.Count, 1);
        float[] vector = new float[Whole.Dimension];
        for (int i = 0; i < 3_000; i++)
        {
            made.Vector(i % 600, vector); // five of each
            builder.Add(i, Whole, vector);
        }
        builder.Write(graph.File("equal"), cancellationToken: TestContext.Current.CancellationToken);
        using GraphIndex index = GraphIndex.Open(graph.File("equal"), WalkedGraph.Layout, Width);
        int found = 0;
        for (int i = 0; i < 600; i++)
        {
            made.Vector(i, vector);
            int kind = i;
            found += index.Search(Whole, vector, 5)[0].Count(n => n.Id % 600 == kind);
        }
        Assert.InRange(found, 2_940, 3_000);
    }

    [Theory]
    [InlineData(1, 450)]
    [InlineData(50, 12)]
    public void Groups_of_equal_vectors_are_found_beside_each_other_whatever_the_filter(int oneIn, int k)
    {
        const int Groups = 6, Equal = 200;
        var builder = new GraphBuilder(WalkedGraph.Layout, new GraphOptions { Links = 8, BuildWidth = 64, Threads = 1 });
        using var exact = new ExactIndex(WalkedGraph.Layout);
        float[] groups = [.. Enumerable.Range(0, Groups).SelectMany(group => Unit([.. graph.Queries[..Whole.Dimension].Select((x, i) => i % Groups == group ? x : x * 0.7f)]))];
        var made = new MadeEmbeddings(Whole.Dimension, WalkedGraph.Count, 1);
        float[] other = new float[Whole.Dimension];
        for (int id = 0; id < WalkedGraph.Count; id++)
        {
            if (id >= Groups * Equal) made.Vector(id, other);
            ReadOnlySpan<float> vector = id < Groups * Equal ? groups.AsSpan(id / Equal * Whole.Dimension, Whole.Dimension) : other;
            builder.Add(id, Whole, vector);
            exact.Add(id, Whole, vector);
        }
        Assert.Equal(WalkedGraph.Count, builder.Count);
        builder.Write(graph.File($"groups {oneIn}"), cancellationToken: TestContext.Current.CancellationToken);
        using GraphIndex index = GraphIndex.Open(graph.File($"groups {oneIn}"), WalkedGraph.Layout, Width);
        Assert.Equal(WalkedGraph.Count, index.Count);
        Neighbour[][] expected = exact.Search(Whole, groups, k, id => id % oneIn == 0), found = index.Search(Whole, groups, k, id => id % oneIn == 0);
        for (int group = 0; group < Groups; group++)
        {
            // Groups that lie equally far away may change places by the rounding to bytes, their scores do not.
            Assert.Equal(expected[group].Length, found[group].Length);
            Assert.All(expected[group].Zip(found[group]), x => Assert.Equal(x.First.Score, x.Second.Score, 0.012f));
            Assert.All(found[group], x => Assert.True(x.Id % oneIn == 0 && x.Id < Groups * Equal));
        }

        var merged = new GraphBuilder(WalkedGraph.Layout, new GraphOptions { Links = 8, BuildWidth = 24 });
        merged.AddFrom(index, id => id % 2 == 0 && id < Groups * Equal);
        Assert.Equal(Groups * Equal / 2, merged.Count);
        merged.Write(graph.File($"merged {oneIn}"), cancellationToken: TestContext.Current.CancellationToken);
        using GraphIndex half = GraphIndex.Open(graph.File($"merged {oneIn}"), WalkedGraph.Layout, Width);
        Assert.Equal(index.Search(Whole, groups, 100, id => id % 2 == 0), half.Search(Whole, groups, 100));
    }

    [Fact]
    public void Ids_that_lie_elsewhere_are_an_error_that_names_the_file()
    {
        using (var writer = new SegmentWriter(graph.File("ids elsewhere"), new SegmentKind("vector graph", 3), "test/global 0+64, test/half 32+32"))
        {
            writer.Write<int>("shape", [1, 8, 2]);
            writer.Write<long>("ids", [5, 6]);
            writer.Write<int>("ends", [3]);
            writer.Write<sbyte>("rows", new sbyte[64]);
            writer.Write<byte>("residuals", new byte[32]);
            for (int view = 0; view < 2; view++)
            {
                writer.Write<float>($"factors {view}", [1]);
                writer.Write<int>($"links {view}", [.. Enumerable.Repeat(-1, 16)]);
            }
            writer.Commit();
        }
        using GraphIndex index = GraphIndex.Open(graph.File("ids elsewhere"), WalkedGraph.Layout, Width);
        var fault = Assert.Throws<SegmentFileException>(() => index.Search(Whole, graph.Queries, 10));
        Assert.Equal(SegmentFault.Corrupt, fault.Fault);
        Assert.Contains("ids elsewhere", fault.Message, StringComparison.Ordinal);
        Assert.Throws<SegmentFileException>(() => new GraphBuilder(WalkedGraph.Layout).AddFrom(index));
    }

    [Fact]
    public void A_cancelled_build_leaves_no_file()
    {
        using var source = new CancellationTokenSource();
        var builder = new GraphBuilder(WalkedGraph.Layout);
        for (int i = 0; i < 3_000; i++) builder.Add(i, Whole, graph.Queries.AsSpan(i % 40 * Whole.Dimension, Whole.Dimension));
        Assert.ThrowsAny<OperationCanceledException>(() => builder.Write(graph.File("cancelled"), new Told(_ => source.Cancel()), source.Token));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(graph.File("cancelled"))!, "cancelled*"));
    }

    [Fact]
    public void Options_out_of_range_and_foreign_vectors_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GraphBuilder(WalkedGraph.Layout, new GraphOptions { Links = 3 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GraphBuilder(WalkedGraph.Layout, new GraphOptions { BuildWidth = 7 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GraphBuilder(WalkedGraph.Layout, new GraphOptions { Threads = 0 }));
        var builder = new GraphBuilder(WalkedGraph.Layout);
        float[] vector = graph.Queries[..Whole.Dimension];
        Assert.Throws<ArgumentException>(() => builder.Add(1, Whole with { ModelId = "other" }, vector));
        vector[0] = float.NaN;
        Assert.Throws<ArgumentException>(() => builder.Add(1, Whole, vector));
        Assert.Equal(0, builder.Count);
    }

    [Fact]
    public void A_file_of_another_layout_or_a_shortened_one_is_refused()
    {
        Assert.Equal(SegmentFault.OtherSpace, Fault(graph.File("graph"), new VectorLayout(Whole)));
        byte[] bytes = File.ReadAllBytes(graph.File("graph"));
        File.WriteAllBytes(graph.File("short"), bytes[..^1]);
        Assert.Equal(SegmentFault.WrongLength, Fault(graph.File("short"), WalkedGraph.Layout));
        File.WriteAllBytes(graph.File("header only"), bytes[..100]);
        Assert.Equal(SegmentFault.NotASegment, Fault(graph.File("header only"), WalkedGraph.Layout));
    }

    [Fact]
    public void Another_versions_file_and_impossible_shapes_are_refused()
    {
        using (var writer = new SegmentWriter(graph.File("later"), new SegmentKind("vector graph", 9), "test/global 0+64, test/half 32+32"))
        {
            writer.Write<int>("shape", [0, 8, 0]);
            writer.Commit();
        }
        Assert.Equal(SegmentFault.OtherVersion, Fault(graph.File("later"), WalkedGraph.Layout));
        foreach (int[] shape in new int[][] { [-1, 8, 0], [5, 8, 5], [int.MaxValue, 64, 0], [0, 1_000, 0], [0, 0, 0], [0, 8, 1] })
        {
            using (var writer = new SegmentWriter(graph.File("shape"), new SegmentKind("vector graph", 3), "test/global 0+64, test/half 32+32"))
            {
                writer.Write<int>("shape", shape);
                writer.Write<long>("ids", []);
                writer.Write<int>("ends", []);
                writer.Commit();
            }
            Assert.Equal(SegmentFault.Corrupt, Fault(graph.File("shape"), WalkedGraph.Layout));
        }
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    public void Residuals_of_another_length_are_an_error_that_names_the_file(int length)
    {
        using (var writer = new SegmentWriter(graph.File("residuals"), new SegmentKind("vector graph", 3), "test/global 0+64, test/half 32+32"))
        {
            writer.Write<int>("shape", [1, 8, 1]);
            writer.Write<long>("ids", [5]);
            writer.Write<int>("ends", [1]);
            writer.Write<sbyte>("rows", new sbyte[64]);
            writer.Write<byte>("residuals", new byte[length]);
            writer.Commit();
        }
        var fault = Assert.Throws<SegmentFileException>(() => GraphIndex.Open(graph.File("residuals"), WalkedGraph.Layout));
        Assert.Equal(SegmentFault.Corrupt, fault.Fault);
        Assert.Contains("“residuals”", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WalkedGraph.Count)]
    [InlineData(int.MaxValue)]
    [InlineData(-2)]
    public void A_link_to_nowhere_is_an_error_that_names_the_file(int link)
    {
        byte[] bytes = File.ReadAllBytes(graph.File("graph"));
        // The file ends with the links of the part: sixteen a row in the lowest level, and some for the levels above.
        int links = WalkedGraph.Count * 16;
        Span<int> last = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(bytes.AsSpan(bytes.Length - (links * 4)));
        for (int i = 0; i < last.Length; i += 8) last[i] = link;
        string path = graph.File($"damaged {link}");
        File.WriteAllBytes(path, bytes);
        using GraphIndex index = GraphIndex.Open(path, WalkedGraph.Layout, Width);
        VectorSpace half = WalkedGraph.Layout.Views[1].Space;
        var fault = Assert.Throws<SegmentFileException>(() => index.Search(half, Unit(graph.Queries[..32]), 10));
        Assert.Equal(SegmentFault.Corrupt, fault.Fault);
        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
        Assert.Throws<SegmentFileException>(() => index.Verify(TestContext.Current.CancellationToken));
    }

    private static SegmentFault Fault(string path, VectorLayout layout) => Assert.Throws<SegmentFileException>(() => GraphIndex.Open(path, layout).Dispose()).Fault;

    private double Recall(IVectorIndex index, VectorSpace space, float[] queries, Func<long, bool>? filter = null) =>
        graph.Exact.Search(space, queries, 10, filter).Zip(index.Search(space, queries, 10, filter), (t, f) => t.Select(n => n.Id).Intersect(f.Select(n => n.Id)).Count() / (double)t.Length).Average();

    private static float[] Unit(float[] values)
    {
        float length = MathF.Sqrt(values.Sum(x => x * x));
        return Array.ConvertAll(values, x => x / length);
    }

    private sealed class Told(Action<double> tell) : IProgress<double>
    {
        public void Report(double value)
        {
            lock (tell) tell(value);
        }
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Touchstone.Index;
using Touchstone.Index.Exact;
using Touchstone.Index.Graph;

namespace Touchstone.Evaluation.VectorSearch;

/// <summary>
/// Measures the vector indexes, and those of other makers beside them, over the same made vectors (<see cref="MadeEmbeddings"/>). Each searches
/// with the least effort of one ladder that finds the stated share of the truly nearest. Timings take turns, so that what else the
/// machine does falls on all; each index's best round counts. Needs about 3 KB of memory and 1 KB of disk a vector of 256 values,
/// twice that of memory with the peers.
/// </summary>
public static class IndexBench
{
    /// <summary>Share of the truly nearest that an index has to find.</summary>
    public const double RecallGoal = 0.98;

    private const int Rounds = 7;
    private const int Links = 16;
    private const int QueriesOfAScan = 16;

    private static readonly int[] Widths = [16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 1_024];

    /// <param name="options">What to measure.</param>
    /// <param name="progress">Told what is done now, in words, from any thread.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static IndexBenchReport Run(IndexBenchOptions options, IProgress<string> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        string folder = Directory.CreateTempSubdirectory("touchstone-bench-").FullName;
        List<PeerIndex> peers = [];
        try
        {
            var layout = new VectorLayout(new VectorSpace("made", options.Dimension));
            progress.Report("Making vectors");
            float[] vectors = Made(options.Vectors, options.Dimension, new MadeEmbeddings(options.Dimension, options.Vectors, 1).Vector, cancellationToken);
            float[] queries = Made(options.Queries, options.Dimension, new MadeEmbeddings(options.Dimension, options.Vectors, 1).Query, cancellationToken);
            progress.Report("Comparing each query with every vector");
            (Neighbour[][] truth, IndexMeasured inFloats) = Exact(layout, vectors, queries, options, cancellationToken);
            IndexMeasured inBytes = ExactInBytes(layout, vectors, queries, truth, options);
            (string path, double build) = Built(layout, vectors, folder, options, progress, cancellationToken);
            if (options.Peers)
            {
                Write(Path.Combine(folder, "base.f32"), vectors);
                Write(Path.Combine(folder, "queries.f32"), queries);
                Write<int>(Path.Combine(folder, "truth.i32"), [.. truth.SelectMany(t => t.Select(n => (int)n.Id))]);
                StartPeers(peers, folder, options, progress, cancellationToken);
            }
            progress.Report("Timing");
            IndexMeasured graph = Timed(path, layout, queries, truth, build, options, [.. peers.Where(p => p.Measured!.Recall is not null)], cancellationToken);
            IEnumerable<IndexMeasured> others = peers.Select(p => p.Measured!);
            return new IndexBenchReport(options.Vectors, options.Dimension, options.K, options.Queries, options.Threads, Rounds, RecallGoal, [inFloats, inBytes, graph, .. others]);
        }
        finally
        {
            peers.ForEach(p => p.Dispose());
            Directory.Delete(folder, recursive: true);
        }
    }

    private delegate void Maker(int index, Span<float> values);

    private static float[] Made(int count, int dimension, Maker make, CancellationToken cancellationToken)
    {
        float[] values = GC.AllocateUninitializedArray<float>(checked(count * dimension));
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, i => make(i, values.AsSpan(i * dimension, dimension)));
        return values;
    }

    private static (Neighbour[][] Truth, IndexMeasured Measured) Exact(VectorLayout layout, float[] vectors, float[] queries, IndexBenchOptions options, CancellationToken cancellationToken)
    {
        using var index = new ExactIndex(layout);
        long start = Stopwatch.GetTimestamp();
        Fill(vectors, options.Dimension, (i, vector) => index.Add(i, layout.Whole, vector));
        double build = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var truth = new Neighbour[options.Queries][];
        Parallel.ForEach(Enumerable.Range(0, options.Queries).Chunk(64), new ParallelOptions { CancellationToken = cancellationToken }, some =>
            index.Search(layout.Whole, queries.AsSpan(some[0] * options.Dimension, some.Length * options.Dimension), options.K).CopyTo(truth, some[0]));
        double speed = PerSecond(index, queries, options);
        return (truth, new IndexMeasured("exact, 32 bits", "", 1, speed, build, (4 * options.Dimension) + 4 + 8, null));
    }

    private static IndexMeasured ExactInBytes(VectorLayout layout, float[] vectors, float[] queries, Neighbour[][] truth, IndexBenchOptions options)
    {
        using var index = new ExactIndex(layout, VectorPrecision.Int8);
        long start = Stopwatch.GetTimestamp();
        Fill(vectors, options.Dimension, (i, vector) => index.Add(i, layout.Whole, vector));
        double build = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Neighbour[][] found = index.Search(layout.Whole, queries, options.K);
        return new IndexMeasured("exact, 8 bits", "", Recall(truth, found), PerSecond(index, queries, options), build, options.Dimension + 4 + 8, null);
    }

    private static (string Path, double Seconds) Built(VectorLayout layout, float[] vectors, string folder, IndexBenchOptions options, IProgress<string> progress, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, "graph.segment");
        long start = Stopwatch.GetTimestamp();
        var builder = new GraphBuilder(layout, new GraphOptions { Links = Links, Threads = options.Threads }, options.Vectors);
        Fill(vectors, options.Dimension, (i, vector) => builder.Add(i, layout.Whole, vector));
        builder.Write(path, new Told(share => progress.Report(Building("graph", share))), cancellationToken);
        return (path, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static void StartPeers(List<PeerIndex> peers, string folder, IndexBenchOptions options, IProgress<string> progress, CancellationToken cancellationToken)
    {
        foreach ((string name, string system) in new[] { ("hnswlib", "hnswlib"), ("FAISS HNSW SQ8", "faiss") })
        {
            try
            {
                peers.Add(PeerIndex.Start(name, system, folder, options, Links, RecallGoal, Widths));
            }
            catch (Win32Exception)
            {
                throw new InvalidOperationException("Python is not here, so the peers cannot be measured: apt-get install python3-hnswlib python3-faiss python3-numpy, or --peers false.");
            }
            peers[^1].Build(options, Links, share => progress.Report(Building(name, share)), cancellationToken);
        }
    }

    private static IndexMeasured Timed(string path, VectorLayout layout, float[] queries, Neighbour[][] truth, double build, IndexBenchOptions options, IReadOnlyList<PeerIndex> peers, CancellationToken cancellationToken)
    {
        GraphIndex? index = null;
        try
        {
            (int width, double recall) = (0, 0);
            foreach (int effort in Widths)
            {
                cancellationToken.ThrowIfCancellationRequested();
                index?.Dispose();
                index = GraphIndex.Open(path, layout, width = effort);
                recall = Recall(truth, index.Search(layout.Whole, queries, options.K));
                if (recall >= RecallGoal) break;
            }
            double open = Enumerable.Range(0, Rounds).Min(_ => Milliseconds(() => GraphIndex.Open(path, layout).Dispose()));
            double best = double.MaxValue;
            for (int round = 0; round < Rounds; round++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                best = Math.Min(best, Milliseconds(() => index!.Search(layout.Whole, queries, options.K)));
                foreach (PeerIndex peer in peers) peer.Time();
            }
            string parameters = string.Create(CultureInfo.InvariantCulture, $"links {Links}, built with {new GraphOptions().BuildWidth}, searched with {width}");
            return new IndexMeasured("graph, 8 + 4 bits", parameters, recall, options.Queries / best * 1_000, build, (double)index!.Length / options.Vectors, open);
        }
        finally
        {
            index?.Dispose();
        }
    }

    private static double PerSecond(ExactIndex index, float[] queries, IndexBenchOptions options)
    {
        int some = Math.Min(QueriesOfAScan, options.Queries);
        return some / Milliseconds(() => index.Search(index.Layout.Whole, queries.AsSpan(0, some * options.Dimension), options.K)) * 1_000;
    }

    private static double Recall(Neighbour[][] truth, Neighbour[][] found) =>
        truth.Zip(found, (t, f) => t.Select(n => n.Id).Intersect(f.Select(n => n.Id)).Count() / (double)t.Length).Average();

    private static void Fill(float[] vectors, int dimension, Maker add)
    {
        for (int i = 0; i < vectors.Length / dimension; i++) add(i, vectors.AsSpan(i * dimension, dimension));
    }

    private static double Milliseconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static void Write<T>(string path, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        const int Step = 1 << 20;
        using FileStream file = File.Create(path);
        for (int at = 0; at < values.Length; at += Step) file.Write(MemoryMarshal.AsBytes(values.Slice(at, Math.Min(Step, values.Length - at))));
    }

    private static string Building(string what, double share) => string.Create(CultureInfo.InvariantCulture, $"Building {what}: {share * 100:0} %");

    private sealed class Told(Action<double> tell) : IProgress<double>
    {
        public void Report(double value) => tell(value);
    }
}

using System.CommandLine;
using System.Diagnostics;
using Touchstone.Cli.Frame;
using Touchstone.Index;
using Touchstone.Index.Exact;
using Touchstone.Index.Hamming;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone bench</c>: parts of the product timed; <c>index</c>: milliseconds a query on this machine, beside a plain scalar loop over the same vectors.</summary>
public static class BenchCommand
{
    private static readonly Option<int> Vectors = new("--vectors") { Description = "Vectors in the gallery", DefaultValueFactory = _ => 50_000 };
    private static readonly Option<int> Dimension = new("--dimension") { Description = "Values in a vector", DefaultValueFactory = _ => 256 };
    private static readonly Option<int> Queries = new("--queries") { Description = "Queries to time", DefaultValueFactory = _ => 100 };

    public static Command Create() => new("bench", "Times parts of the product on this machine")
    {
        BenchReadingCommand.Create(),
        BenchKeypointsCommand.Create(),
        new Command("index", "Times a search in each index; a scalar loop over the same vectors is the floor") { Vectors, Dimension, Queries }.Runs(IndexAsync),
    };

    private static Task<int> IndexAsync(CommandContext context, CancellationToken cancellationToken)
    {
        int count = AtLeastOne(context, Vectors), dimension = AtLeastOne(context, Dimension), queries = AtLeastOne(context, Queries);
        var random = new Random(1);
        float[][] gallery = [.. Enumerable.Range(0, count).Select(_ => Unit(random, dimension))];
        float[][] asked = [.. Enumerable.Range(0, queries).Select(_ => Unit(random, dimension))];

        double floor = MillisecondsPer(asked, query => ScalarBest(gallery, query), cancellationToken);
        List<IndexTiming> timings = [new("scalar loop", count, dimension, floor, 1)];
        foreach (VectorPrecision precision in Enum.GetValues<VectorPrecision>())
        {
            var space = new VectorSpace("bench", dimension);
            using var index = new ExactIndex(space, precision);
            for (int i = 0; i < count; i++) index.Add(i, space, gallery[i]);
            double each = MillisecondsPer(asked, query => index.Search(space, query, 10), cancellationToken);
            timings.Add(new IndexTiming($"exact, {precision}", count, dimension, each, floor / each));
        }
        timings.Add(Hamming(random, count, asked, floor, cancellationToken));
        foreach (IndexTiming timing in timings)
        {
            if (context.Json) context.WriteJson(timing);
            else context.Output.WriteLine($"{timing.Index,-16} {timing.Milliseconds,9:0.000} ms a query  {timing.TimesFaster,7:0.0}× the scalar loop");
        }
        return Task.FromResult(ExitCode.Done);
    }

    private static IndexTiming Hamming(Random random, int count, float[][] asked, double floor, CancellationToken cancellationToken)
    {
        using var index = new HammingIndex();
        ulong[] key = new ulong[HammingKeys.KeyWords];
        for (int i = 0; i < count; i++)
        {
            for (int word = 0; word < key.Length; word++) key[word] = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            index.Add(i, key);
        }
        double each = MillisecondsPer(asked, _ => index.Search(key, 31, 10), cancellationToken);
        return new IndexTiming("hamming", count, 256, each, floor / each);
    }

    private static int AtLeastOne(CommandContext context, Option<int> option)
    {
        int value = context.Arguments.GetValue(option);
        return value >= 1 ? value : throw new CommandFailedException($"{option.Name} is at least 1, not {value}.", ExitCode.Usage);
    }

    private static double MillisecondsPer(float[][] queries, Action<float[]> search, CancellationToken cancellationToken)
    {
        foreach (float[] query in queries.Take(10)) search(query); // the just-in-time compiler optimises while warming up
        long start = Stopwatch.GetTimestamp();
        foreach (float[] query in queries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            search(query);
        }
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / queries.Length;
    }

    private static int ScalarBest(float[][] gallery, float[] query)
    {
        int best = 0;
        float bestScore = float.MinValue;
        for (int i = 0; i < gallery.Length; i++)
        {
            float score = 0;
            float[] vector = gallery[i];
            for (int j = 0; j < vector.Length; j++) score += vector[j] * query[j];
            if (score <= bestScore) continue;
            bestScore = score;
            best = i;
        }
        return best;
    }

    private static float[] Unit(Random random, int dimension)
    {
        float[] values = new float[dimension];
        for (int i = 0; i < dimension; i++) values[i] = random.NextSingle() - 0.5f;
        float length = MathF.Sqrt(values.Sum(x => x * x));
        return Array.ConvertAll(values, x => x / length);
    }
}

/// <summary>One index timed: gallery size, dimension, milliseconds a query, and how many times faster than the scalar loop.</summary>
public sealed record IndexTiming(string Index, int Vectors, int Dimension, double Milliseconds, double TimesFaster);

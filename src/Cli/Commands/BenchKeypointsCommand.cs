using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Touchstone.Cli.Frame;
using Touchstone.Index.Hamming;
using Touchstone.Index.Keypoints;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Cli.Commands;

/// <summary>
/// <c>touchstone bench keypoints</c>: what the keypoints and the hashes of many references take in a file and in a search. Marks are drawn
/// and described; every further reference is made of pieces of four of them, a quarter of each one's keypoints, every descriptor moved a
/// little, so that numbers of keypoints, common cells and shared corners are as among real marks. Asked with photos onto which a described
/// mark is laid, upright and mirrored.
/// </summary>
internal static class BenchKeypointsCommand
{
    private const int MarkSide = 400;
    private const int PhotoSide = 420;
    private const int Answers = 20;
    private const int Warm = 20;
    private const int Donors = 4;
    private const int Moved = 6;
    private const int HashDistance = 63;

    private static readonly long[] Budgets = [long.MaxValue, 8_000_000, 4_000_000, 2_000_000, 1_000_000];

    private static readonly Option<string> Images = new("--images") { Description = "A folder of photos to ask with", HelpName = "DIR", Required = true };
    private static readonly Option<int> References = new("--references") { Description = "References in the segment", DefaultValueFactory = _ => 100_000 };
    private static readonly Option<int> Described = new("--described") { Description = "Marks drawn and described", DefaultValueFactory = _ => 2_000 };
    private static readonly Option<int> Queries = new("--queries") { Description = "Photos to ask with", DefaultValueFactory = _ => 100 };

    public static Command Create() => new Command("keypoints", "Times keypoint postings and hashes in files: bytes a reference, milliseconds a search") { Images, References, Described, Queries, EvaluationFrame.Marks }.Runs(RunAsync);

    private static Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        int size = context.Arguments.GetValue(References), described = context.Arguments.GetValue(Described), count = context.Arguments.GetValue(Queries);
        string[] svgs = Files(context.Arguments.GetValue(EvaluationFrame.Marks) ?? Path.Combine("native", "node_modules", "simple-icons", "icons"), ".svg");
        string[] photos = Files(context.Arguments.GetValue(Images)!, ".jpg");
        if (described < Donors || svgs.Length < described) throw new CommandFailedException($"--described is {Donors} to {svgs.Length}, not {described}.", ExitCode.Usage);
        if (size < described) throw new CommandFailedException($"--references is at least --described ({described}), not {size}.", ExitCode.Usage);
        if (count < 1 || photos.Length < count) throw new CommandFailedException($"--queries is 1 to {photos.Length}, not {count}.", ExitCode.Usage);

        var random = new Random(1);
        string[] drawn = [.. svgs.Where((_, i) => i % (svgs.Length / described) == 0).Take(described).Select(File.ReadAllText)];
        LocalFeatureSet[] marks = [.. drawn.Select(svg => LocalFeatureExtractor.Extract(Card(svg, MarkSide)))];
        cancellationToken.ThrowIfCancellationRequested();
        var asked = new Asked[count];
        for (int i = 0; i < count; i++) asked[i] = Ask(drawn, random.Next(described), photos[photos.Length / count * i], random);

        DirectoryInfo folder = Directory.CreateTempSubdirectory("touchstone-bench");
        try
        {
            string path = Path.Combine(folder.FullName, "keypoints");
            long start = Stopwatch.GetTimestamp();
            Build(path, marks, size, random, cancellationToken);
            double build = Stopwatch.GetElapsedTime(start).TotalSeconds;
            start = Stopwatch.GetTimestamp();
            using KeypointSegment segment = KeypointSegment.Open(path, VisualVocabulary.Shipped);
            double open = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            Show(context, new KeypointBench(size, Math.Round(marks.Average(x => (double)x.Keypoints.Length), 1), Math.Round(segment.Bytes / (double)size, 1), Math.Round(build, 1), Math.Round(open, 2)));
            foreach (long budget in Budgets) Show(context, Time(segment, asked, budget, cancellationToken));
            foreach (int keys in new[] { 1, 8 }) Show(context, TimeHashes(Path.Combine(folder.FullName, "hashes"), size, keys, count, random));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return Task.FromResult(ExitCode.Done);
    }

    private static void Build(string path, LocalFeatureSet[] marks, int size, Random random, CancellationToken cancellationToken)
    {
        const int length = LocalFeatureSet.DescriptorLength;
        using var builder = new KeypointSegmentBuilder(path, VisualVocabulary.Shipped);
        List<IndexedKeypoint> keypoints = [];
        List<byte> descriptors = [];
        for (int id = 0; id < size; id++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (id < marks.Length)
            {
                builder.Add(id, Indexed(marks[id]), marks[id].Descriptors);
                continue;
            }
            keypoints.Clear();
            descriptors.Clear();
            for (int piece = 0; piece < Donors; piece++)
            {
                LocalFeatureSet donor = marks[random.Next(marks.Length)];
                for (int i = piece; i < donor.Keypoints.Length; i += Donors)
                {
                    keypoints.Add(new IndexedKeypoint(donor.Keypoints[i].Angle, donor.Keypoints[i].Scale));
                    ulong noise = (ulong)random.NextInt64();
                    foreach (byte value in donor.Descriptors.AsSpan(i * length, length))
                    {
                        noise = (noise * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
                        descriptors.Add((byte)Math.Clamp(value + (int)((noise >> 33) % ((2 * Moved) + 1)) - Moved, 0, 255));
                    }
                }
            }
            builder.Add(id, [.. keypoints], [.. descriptors]);
        }
        builder.Commit();
    }

    private static SearchTiming Time(KeypointSegment segment, Asked[] asked, long budget, CancellationToken cancellationToken)
    {
        KeypointPart[] parts = [new(segment)];
        foreach (Asked query in asked.Take(Warm)) KeypointSearch.Find(parts, query.Looks, Answers, budget);
        double[] times = new double[asked.Length];
        long visited = 0;
        int found = 0;
        double unasked = 0;
        for (int i = 0; i < asked.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            KeypointAnswer answer = KeypointSearch.Find(parts, asked[i].Looks, Answers, budget);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            visited += answer.Visited;
            unasked += answer.Unasked / (double)Math.Max(1, answer.Cells);
            if (answer.Votes.Any(x => x.Id == asked[i].Mark)) found++;
        }
        string name = budget == long.MaxValue ? "keypoints, no budget" : string.Create(CultureInfo.InvariantCulture, $"keypoints, budget {budget}");
        return SearchTiming.Of(name, times) with { Visited = visited / asked.Length, Unasked = Math.Round(unasked / asked.Length, 3), Found = Math.Round(found / (double)asked.Length, 3) };
    }

    private static SearchTiming TimeHashes(string path, int size, int keys, int count, Random random)
    {
        ulong[] Key(int words) => [.. Enumerable.Range(0, words).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue))];
        using (var builder = new HammingSegmentBuilder(path, "random"))
        {
            for (int id = 0; id < size; id++) builder.Add(id, Key(HammingKeys.KeyWords));
            builder.Commit();
        }
        using HammingSegment segment = HammingSegment.Open(path, "random");
        HammingPart[] parts = [new(segment)];
        double[] times = new double[count];
        for (int i = -Warm; i < count; i++)
        {
            ulong[] query = Key(keys * HammingKeys.KeyWords);
            long start = Stopwatch.GetTimestamp();
            HammingSearch.Find(parts, query, HashDistance, Answers);
            if (i >= 0) times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        return SearchTiming.Of(string.Create(CultureInfo.InvariantCulture, $"hashes, {keys} at once"), times);
    }

    private static Asked Ask(string[] drawn, int mark, string photo, Random random)
    {
        RgbImage ground = new ImageDecoder().Decode(File.ReadAllBytes(photo)).Image ?? throw new CommandFailedException($"{photo} cannot be decoded; take it out of the folder.");
        ground = ImageOperations.Resize(ground, PhotoSide, PhotoSide);
        int side = random.Next(PhotoSide / 3, PhotoSide * 2 / 3);
        RgbImage scene = ImageOperations.CompositeOver(ground, RgbaImage.From(Card(drawn[mark], side)), random.Next(PhotoSide - side), random.Next(PhotoSide - side));
        LocalFeatureSet upright = LocalFeatureExtractor.Extract(scene), mirrored = upright.Mirrored();
        return new Asked(mark, [new KeypointQuery(Indexed(upright), upright.Descriptors), new KeypointQuery(Indexed(mirrored), mirrored.Descriptors)]);
    }

    private static RgbImage Card(string svg, int side) => ImageOperations.RasteriseSvg(svg, side, side).Flatten(RgbColour.White);

    private static IndexedKeypoint[] Indexed(LocalFeatureSet local) => Array.ConvertAll(local.Keypoints, k => new IndexedKeypoint(k.Angle, k.Scale));

    private static string[] Files(string folder, string ending)
    {
        if (!Directory.Exists(folder)) throw new CommandFailedException($"There is no folder {folder}.", ExitCode.Usage);
        return [.. Directory.EnumerateFiles(folder, "*" + ending, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }

    private static void Show(CommandContext context, KeypointBench bench)
    {
        if (context.Json) context.WriteJson(bench);
        else context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bench.References} references with {bench.Keypoints} keypoints on average: {bench.BytesEach} bytes each; built in {bench.BuildSeconds} s, opened in {bench.OpenMilliseconds} ms"));
    }

    private static void Show(CommandContext context, SearchTiming t)
    {
        if (context.Json) context.WriteJson(t);
        else context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{t.Search,-26} median {t.Median,7:0.00} ms  95 % below {t.P95,7:0.00}  99 % below {t.P99,7:0.00}")
            + (t.Visited is { } visited ? string.Create(CultureInfo.InvariantCulture, $"  {visited,10} postings compared, {t.Unasked:0.0 %} of the cells unasked, the mark among {Answers}: {t.Found:0.0 %}") : ""));
    }

    private sealed record Asked(int Mark, KeypointQuery[] Looks);
}

/// <summary>The segment of a bench. Keypoints: of a described mark, on average.</summary>
internal sealed record KeypointBench(int References, double Keypoints, double BytesEach, double BuildSeconds, double OpenMilliseconds);

/// <summary>One way to search, timed: milliseconds. Visited: postings compared; Unasked: share of the cells left out; Found: share of the queries whose mark is among the answers.</summary>
internal sealed record SearchTiming(string Search, double Median, double P95, double P99)
{
    public long? Visited { get; init; }

    public double? Unasked { get; init; }

    public double? Found { get; init; }

    public static SearchTiming Of(string search, double[] times)
    {
        double[] sorted = [.. times.Order()];
        double At(double share) => Math.Round(sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))], 2);
        return new SearchTiming(search, At(0.5), At(0.95), At(0.99));
    }
}

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Touchstone.Cli.Frame;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Scoring;
using Touchstone.Recognition.Text;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;

namespace Touchstone.Cli.Commands;

/// <summary>
/// <c>touchstone bench reading</c>: what a picture's reading takes on one core, step by step, in a gallery of a stated size. Half of the
/// folder's pictures are references, the other half is asked with; further references are the first half's descriptions with other
/// embeddings, so that a large gallery is there in a minute and is as hard to search as a real one.
/// </summary>
internal static class BenchReadingCommand
{
    // Readings before the timed ones: the just-in-time compiler optimises a method only some time after it has been called often, which
    // a server has behind it after its first minute.
    private const int Warm = 60;

    private static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".webp"];

    private static readonly Option<string> Images = new("--images") { Description = "A folder of pictures", HelpName = "DIR", Required = true };
    private static readonly Option<int> References = new("--references") { Description = "Reference pictures in the gallery", DefaultValueFactory = _ => 10_000 };
    private static readonly Option<int> Pictures = new("--pictures") { Description = "Pictures to time; as many are described as references", DefaultValueFactory = _ => 60 };
    private static readonly Option<int?> Side = new("--side") { Description = "Enlarges or shrinks the pictures to this longer side first, such as 640 for local features alone [default: as they are]", HelpName = "PX" };
    private static readonly Option<int> Shortlist = new("--shortlist") { Description = "References compared closely", DefaultValueFactory = _ => 20 };

    public static Command Create() => new Command("reading", "Times the whole reading of a picture on one core, step by step") { Images, References, Pictures, Shortlist, Side }.Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string folder = context.Arguments.GetValue(Images)!;
        int count = context.Arguments.GetValue(Pictures), size = context.Arguments.GetValue(References), shortlist = context.Arguments.GetValue(Shortlist);
        if (!Directory.Exists(folder)) throw new CommandFailedException($"There is no folder {folder}.", ExitCode.Usage);
        string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => Endings.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
        if (count < 1 || files.Length < 2 * count) throw new CommandFailedException($"{2 * count} pictures are needed, {folder} holds {files.Length}; name another folder or fewer --pictures.", ExitCode.Usage);
        if (size < count) throw new CommandFailedException($"--references is at least the number of pictures ({count}), not {size}.", ExitCode.Usage);

        int? side = context.Arguments.GetValue(Side);
        if (side is < 32 or > 4_096) throw new CommandFailedException($"--side is 32 to 4096, not {side}.", ExitCode.Usage);

        int step = files.Length / (2 * count);
        using ImageEmbedder embedder = ImageEmbedder.Load(ModelCatalog.Load());
        var reader = new FeatureExtractor(new ImageDecoder(), embedder);
        byte[] PictureAt(int i) => Sized(File.ReadAllBytes(files[i * step]), reader, side);
        Reference[] references = [.. Enumerable.Range(0, count).Select(i => new Reference(reader.Describe($"reference {i}", Decoded(reader, PictureAt(2 * i)))))];
        using ReferenceGallery gallery = Gallery(reader.Model, references, size, cancellationToken);
        CalibrationProfile profile = ShippedProfiles.Find(reader.Model.Id) ?? throw new CommandFailedException($"No profile is shipped for {reader.Model.Id}.", ExitCode.Failed);
        var recogniser = new Recogniser(new PairScorer(reader.Model), new SameFeatures(references), new RecogniserOptions { Candidates = shortlist });
        List<Timing> timings = [];
        for (int i = -Warm; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int asked = (i + (Warm * count)) % count;
            Timing timing = await ReadAsync(reader, gallery, recogniser, profile, PictureAt((2 * asked) + 1));
            if (i >= 0) timings.Add(timing);
        }
        Show(context, new ReadingBench(reader.Model.Id, size, shortlist, timings.Count, Median(references), Timing.Median(timings), Timing.Share(timings, 0.9)));
        return ExitCode.Done;
    }

    private static async Task<Timing> ReadAsync(FeatureExtractor reader, ReferenceGallery gallery, Recogniser recogniser, CalibrationProfile profile, byte[] bytes)
    {
        long start = Stopwatch.GetTimestamp();
        RgbImage image = Decoded(reader, bytes);
        double decode = Since(start);
        var times = new ExtractionTimes();
        ImageFeatures described = reader.Describe("asked", image, times);
        start = Stopwatch.GetTimestamp();
        await recogniser.RecogniseAsync(new RecognitionQuery { Images = [new QueryImage(described, _ => Task.FromResult(FeatureExtractor.LookClosely(described, image)), _ => Task.FromResult(new OcrOutcome(OcrText.None, null, ReadNow: false)))], Text = TextReading.Never }, gallery, profile, CancellationToken.None);
        double recognition = Since(start);

        // The gate's early exit.
        start = Stopwatch.GetTimestamp();
        gallery.Nearest(reader.Glance("asked", Decoded(reader, bytes)));
        double glance = Since(start);
        return new Timing(decode, times.Hash.TotalMilliseconds, times.Embedding.TotalMilliseconds, times.LocalFeatures.TotalMilliseconds, recognition, glance);
    }

    private static ReferenceGallery Gallery(ModelEntry model, Reference[] references, int size, CancellationToken cancellationToken)
    {
        var gallery = new ReferenceGallery(model);
        var random = new Random(1);
        for (int i = 0; i < size; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ImageFeatures image = references[i % references.Length].Image;
            ImageFeatures entry = i < references.Length ? image : image with
            {
                Sha256 = $"{i}",
                Embedding = image.Embedding with { Global = Moved(image.Embedding.Global, random) },
                Views = [.. image.Views.Select(v => Moved(v, random))],
            };
            gallery.Put(new GalleryImage(i, i, ReferenceKind.Alert, entry.Sha256), entry);
        }
        return gallery;
    }

    private static byte[] Sized(byte[] picture, FeatureExtractor reader, int? side)
    {
        if (side is not { } longer) return picture;
        RgbImage image = Decoded(reader, picture);
        double scale = (double)longer / Math.Max(image.Width, image.Height);
        return ImageEncoder.Jpeg(ImageOperations.Resize(image, Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale))), 90);
    }

    private static RgbImage Decoded(FeatureExtractor reader, byte[] bytes) =>
        reader.Decode(bytes) is { Image: { } image } ? image : throw new CommandFailedException("A picture of the folder cannot be decoded.");

    /// <summary>A unit vector at a cosine of about 0.7 to the one given.</summary>
    private static float[] Moved(float[] vector, Random random)
    {
        float noise = 1f / MathF.Sqrt(vector.Length);
        float[] moved = Array.ConvertAll(vector, x => x + (noise * ((2 * random.NextSingle()) - 1) * 1.73f));
        float length = MathF.Sqrt(moved.Sum(x => x * x));
        return Array.ConvertAll(moved, x => x / length);
    }

    private static int Median(Reference[] references) => references.Select(r => r.Image.LocalFeatures?.Keypoints.Length ?? 0).Order().ElementAt(references.Length / 2);

    private static double Since(long start) => Stopwatch.GetElapsedTime(start).TotalMilliseconds;

    private static void Show(CommandContext context, ReadingBench bench)
    {
        if (context.Json)
        {
            context.WriteJson(bench);
            return;
        }
        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bench.Model}, {bench.References} references, the best {bench.Shortlist} compared; {bench.Pictures} pictures with {bench.Keypoints} keypoints in the median, one core, milliseconds"));
        context.Output.WriteLine("            decode   hash  embed  local  recognise  whole | early exit");
        foreach ((string name, Timing t) in new[] { ("median", bench.Median), ("90 % below", bench.NineTenths) })
            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-10} {t.Decode,7:0.0} {t.Hash,6:0.0} {t.Embedding,6:0.0} {t.LocalFeatures,6:0.0} {t.Recognition,10:0.0} {t.Whole,6:0.0} | {t.EarlyExit,10:0.0}"));
    }

    private sealed record Reference(ImageFeatures Image);

    /// <summary>Made-up references have the local features of the one they are made from.</summary>
    private sealed class SameFeatures(Reference[] references) : IFeatureSource
    {
        private readonly Dictionary<string, ImageFeatures> byHash = references.ToDictionary(r => r.Image.Sha256, r => r.Image, StringComparer.Ordinal);

        public Task<IReadOnlyDictionary<string, ImageFeatures>> FindAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<string, ImageFeatures>>(sha256s.Distinct(StringComparer.Ordinal).ToDictionary(s => s, s => byHash.TryGetValue(s, out ImageFeatures? own) ? own : references[int.Parse(s, CultureInfo.InvariantCulture) % references.Length].Image, StringComparer.Ordinal));

        public Task<IReadOnlyDictionary<string, OcrText>> FindTextsAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<string, OcrText>>(new Dictionary<string, OcrText>(StringComparer.Ordinal));
    }
}

/// <summary>Milliseconds of each step of one reading. EarlyExit: decoding, hash, one embedding and its nearest references alone.</summary>
internal sealed record Timing(double Decode, double Hash, double Embedding, double LocalFeatures, double Recognition, double EarlyExit)
{
    public double Whole { get; init; } = Decode + Hash + Embedding + LocalFeatures + Recognition;

    public static Timing Median(IReadOnlyList<Timing> timings) => Share(timings, 0.5);

    /// <summary>Of each step the value that so many readings stay below.</summary>
    public static Timing Share(IReadOnlyList<Timing> timings, double share)
    {
        double At(Func<Timing, double> of) => Math.Round(timings.Select(of).Order().ElementAt(Math.Min(timings.Count - 1, (int)(share * timings.Count))), 2);
        return new Timing(At(t => t.Decode), At(t => t.Hash), At(t => t.Embedding), At(t => t.LocalFeatures), At(t => t.Recognition), At(t => t.EarlyExit)) { Whole = At(t => t.Whole) };
    }
}

/// <summary>What <c>bench reading</c> found.</summary>
internal sealed record ReadingBench(string Model, int References, int Shortlist, int Pictures, int Keypoints, Timing Median, Timing NineTenths);

using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Retrieval;
using Touchstone.Screening;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Scenes;

/// <summary>What to measure. Immutable.</summary>
public sealed record SceneOptions
{
    /// <summary>The folder with <c>catalogue_products</c> and, for backgrounds, <c>clothing_photos</c>, each with its manifest.</summary>
    public required string ImageFolder { get; init; }

    /// <summary>Held-back products in the gallery. Range 2..100,000; default 1,500.</summary>
    public int References { get; init; } = 1_500;

    /// <summary>Products of the gallery that are photographed. Range 1..10,000; default 200.</summary>
    public int Scenes { get; init; } = 200;

    /// <summary>Held-back products that are photographed without being in the gallery. Range 1..10,000; default 60.</summary>
    public int Strangers { get; init; } = 60;

    public RetrievalSignals Signals { get; init; } = RetrievalSignals.All;

    public int Shortlist { get; init; } = 20;

    public int Seed { get; init; } = 1;

    public int Threads { get; init; } = Math.Min(64, Environment.ProcessorCount);

    /// <inheritdoc cref="RetrievalOptions.CacheFolder"/>
    public string? CacheFolder { get; init; }

    /// <inheritdoc cref="RetrievalOptions.MistakesKept"/>
    public int MistakesKept { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value outside its range.</exception>
    internal void Check()
    {
        InRange(References, 2, 100_000, nameof(References));
        InRange(Scenes, 1, 10_000, nameof(Scenes));
        InRange(Strangers, 1, 10_000, nameof(Strangers));
        InRange(Shortlist, 1, 1_000, nameof(Shortlist));
        InRange(Threads, 1, 64, nameof(Threads));
        InRange(MistakesKept, 0, 1_000, nameof(MistakesKept));
    }

    private static void InRange(int value, int least, int most, string name)
    {
        if (value < least || value > most) throw new ArgumentOutOfRangeException(name, value, $"The range is {least}..{most}.");
    }
}

/// <summary>
/// Photographs held-back catalogue products (cut out, tilted, lit, before other photos) and asks the gallery of held-back products for
/// them. Deterministic for equal options and pictures, but for the times.
/// </summary>
public static class SceneEvaluation
{
    private const int Backgrounds = 60;

    /// <inheritdoc cref="RetrievalEvaluation.Run"/>
    public static RetrievalReport Run(IReadOnlyList<EvaluationParts> models, SceneOptions options, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(options);
        if (models.Count == 0) throw new ArgumentException("At least one model is measured.", nameof(models));
        options.Check();
        PictureSets sets = PictureSets.Read(options.ImageFolder);
        var random = new Random(options.Seed);
        SetPicture[] products = [.. sets.HeldBack.Where(picture => picture.IsProduct)];
        random.Shuffle(products);
        if (products.Length < 3) throw new InvalidDataException($"{options.ImageFolder} has {products.Length} held-back products; at least 3 are needed.");
        int strangers = Math.Min(options.Strangers, products.Length / 3);
        SetPicture[] gallery = [.. products.Skip(strangers).Take(options.References)];
        IEnumerable<SetPicture> unknown = products.Take(strangers).Where(picture => !gallery.Any(other => sets.Duplicates.Same(picture.Name, other.Name)));
        var studio = new SceneStudio(models[0], BackgroundsOf(models[0], sets, random), options.Seed);
        var task = new RankingTask(
            $"scenes of held-back {PictureSets.Products}, seed {options.Seed}",
            ReferenceKind.GenuineProduct,
            [.. gallery.Select(picture => new SourcePicture(picture.Name, picture.Name, () => File.ReadAllBytes(picture.Path)))],
            [.. gallery.Take(options.Scenes).Select(studio.Photographed)],
            [.. unknown.Select(studio.Photographed)],
            sets.Duplicates.Same);
        return RankingRun.Of(models, task, new RankingSettings(options.Signals, options.Shortlist, options.Threads, options.CacheFolder, options.MistakesKept, progress, cancellationToken));
    }

    /// <summary>Photos that are not held back, garments rather than cut-outs.</summary>
    private static RgbImage[] BackgroundsOf(EvaluationParts parts, PictureSets sets, Random random)
    {
        SetPicture[] photos = [.. sets.Pictures.Where(picture => !picture.HeldBack)];
        random.Shuffle(photos);
        RgbImage[] read = [.. photos.OrderBy(picture => picture.IsProduct).Take(Backgrounds).Select(picture => parts.Reader.Decode(File.ReadAllBytes(picture.Path)).Image).OfType<RgbImage>()];
        return read.Length > 0 ? read : throw new InvalidDataException("There is no readable picture outside the held-back fifth to photograph things before.");
    }

    private sealed class SceneStudio(EvaluationParts parts, RgbImage[] backgrounds, int seed)
    {
        /// <summary>The scene is made when it is asked for, each with random numbers of its own.</summary>
        public SourcePicture Photographed(SetPicture picture, int number) => new(picture.Name, picture.Name, () =>
        {
            RgbImage image = parts.Reader.Decode(File.ReadAllBytes(picture.Path)).Image ?? throw new IOException($"{picture.Path} could not be decoded.");
            return ImageEncoder.Jpeg(new SceneMaker(backgrounds, new Random((seed * 1_000_003) + number)).Photo(CutOut.Of(image)), 90);
        });
    }
}

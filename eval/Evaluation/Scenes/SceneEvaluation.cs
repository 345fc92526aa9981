using System.Globalization;
using Touchstone.Evaluation.Drawing;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Retrieval;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Scenes;

/// <summary>
/// Photographs held-back products or marks (cut out, tilted, lit, before other photos) and asks the gallery of held-back things for
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
        SceneThing[] things = [.. options.MarkFolder is { } marks ? SceneThing.Marks(marks, random) : SceneThing.Products(sets)];
        random.Shuffle(things);
        if (things.Length < 3) throw new InvalidDataException($"{options.MarkFolder ?? options.ImageFolder} has {things.Length} held-back things; at least 3 are needed.");
        int strangers = Math.Min(options.Strangers, things.Length / 3);
        SceneThing[] gallery = [.. things.Skip(strangers).Take(options.References)];
        IEnumerable<SceneThing> unknown = things.Take(strangers).Where(thing => !gallery.Any(other => sets.Duplicates.Same(thing.Name, other.Name)));
        var studio = new SceneStudio(BackgroundsOf(models[0], sets, random), options);
        var task = new RankingTask(
            NameOf(options),
            options.MarkFolder is null ? ReferenceKind.GenuineProduct : ReferenceKind.Mark,
            [.. gallery.Select(thing => new SourcePicture(thing.Name, thing.Name, thing.Reference))],
            [.. gallery.Take(options.Scenes).Select(studio.Photographed)],
            [.. unknown.Select(studio.Photographed)],
            sets.Duplicates.Same);
        return RankingRun.Of(models, task, new RankingSettings(options.Signals, options.Shortlist, options.Threads, options.CacheFolder, options.MistakesKept, progress, cancellationToken));
    }

    private static string NameOf(SceneOptions options)
    {
        string what = options.MarkFolder is null ? PictureSets.Products : "marks", size = string.Empty;
        if ((options.Smallest, options.Largest) != (0.5, 1)) size = string.Create(CultureInfo.InvariantCulture, $" on {100 * options.Smallest:0} to {100 * options.Largest:0} % of the side");
        return $"scenes of held-back {what}{size}, seed {options.Seed}";
    }

    /// <summary>Photos that are not held back, garments rather than cut-outs.</summary>
    private static RgbImage[] BackgroundsOf(EvaluationParts parts, PictureSets sets, Random random)
    {
        SetPicture[] photos = [.. sets.Pictures.Where(picture => !picture.HeldBack)];
        random.Shuffle(photos);
        RgbImage[] read = [.. photos.OrderBy(picture => picture.IsProduct).Take(Backgrounds).Select(picture => parts.Reader.Decode(File.ReadAllBytes(picture.Path)).Image).OfType<RgbImage>()];
        return read.Length > 0 ? read : throw new InvalidDataException("There is no readable picture outside the held-back fifth to photograph things before.");
    }

    private sealed class SceneStudio(RgbImage[] backgrounds, SceneOptions options)
    {
        /// <summary>The scene is made when it is asked for, each with random numbers of its own.</summary>
        public SourcePicture Photographed(SceneThing thing, int number) => new(thing.Name, thing.Name, () =>
        {
            var chance = new Random((options.Seed * 1_000_003) + number);
            RgbaImage cut = thing.Cut(chance);
            return ImageEncoder.Jpeg(new SceneMaker(backgrounds, chance).Photo(cut, options.Smallest, options.Largest), 90);
        });
    }
}

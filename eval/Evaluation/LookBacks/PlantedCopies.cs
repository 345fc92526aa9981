using System.Security.Cryptography;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Robustness;
using Touchstone.Recognition.Features;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.LookBacks;

/// <summary>An edited copy that a listing showed. <paramref name="Alert"/>: the number of the picture that it is a copy of.</summary>
internal sealed record PlantedCopy(int Alert, string Edit, ImageFeatures Features);

/// <summary>Pictures that come in as alerts, edited copies of each, and pictures of other things, all described as an installation keeps them. Deterministic for a seed.</summary>
internal sealed record PlantedCopies(IReadOnlyList<ImageFeatures> Alerts, IReadOnlyList<PlantedCopy> Copies, IReadOnlyList<ImageFeatures> Others)
{
    private const int JpegQuality = 75;

    // Those of a shop that takes a picture over, and those of one that hides it a little.
    private static readonly (string Attack, AttackStrength Strength)[] Edits =
        [("resize", AttackStrength.Moderate), ("crop", AttackStrength.Mild), ("crop", AttackStrength.Moderate), ("mirror", AttackStrength.Mild), ("rotation", AttackStrength.Mild), ("perspective", AttackStrength.Moderate)];

    public static PlantedCopies Make(LookBackBenchOptions options, FeatureExtractor reader, IProgress<string> progress, CancellationToken cancellationToken)
    {
        SetPicture[] pictures = [.. PictureSets.Read(options.ImageFolder).Pictures];
        new Random(options.Seed).Shuffle(pictures);
        DescriptionCache? cache = options.CacheFolder is { } folder ? new DescriptionCache(folder, reader.Model) : null;
        var alerts = new ImageFeatures?[Math.Min(options.Alerts, pictures.Length)];
        var copies = new List<PlantedCopy>[alerts.Length];
        int done = 0;
        Parallel.For(0, alerts.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            byte[] bytes = File.ReadAllBytes(pictures[i].Path);
            copies[i] = [];
            if (reader.Decode(bytes).Image is not { } image) return;
            alerts[i] = Described(bytes, image);
            var means = new AttackMeans(new Random(unchecked((options.Seed * 1_000_003) + i)), []);
            foreach ((string name, AttackStrength strength) in Edits)
            {
                PictureAttack attack = ShapeAttacks.All.Single(a => a.Name == name);
                if (attack.Apply(image, strength, means) is not { } edited) continue;
                byte[] saved = ImageEncoder.Jpeg(edited, JpegQuality);
                copies[i].Add(new PlantedCopy(i, $"{name}: {attack.WordsOf(strength)}", Described(saved, reader.Decode(saved).Image!)));
            }
            progress.Report($"Describing alerts and their copies: {Interlocked.Increment(ref done)} of {alerts.Length}");
        });
        SetPicture[] others = [.. pictures.Skip(alerts.Length).Take(options.Described)];
        var described = new ImageFeatures?[others.Length];
        done = 0;
        Parallel.For(0, others.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            byte[] bytes = File.ReadAllBytes(others[i].Path);
            if (reader.Decode(bytes).Image is { } image && Described(bytes, image) is { LocalFeatures.Keypoints.Length: > 0 } features) described[i] = features;
            progress.Report($"Describing other pictures: {Interlocked.Increment(ref done)} of {others.Length}");
        });
        return new PlantedCopies([.. alerts.OfType<ImageFeatures>()], [.. copies.SelectMany(c => c)], [.. described.OfType<ImageFeatures>()]);

        ImageFeatures Described(byte[] bytes, RgbImage image)
        {
            string sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (cache?.Find(sha256) is { } known) return known;
            ImageFeatures features = reader.Describe(sha256, image);
            if (cache is not null) lock (cache) cache.Keep(features);
            return FeatureFormat.Read(sha256, reader.Model, FeatureFormat.Write(features));
        }
    }
}

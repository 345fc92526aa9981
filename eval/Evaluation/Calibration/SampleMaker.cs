using Touchstone.Evaluation.Drawing;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Robustness;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Scoring;
using Touchstone.Recognition.Text;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.Ocr;

namespace Touchstone.Evaluation.Calibration;

/// <summary>
/// Makes the samples of a calibration as the product will meet them: references in a gallery, queries made from held-back pictures (those
/// that no training saw), each measured against the candidates that the gallery proposes. Deterministic for one seed.
/// </summary>
/// <param name="texts">Reads the text in pictures; null: no sample carries text.</param>
internal sealed class SampleMaker(FeatureExtractor reader, OcrReader? texts, CalibrationRunOptions options, IProgress<EvaluationProgress>? progress, CancellationToken cancellationToken)
{
    /// <summary>Two edited copies and two scenes.</summary>
    private const int PicturesOfProduct = 4;

    /// <summary>Four with the mark, two without.</summary>
    private const int PicturesOfMark = 6;
    private static readonly DecodeOptions Trusted = new() { AllowSvg = true, MaxSide = 512 };

    /// <summary>Embeds pictures of the training pool.</summary>
    public NormalisationCohort Background()
    {
        string root = Path.Combine(options.ImageFolder, "train_pool");
        string[] files = [.. ManifestTable.Rows(root).Select(r => r.File)];
        new Random(options.Seed).Shuffle(files);
        var embeddings = new ImageEmbedding[Math.Min(options.Background, files.Length)];
        Each("background pictures", embeddings.Length, i => embeddings[i] = reader.Embed(Read(Path.Combine(root, files[i]))));
        return NormalisationCohort.Of(embeddings);
    }

    public CalibrationSamples Make(PairScorer scorer)
    {
        List<RgbImage> backgrounds = Backgrounds();
        return CalibrationSamples.Together([Products(scorer, backgrounds), Marks(scorer, backgrounds), .. Photos(scorer)]);
    }

    /// <summary>Real photos of packages among all catalogue pictures; none where the data set is not there.</summary>
    private IEnumerable<CalibrationSamples> Photos(PairScorer scorer)
    {
        if (!Directory.Exists(Path.Combine(options.ImageFolder, PackagePhotos.Folder))) return [];
        DescriptionCache? cache = options.CacheFolder is { } folder ? new DescriptionCache(folder, reader.Model) : null;
        var describer = new PictureDescriber(new EvaluationParts(reader, null, texts), Environment.ProcessorCount, progress, cancellationToken, cache);
        return [new PackagePhotos(describer, scorer, reader.Model, options.ImageFolder).Ask()];
    }

    /// <summary>Each product and each stranger as two edited copies and on two scenes.</summary>
    private CalibrationSamples Products(PairScorer scorer, IReadOnlyList<RgbImage> backgrounds)
    {
        string root = Path.Combine(options.ImageFolder, "catalogue_products");
        NearDuplicates alike = NearDuplicates.Of(root);
        string[] files = HeldBackProducts(root, options.Seed);
        string[] gallery = [.. files.Take(options.Products + options.Distractors)];
        string[] shown = [.. gallery.Take(options.Products), .. files.Skip(gallery.Length).Take(options.Strangers)];
        using EnrolledGallery held = Enrol(scorer, [.. gallery.Select(f => Read(Path.Combine(root, f)))], ReferenceKind.Alert, "product references");
        string what = $"held-back catalogue products, each with two edited copies and two scenes: {options.Products} among {gallery.Length}, and {shown.Length - options.Products} that are not among them";
        return Ask(held, "product queries", what, PicturesOfProduct * shown.Length, number =>
        {
            int thing = number / PicturesOfProduct;
            bool copied = number % PicturesOfProduct < 2;
            Random random = Chance(1, number);
            RgbImage picture = Read(Path.Combine(root, shown[thing]));
            return new Question(
                thing,
                copied ? Relation.SameImage : Relation.SameProduct,
                copied ? Attacked(picture, new AttackMeans(random, backgrounds)) : new SceneMaker(backgrounds, random).Photo(CutOut.Of(picture)),
                thing < options.Products ? thing : null,
                reference => alike.Same(gallery[reference], shown[thing]));
        });
    }

    /// <summary>The picture as the attack suite edits it, seldom hard; an attack that the picture does not lend itself to is drawn again.</summary>
    private static RgbImage Attacked(RgbImage picture, AttackMeans with)
    {
        while (true)
        {
            PictureAttack attack = AttackSuite.OnPictures[with.Random.Next(AttackSuite.OnPictures.Count)];
            AttackStrength strength = with.Random.NextDouble() switch { < 0.35 => AttackStrength.Mild, < 0.85 => AttackStrength.Moderate, _ => AttackStrength.Hard };
            if (attack.Apply(picture, strength, with) is { } attacked) return attacked;
        }
    }

    /// <summary>Each mark in two close-ups and on two scenes, and half as many that carry no mark of the gallery: half of them carry another.</summary>
    private CalibrationSamples Marks(PairScorer scorer, IReadOnlyList<RgbImage> backgrounds)
    {
        string root = Path.Combine(options.ImageFolder, "catalogue_products");
        string[] products = HeldBackProducts(root, options.Seed + 1);
        string[] files = Directory.GetFiles(options.MarkFolder, "*.svg");
        Array.Sort(files, StringComparer.Ordinal);
        files = [.. files.Where(f => PictureSets.IsHeldBack(Path.GetFileNameWithoutExtension(f)))];
        Chance(2, 0).Shuffle(files);
        RgbImage[] pictures = [.. files.Take(options.Marks + options.MarkDistractors).Select(f => Read(f))];
        int asked = Math.Min(options.Marks, pictures.Length);
        RgbImage[] strangers = [.. files.Skip(pictures.Length).Take(asked).Select(f => Read(f))];
        using EnrolledGallery held = Enrol(scorer, pictures, ReferenceKind.Mark, "mark references");
        return Ask(held, "mark queries", $"{asked} marks, each in two close-ups and on two scenes, among {pictures.Length}, and {2 * asked} pictures without them, with {strangers.Length} other marks", PicturesOfMark * asked, number =>
        {
            Random random = Chance(3, number);
            SceneMaker scenes = new(backgrounds, random);
            int i = number / PicturesOfMark, kind = number % PicturesOfMark;
            (double smallest, double largest) = kind % 2 == 0 ? (0.5, 1.0) : (0.2, 0.6);
            if (kind < 4) return new Question(i, Relation.MarkPresent, scenes.Photo(Printed(pictures[i], random), smallest, largest), i, _ => false);
            if (i % 2 == 1 && strangers.Length > 0) return new Question(i, Relation.MarkPresent, scenes.Photo(Printed(strangers[i / 2 % strangers.Length], random), smallest, largest), null, _ => false);
            RgbImage without = i % 4 == 0 ? scenes.Background() : scenes.Photo(CutOut.Of(Read(Path.Combine(root, products[i % products.Length]))));
            return new Question(i, Relation.MarkPresent, without, null, _ => false);
        });
    }

    private EnrolledGallery Enrol(PairScorer scorer, RgbImage[] pictures, ReferenceKind kind, string what)
    {
        var all = new ImageFeatures[pictures.Length];
        Each(what, pictures.Length, i => all[i] = AsStored(Describe($"{kind}-{i}", pictures[i])));
        return new EnrolledGallery(scorer, reader.Model, all, kind);
    }

    private CalibrationSamples Ask(EnrolledGallery gallery, string stage, string what, int count, Func<int, Question> ask)
    {
        var answers = new (LabelledQuery Query, IReadOnlyList<LabelledPair> Pairs)[count];
        Each(stage, count, i => answers[i] = Measure(gallery, i, ask(i)));
        return new CalibrationSamples([.. answers.Select(a => a.Query)], [.. answers.SelectMany(a => a.Pairs)], what);
    }

    private (LabelledQuery Query, IReadOnlyList<LabelledPair> Pairs) Measure(EnrolledGallery gallery, int number, Question question)
    {
        ImageFeatures query = FeatureExtractor.LookClosely(Describe($"query-{number}", question.Picture), question.Picture);
        return gallery.Ask(query, number, question.Thing, question.Expected, question.Reference, question.IsAlike);
    }

    /// <summary>A reference is compared as an installation keeps it.</summary>
    private ImageFeatures AsStored(ImageFeatures image) => FeatureFormat.Read(image.Sha256, reader.Model, FeatureFormat.Write(image)) with { Text = image.Text };

    private ImageFeatures Describe(string name, RgbImage image)
    {
        ImageFeatures described = reader.Describe(name, image);
        return texts is null ? described : described with { Text = OcrText.Of(texts.Read(image), image.Width, image.Height) };
    }

    private void Each(string what, int count, Action<int> work)
    {
        int done = 0;
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken }, i =>
        {
            work(i);
            progress?.Report(new EvaluationProgress(what, Interlocked.Increment(ref done), count));
        });
    }

    /// <summary>Random numbers of one picture: the same for each run, whichever thread makes it.</summary>
    private Random Chance(int purpose, int number) => new(HashCode(options.Seed, purpose, number));

    private static int HashCode(int seed, int purpose, int number) => unchecked((((seed * 31) + purpose) * 1_000_003) + number);

    /// <summary>The mark in a colour, dark or light, alone or on a plate of another colour, light or dark.</summary>
    private static RgbaImage Printed(RgbImage mark, Random random)
    {
        bool plate = random.Next(2) == 0;
        byte[] ink = [(byte)random.Next(120), (byte)random.Next(120), (byte)random.Next(120)], paper = [(byte)random.Next(150, 256), (byte)random.Next(150, 256), (byte)random.Next(150, 256)];
        if (random.Next(3) == 0) (ink, paper) = (paper, ink);
        var pixels = new byte[mark.Width * mark.Height * 4];
        for (int i = 0; i < mark.Width * mark.Height; i++)
        {
            double cover = 1 - (mark.Pixels[i * 3] / 255.0);
            for (int c = 0; c < 3; c++) pixels[(i * 4) + c] = (byte)(plate ? (ink[c] * cover) + (paper[c] * (1 - cover)) : ink[c]);
            pixels[(i * 4) + 3] = plate ? (byte)255 : (byte)(cover * 255);
        }
        return new RgbaImage(mark.Width, mark.Height, pixels);
    }

    private List<RgbImage> Backgrounds()
    {
        string root = Path.Combine(options.ImageFolder, "clothing_photos");
        string[] files = [.. ManifestTable.Rows(root).Where(r => PictureSets.IsHeldBack(r.Group)).Select(r => r.File)];
        Chance(4, 0).Shuffle(files);
        return [.. files.Take(120).Select(f => Read(Path.Combine(root, f)))];
    }

    private static string[] HeldBackProducts(string root, int seed)
    {
        string[] files = [.. ManifestTable.Rows(root).Where(r => PictureSets.IsHeldBack(r.Label)).Select(r => r.File).Order(StringComparer.Ordinal)];
        new Random(seed).Shuffle(files);
        return files;
    }

    private RgbImage Read(string path) =>
        reader.Decode(File.ReadAllBytes(path), Trusted) is { Image: { } image } ? image : throw new InvalidDataException($"{path} could not be decoded; the data set is damaged.");

    /// <summary>A picture to ask with. <c>Reference</c>: the right one in the gallery, null where it holds none.</summary>
    private sealed record Question(int Thing, Relation Expected, RgbImage Picture, int? Reference, Func<int, bool> IsAlike);
}

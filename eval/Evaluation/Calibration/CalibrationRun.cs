using System.Security.Cryptography;
using System.Text;
using CsvHelper;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Scenes;
using Touchstone.Screening;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Pipeline;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Calibration;

/// <summary>What a calibration is fitted on.</summary>
public sealed record CalibrationRunOptions
{
    /// <summary>The folder with <c>catalogue_products</c> and <c>clothing_photos</c>, each with its manifest.</summary>
    public required string ImageFolder { get; init; }

    /// <summary>The folder of SVG marks.</summary>
    public required string MarkFolder { get; init; }

    /// <summary>Products with queries, at least 20. Default 240.</summary>
    public int Products { get; init; } = 240;

    /// <summary>Further products in the gallery. Default 700.</summary>
    public int Distractors { get; init; } = 700;

    /// <summary>Products that are not in the gallery and are asked for all the same. Default 80.</summary>
    public int Strangers { get; init; } = 80;

    /// <summary>Marks with queries. Default 160.</summary>
    public int Marks { get; init; } = 160;

    public int Seed { get; init; } = 11;
}

/// <summary>
/// Fits a calibration profile as the product will use it: references in a gallery, queries made from held-back pictures (those that no
/// training saw), each measured against the candidates that the gallery proposes. Deterministic for one seed.
/// </summary>
public sealed class CalibrationRun(ImageReader reader, MatchJudge judge)
{
    private const int Candidates = 20;
    private static readonly DecodeOptions Trusted = new() { AllowSvg = true, MaxSide = 512 };

    public CalibrationProfile Run(CalibrationRunOptions options, IProgress<(string What, int Done, int Of)>? progress = null, CancellationToken cancellationToken = default)
    {
        var random = new Random(options.Seed);
        SceneMaker scenes = new(Backgrounds(options, random), random);
        List<LabelledPair> products = Products(options, scenes, random, progress, cancellationToken);
        List<LabelledPair> marks = Marks(options, scenes, random, progress, cancellationToken);
        RelationCalibration copy = CalibrationFitting.FitFinding([.. products.Concat(marks).Where(p => p.Relation == Relation.SameImage)]);
        RelationCalibration product = CalibrationFitting.Fit(products), mark = CalibrationFitting.Fit(marks);
        return new CalibrationProfile
        {
            Id = $"{reader.Model.Id}-synthetic-1",
            ModelId = reader.Model.Id,
            DataSetId = $"held-back catalogue products: {options.Products} with an edited copy and a scene each among {options.Products + options.Distractors}, and scenes of {options.Strangers} others; {options.Marks} marks on scenes among {2 * options.Marks}, and {options.Marks} scenes of products without; seed {options.Seed}",
            Relations = new Dictionary<Relation, RelationCalibration>
            {
                [Relation.SameImage] = copy,
                [Relation.SameProduct] = product,
                [Relation.SameDesign] = product,
                [Relation.MarkPresent] = mark,
            },
            Identifiers = new IdentifierCalibration(0.97, 0.90, 0.90, "set by hand: a GTIN names one product, but shops copy wrong ones; not fitted"),
        };
    }

    private List<LabelledPair> Products(CalibrationRunOptions options, SceneMaker scenes, Random random, IProgress<(string What, int Done, int Of)>? progress, CancellationToken cancellationToken)
    {
        string root = Path.Combine(options.ImageFolder, "catalogue_products");
        NearDuplicates alike = NearDuplicates.Of(root);
        string[] files = [.. Rows(root).Where(r => IsHeldBack(r.Label)).Select(r => r.File).Order(StringComparer.Ordinal)];
        random.Shuffle(files);
        string[] gallery = [.. files.Take(options.Products + options.Distractors)];
        string[] strangers = [.. files.Skip(gallery.Length).Take(options.Strangers)];
        RgbImage[] pictures = [.. gallery.Select(f => Read(Path.Combine(root, f)))];
        using ReferenceGallery held = Enrol(pictures, ReferenceKind.Alert, out DescribedImage[] described, "product references", progress, cancellationToken);

        var pairs = new List<LabelledPair>();
        for (int i = 0; i < options.Products; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Query(scenes.EditedCopy(pictures[i]), i, 2 * i);
            Query(scenes.Photo(CutOut.Of(pictures[i])), i, (2 * i) + 1);
            progress?.Report(("product queries", i + 1, options.Products));
        }
        for (int i = 0; i < strangers.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RgbImage scene = scenes.Photo(CutOut.Of(Read(Path.Combine(root, strangers[i]))));
            Measure(scene, held, described, 2 * (options.Products + i), pairs, id => alike.Same(gallery[id], strangers[i]) ? null : false);
        }
        return pairs;

        void Query(RgbImage picture, int truth, int number) => Measure(picture, held, described, number, pairs, id =>
            id == truth ? true : alike.Same(gallery[id], gallery[truth]) ? null : false);
    }

    private List<LabelledPair> Marks(CalibrationRunOptions options, SceneMaker scenes, Random random, IProgress<(string What, int Done, int Of)>? progress, CancellationToken cancellationToken)
    {
        string root = Path.Combine(options.ImageFolder, "catalogue_products");
        string[] products = [.. Rows(root).Where(r => IsHeldBack(r.Label)).Select(r => r.File).Order(StringComparer.Ordinal)];
        random.Shuffle(products);
        string[] files = Directory.GetFiles(options.MarkFolder, "*.svg");
        Array.Sort(files, StringComparer.Ordinal);
        files = [.. files.Where(f => IsHeldBack(Path.GetFileNameWithoutExtension(f)))];
        random.Shuffle(files);
        RgbImage[] pictures = [.. files.Take(2 * options.Marks).Select(f => Read(f))];
        using ReferenceGallery held = Enrol(pictures, ReferenceKind.Mark, out DescribedImage[] described, "mark references", progress, cancellationToken);

        var pairs = new List<LabelledPair>();
        for (int i = 0; i < options.Marks; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int truth = i;
            Measure(scenes.Photo(Printed(pictures[i], random), 0.3, 0.8), held, described, 2 * i, pairs, id => id == truth);
            RgbImage without = i % 4 == 0 ? scenes.Background() : scenes.Photo(CutOut.Of(Read(Path.Combine(root, products[i % products.Length]))));
            Measure(without, held, described, (2 * i) + 1, pairs, _ => false);
            progress?.Report(("mark queries", i + 1, options.Marks));
        }
        return pairs;
    }

    private ReferenceGallery Enrol(RgbImage[] pictures, ReferenceKind kind, out DescribedImage[] described, string what, IProgress<(string What, int Done, int Of)>? progress, CancellationToken cancellationToken)
    {
        var gallery = new ReferenceGallery(reader.Model);
        var all = new DescribedImage[pictures.Length];
        int done = 0;
        Parallel.For(0, pictures.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            all[i] = reader.Describe($"{kind}-{i}", pictures[i]);
            progress?.Report((what, Interlocked.Increment(ref done), pictures.Length));
        });
        for (int i = 0; i < all.Length; i++) gallery.Put(new GalleryImage(i, i, kind, all[i].Sha256), all[i]);
        described = all;
        return gallery;
    }

    private void Measure(RgbImage picture, ReferenceGallery gallery, DescribedImage[] described, int number, List<LabelledPair> pairs, Func<int, bool?> truth)
    {
        DescribedImage query = reader.Describe($"query-{number}", picture);
        foreach (Candidate candidate in gallery.FindCandidates(query, Candidates))
        {
            if (truth((int)candidate.Image.ReferenceId) is not { } same) continue;
            Measurement m = judge.Measure(query, described[candidate.Image.ReferenceId], candidate.Image.Kind);
            pairs.Add(new LabelledPair(m.Relation, number, m.Features, same));
        }
    }

    /// <summary>The mark in a colour, alone or on a plate of another colour.</summary>
    private static RgbaImage Printed(RgbImage mark, Random random)
    {
        bool plate = random.Next(2) == 0;
        byte[] ink = [(byte)random.Next(120), (byte)random.Next(120), (byte)random.Next(120)], paper = [(byte)random.Next(150, 256), (byte)random.Next(150, 256), (byte)random.Next(150, 256)];
        var pixels = new byte[mark.Width * mark.Height * 4];
        for (int i = 0; i < mark.Width * mark.Height; i++)
        {
            double cover = 1 - (mark.Pixels[i * 3] / 255.0);
            for (int c = 0; c < 3; c++) pixels[(i * 4) + c] = (byte)(plate ? (ink[c] * cover) + (paper[c] * (1 - cover)) : ink[c]);
            pixels[(i * 4) + 3] = plate ? (byte)255 : (byte)(cover * 255);
        }
        return new RgbaImage(mark.Width, mark.Height, pixels);
    }

    private List<RgbImage> Backgrounds(CalibrationRunOptions options, Random random)
    {
        string root = Path.Combine(options.ImageFolder, "clothing_photos");
        string[] files = [.. Rows(root).Where(r => IsHeldBack(r.Group)).Select(r => r.File)];
        random.Shuffle(files);
        return [.. files.Take(120).Select(f => Read(Path.Combine(root, f)))];
    }

    private RgbImage Read(string path) =>
        reader.Decode(File.ReadAllBytes(path), Trusted) is { Image: { } image } ? image : throw new InvalidDataException($"{path} could not be decoded; the data set is damaged.");

    /// <summary>The public test part of the data: what no training saw.</summary>
    private static bool IsHeldBack(string label)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(label));
        int rest = 0;
        foreach (byte b in hash) rest = ((rest * 256) + b) % 5;
        return rest == 0;
    }

    private static List<(string File, string Label, string Group)> Rows(string root) =>
        [.. Fields(Path.Combine(root, "manifest.csv"), "file", "label", "group").Select(f => (f[0], f[1], f[2]))];

    private static IEnumerable<string[]> Fields(string path, params string[] columns)
    {
        using CsvReader csv = CsvReader.Create(File.ReadAllBytes(path), new CsvReaderOptions { MissingField = CsvMissingFieldHandling.ReturnEmpty });
        csv.ReadHeader();
        int[] indexes = [.. columns.Select(c => csv.TryGetFieldIndex(c, out int index) ? index : throw new InvalidDataException($"{path} has no column '{c}'."))];
        while (csv.Read()) yield return [.. indexes.Select(i => csv.GetString(i))];
    }
}

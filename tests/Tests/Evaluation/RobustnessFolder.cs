using Touchstone.Evaluation;
using Touchstone.Evaluation.Galleries;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Tests.Vision.LocalFeatures;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Evaluation;

/// <summary>A data folder as the evaluations want it, of drawn packages and drawn scenes, some held back; and the reader with the shipped model and profile.</summary>
public sealed class RobustnessFolder : IDisposable
{
    private const int HeldBack = 9;
    private readonly ImageEmbedder _embedder = ImageEmbedder.Load(ModelCatalog.Load());

    public RobustnessFolder()
    {
        Parts = new EvaluationParts(new FeatureExtractor(new ImageDecoder(), _embedder), ShippedProfiles.Find(_embedder.ModelId));
        Directory.CreateDirectory(System.IO.Path.Combine(Images, PictureSets.Products));
        Directory.CreateDirectory(System.IO.Path.Combine(Images, PictureSets.Garments));
        string[] numbers = [.. Enumerable.Range(0, 200).Select(i => $"thing {i}")];
        string[] labels = [.. numbers.Where(PictureSets.IsHeldBack).Take(HeldBack), .. numbers.Where(label => !PictureSets.IsHeldBack(label)).Take(4)];
        for (int i = 0; i < labels.Length; i++) Write(PictureSets.Products, $"{i}.png", Drawn.Package(500 + i));
        for (int i = 0; i < 3; i++) Write(PictureSets.Garments, $"{i}.png", DrawnPicture.Scene(900 + i, 200, 200));
        Manifest(PictureSets.Products, "file,label,role", labels.Select((label, i) => $"{i}.png,{label},reference"));
        Manifest(PictureSets.Garments, "file,label,group,role", numbers.Where(sender => !PictureSets.IsHeldBack(sender)).Take(3).Select((sender, i) => $"{i}.png,T-Shirt,{sender},distractor"));
    }

    public static string Marks => System.IO.Path.Combine(SharedData.RepositoryRoot, "native", "node_modules", "simple-icons", "icons");

    public string Path { get; } = Directory.CreateTempSubdirectory("touchstone-robustness").FullName;

    public string Images => System.IO.Path.Combine(Path, "images");

    public EvaluationParts Parts { get; }

    public void Dispose()
    {
        _embedder.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    private void Write(string set, string name, RgbImage picture) => File.WriteAllBytes(System.IO.Path.Combine(Images, set, name), ImageEncoder.Png(ImageOperations.Resize(picture, 200, 200)));

    private void Manifest(string set, string header, IEnumerable<string> rows) => File.WriteAllLines(System.IO.Path.Combine(Images, set, "manifest.csv"), [header, .. rows]);
}

using Touchstone.Evaluation;
using Touchstone.Recognition.Features;
using Touchstone.Tests.Vision.LocalFeatures;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Evaluation;

/// <summary>A folder of drawn pictures and the reader with the shipped model; both go when the tests of the class are done.</summary>
public sealed class EvaluationFolder : IDisposable
{
    private readonly ImageEmbedder _embedder = ImageEmbedder.Load(ModelCatalog.Load());

    public EvaluationFolder()
    {
        Parts = new EvaluationParts(new FeatureExtractor(new ImageDecoder(), _embedder), null);
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "pictures"));
        for (int seed = 0; seed < 9; seed++)
            File.WriteAllBytes(System.IO.Path.Combine(Path, "pictures", $"{seed}.png"), ImageEncoder.Png(DrawnPicture.Scene(100 + seed, 240, 200)));
        for (int seed = 0; seed < 3; seed++)
            File.WriteAllBytes(System.IO.Path.Combine(Path, $"dark{seed}.jpg"), ImageEncoder.Jpeg(DrawnPicture.Recoloured(DrawnPicture.Scene(100 + seed, 240, 200), 0.7, 10), 70));
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("touchstone-evaluation").FullName;

    public EvaluationParts Parts { get; }

    public string Manifest(params string[] lines)
    {
        string path = System.IO.Path.Combine(Path, $"{Guid.NewGuid():n}.csv");
        File.WriteAllLines(path, lines);
        return path;
    }

    public void Dispose()
    {
        _embedder.Dispose();
        Directory.Delete(Path, recursive: true);
    }
}

using System.Security.Cryptography;
using System.Text;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Text;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Galleries;

/// <summary>
/// Descriptions of pictures kept in a folder between evaluations, so that a gallery is described once. A description is found again
/// only for the same bytes, the same model file and the same build of the code that describes: a changed extractor describes anew.
/// Safe for concurrent use.
/// </summary>
internal sealed class DescriptionCache
{
    private readonly ModelEntry _model;
    private readonly string _folder;

    public DescriptionCache(string folder, ModelEntry model)
    {
        _model = model;
        string build = $"{model.Sha256} {typeof(RgbImage).Module.ModuleVersionId} {typeof(FeatureExtractor).Module.ModuleVersionId}";
        _folder = Path.Combine(folder, $"{model.Id}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(build)))[..12]}");
        Directory.CreateDirectory(_folder);
    }

    /// <param name="withText">Whether a description without the picture's text is none.</param>
    public ImageFeatures? Find(string sha256, bool withText = false)
    {
        string path = PathOf(sha256), text = TextPathOf(sha256);
        if (!File.Exists(path) || (withText && !File.Exists(text))) return null;
        return FeatureFormat.Read(sha256, _model, File.ReadAllBytes(path)) with { Text = withText ? OcrText.FromJson(File.ReadAllText(text)) : null };
    }

    public void Keep(ImageFeatures image)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(image.Sha256))!);
        Write(PathOf(image.Sha256), FeatureFormat.Write(image));
        if (image.Text is { } text) Write(TextPathOf(image.Sha256), Encoding.UTF8.GetBytes(text.ToJson()));
    }

    private static void Write(string path, byte[] bytes)
    {
        string unfinished = $"{path}.{Environment.CurrentManagedThreadId}";
        File.WriteAllBytes(unfinished, bytes);
        File.Move(unfinished, path, overwrite: true);
    }

    private string TextPathOf(string sha256) => Path.Combine(_folder, sha256[..2], sha256 + ".text.json");

    private string PathOf(string sha256) => Path.Combine(_folder, sha256[..2], sha256 + ".features");
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Touchstone.Screening.Pipeline;
using Touchstone.Screening.Storage.Rows;
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
        string build = $"{model.Sha256} {typeof(RgbImage).Module.ModuleVersionId} {typeof(ImageReader).Module.ModuleVersionId}";
        _folder = Path.Combine(folder, $"{model.Id}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(build)))[..12]}");
        Directory.CreateDirectory(_folder);
    }

    public DescribedImage? Find(string sha256)
    {
        string path = PathOf(sha256);
        if (!File.Exists(path)) return null;
        ImageDescriptionRow row = JsonSerializer.Deserialize<ImageDescriptionRow>(File.ReadAllBytes(path)) ?? throw new InvalidDataException($"{path} is empty; delete it.");
        return DescribedImage.FromRow(row, _model.Dimension, _model.RegionDimension);
    }

    public void Keep(DescribedImage image)
    {
        string path = PathOf(image.Sha256), unfinished = $"{path}.{Environment.CurrentManagedThreadId}";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(unfinished, JsonSerializer.SerializeToUtf8Bytes(image.ToRow(DateTimeOffset.UnixEpoch)));
        File.Move(unfinished, path, overwrite: true);
    }

    private string PathOf(string sha256) => Path.Combine(_folder, sha256[..2], sha256 + ".json");
}

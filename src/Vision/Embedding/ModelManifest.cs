using System.Numerics.Tensors;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Touchstone.Vision.Embedding;

/// <summary>How pixels become input values. A value is <c>(sample − Mean) / Scale</c>, sample 0..255, one entry for each of R, G, B.</summary>
public sealed record ModelPreprocessing
{
    public IReadOnlyList<float> Mean { get; init; } = [];

    /// <summary>Divisors, not 0.</summary>
    public IReadOnlyList<float> Scale { get; init; } = [];

    /// <summary>The colour beside a picture that is not square, R, G, B in 0..255.</summary>
    public IReadOnlyList<int> Padding { get; init; } = [];

    /// <summary>How the square is resized; <c>area</c> (area average when shrinking, bilinear when enlarging) is the one that is known.</summary>
    public string Interpolation { get; init; } = string.Empty;
}

/// <summary>Names of a model's outputs; <c>Regions</c> and <c>Cells</c> are null where it has none.</summary>
public sealed record ModelOutputs
{
    public string Embedding { get; init; } = string.Empty;

    public string? Regions { get; init; }

    /// <summary>What each cell of the picture adds to the part of the embedding that lives in the regions' space; null where the model does not tell.</summary>
    public string? Cells { get; init; }
}

/// <summary>The window of one region in parts of the padded square, 0..1, origin at its top left.</summary>
public sealed record ModelRegion(float X, float Y, float Width, float Height);

/// <summary>The cells of a model's last feature map.</summary>
/// <param name="Across">Cells along each side of the padded square.</param>
/// <param name="First">Where the first cell looks: the centre of its receptive field in parts of the side, 0..1. The next one looks one part in <paramref name="Across"/> further.</param>
public sealed record ModelCells(int Across, float First);

/// <summary>One model as <c>models/manifest.json</c> describes it: the facts that sit with the file, so that another file can take its place.</summary>
public sealed record ModelEntry
{
    /// <summary>The name by which embeddings are kept apart: a changed file gets a new id.</summary>
    public string Id { get; init; } = string.Empty;

    /// <summary>File name in the models folder, without folders.</summary>
    public string File { get; init; } = string.Empty;

    /// <summary>Where the file can be had (https), or null if it is shipped.</summary>
    public string? Url { get; init; }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; init; } = string.Empty;

    /// <summary>The file's size.</summary>
    public long Bytes { get; init; }

    public string Licence { get; init; } = string.Empty;

    /// <summary>The model card's file name, or null.</summary>
    public string? Card { get; init; }

    /// <summary>Side of the square input in px.</summary>
    public int InputSize { get; init; }

    /// <summary>The input's name; its shape is N×3×InputSize×InputSize.</summary>
    public string Input { get; init; } = string.Empty;

    public ModelOutputs Outputs { get; init; } = new();

    /// <summary>Length of the global embedding.</summary>
    public int Dimension { get; init; }

    /// <summary>Length of each regional embedding; 0 where there are none.</summary>
    public int RegionDimension { get; init; }

    /// <summary>Where the part of the global embedding that lives in the regions' space begins; null where the two cannot be compared.</summary>
    public int? RegionOffset { get; init; }

    /// <summary>The cells that an output tells of; null where none does.</summary>
    public ModelCells? Cells { get; init; }

    public ModelPreprocessing Preprocessing { get; init; } = new();

    /// <summary>The windows in the order in which the model gives them.</summary>
    public IReadOnlyList<ModelRegion> Regions { get; init; } = [];

    /// <summary>The whole picture in the regions' space: <see cref="RegionDimension"/> values, L2 norm 1.</summary>
    /// <exception cref="InvalidOperationException">The model has no <see cref="RegionOffset"/>.</exception>
    public float[] RegionView(ReadOnlySpan<float> global)
    {
        if (RegionOffset is not { } offset) throw new InvalidOperationException($"The regions of {Id} cannot be compared with its global embeddings.");
        ReadOnlySpan<float> part = global.Slice(offset, RegionDimension);
        var view = new float[RegionDimension];
        TensorPrimitives.Divide(part, TensorPrimitives.Norm(part), view);
        return view;
    }
}

/// <summary>The content of <c>models/manifest.json</c>.</summary>
public sealed record ModelManifest
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
    };

    /// <summary>The id of the embedding that is used unless another is asked for.</summary>
    public string DefaultEmbedding { get; init; } = string.Empty;

    public IReadOnlyList<ModelEntry> Embeddings { get; init; } = [];

    /// <summary>Reads and checks a manifest; every fault is named at once.</summary>
    /// <exception cref="ModelManifestException">It is no JSON of this form, or its facts contradict each other.</exception>
    public static ModelManifest Parse(string json)
    {
        ModelManifest manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<ModelManifest>(json, Json) ?? throw new ModelManifestException(["It is empty."]);
        }
        catch (JsonException e)
        {
            throw new ModelManifestException([e.Message], e);
        }

        IReadOnlyList<string> faults = ModelManifestRules.Check(manifest);
        return faults.Count == 0 ? manifest : throw new ModelManifestException(faults);
    }
}

/// <summary>A model manifest cannot be used; <see cref="Faults"/> names everything that is wrong with it.</summary>
public sealed class ModelManifestException(IReadOnlyList<string> faults, Exception? inner = null)
    : Exception("The model manifest cannot be used: " + string.Join(" ", faults), inner)
{
    public IReadOnlyList<string> Faults { get; } = faults;
}

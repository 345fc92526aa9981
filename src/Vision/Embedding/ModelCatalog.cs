using System.Security.Cryptography;

namespace Touchstone.Vision.Embedding;

/// <summary>Why a model's file cannot be used.</summary>
public enum ModelFileState
{
    /// <summary>The file is there and its hash is the manifest's.</summary>
    Ready,

    /// <summary>The file is in none of the folders.</summary>
    Missing,

    /// <summary>The file is there but is another one than the manifest says.</summary>
    WrongHash,
}

/// <summary>
/// The models that the program knows: the manifest shipped beside it, and the folders in which model files lie, searched in order
/// (what is shipped, then what was downloaded). Immutable; thread-safe.
/// </summary>
public sealed class ModelCatalog
{
    private readonly string[] _folders;

    private ModelCatalog(ModelManifest manifest, string[] folders)
    {
        Manifest = manifest;
        _folders = folders;
    }

    public ModelManifest Manifest { get; }

    /// <summary>The folder of models beside the program.</summary>
    public static string ShippedFolder => Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>Loads the shipped manifest. <paramref name="downloads"/>: a further folder, where downloaded models lie.</summary>
    /// <exception cref="ModelManifestException">The manifest cannot be used.</exception>
    /// <exception cref="IOException">The manifest cannot be read.</exception>
    public static ModelCatalog Load(string? downloads = null) => LoadFrom(ShippedFolder, downloads);

    /// <inheritdoc cref="Load"/>
    public static ModelCatalog LoadFrom(string folder, string? downloads = null)
    {
        ModelManifest manifest = ModelManifest.Parse(File.ReadAllText(Path.Combine(folder, "manifest.json")));
        return new ModelCatalog(manifest, downloads is null ? [folder] : [folder, downloads]);
    }

    /// <summary>The entry of that id, or the default one for null.</summary>
    /// <exception cref="ArgumentException">The manifest has no such model.</exception>
    public ModelEntry Find(string? id = null)
    {
        string wanted = id ?? Manifest.DefaultEmbedding;
        return Manifest.Embeddings.FirstOrDefault(m => m.Id == wanted)
            ?? throw new ArgumentException($"There is no model '{wanted}'; the manifest has {string.Join(", ", Manifest.Embeddings.Select(static m => m.Id))}.", nameof(id));
    }

    /// <summary>Looks for the model's file and checks its hash (reads the whole file).</summary>
    public (ModelFileState State, string? Path) Locate(ModelEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        string? wrong = null;
        foreach (string folder in _folders)
        {
            string path = Path.Combine(folder, entry.File);
            if (!File.Exists(path)) continue;
            if (HashOf(path) == entry.Sha256) return (ModelFileState.Ready, path);
            wrong ??= path;
        }

        return wrong is null ? (ModelFileState.Missing, null) : (ModelFileState.WrongHash, wrong);
    }

    internal static string HashOf(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}

/// <summary>A model is named in the manifest, but its file is absent or another one.</summary>
public sealed class ModelUnavailableException(string id, ModelFileState state, string message) : Exception(message)
{
    public string ModelId { get; } = id;

    public ModelFileState State { get; } = state;
}

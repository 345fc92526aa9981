using System.Text.Json.Nodes;
using Touchstone.Tests.Fixtures;
using Touchstone.Vision.Embedding;

namespace Touchstone.Tests.Vision.Embedding;

public sealed class ModelManifestTests
{
    private static string Shipped => File.ReadAllText(Path.Combine(ModelCatalog.ShippedFolder, "manifest.json"));

    [Fact]
    public void The_shipped_manifest_describes_files_that_are_there()
    {
        ModelCatalog catalog = ModelCatalog.Load();
        foreach (ModelEntry entry in catalog.Manifest.Embeddings.Where(e => e.Url is null))
        {
            (ModelFileState state, string? path) = catalog.Locate(entry);
            Assert.Equal(ModelFileState.Ready, state);
            Assert.Equal(entry.Bytes, new FileInfo(path!).Length);
            Assert.True(File.Exists(Path.Combine(SharedData.RepositoryRoot, "models", entry.Card!)), "the model card");
        }
    }

    [Fact]
    public void All_faults_are_named_at_once()
    {
        JsonNode manifest = JsonNode.Parse(Shipped)!;
        manifest["defaultEmbedding"] = "another";
        JsonNode entry = manifest["embeddings"]![0]!;
        entry["file"] = "../escape.onnx";
        entry["sha256"] = "ABC";
        entry["dimension"] = 0;
        entry["preprocessing"]!["interpolation"] = "magic";
        entry["regions"]![0]!["x"] = 0.9;
        entry["cells"]!["across"] = 0;
        ModelManifestException e = Assert.Throws<ModelManifestException>(() => ModelManifest.Parse(manifest.ToJsonString()));
        Assert.Equal(8, e.Faults.Count); // a dimension of 0 also leaves no room for the regions' part
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"embedings\":[]}")]
    [InlineData("{\"embeddings\":[]}")]
    public void What_is_no_manifest_is_refused(string json) => Assert.Throws<ModelManifestException>(() => ModelManifest.Parse(json));

    [Fact]
    public void Another_file_under_the_models_name_is_refused()
    {
        string folder = Directory.CreateTempSubdirectory("touchstone-catalog-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "manifest.json"), Shipped);
            ModelCatalog catalog = ModelCatalog.LoadFrom(folder);
            Assert.Equal(ModelFileState.Missing, Assert.Throws<ModelUnavailableException>(() => ImageEmbedder.Load(catalog)).State);
            File.WriteAllText(Path.Combine(folder, "touchstone_embed_3.onnx"), "no model");
            Assert.Equal(ModelFileState.WrongHash, Assert.Throws<ModelUnavailableException>(() => ImageEmbedder.Load(catalog)).State);
            Assert.Throws<ArgumentException>(() => catalog.Find("unknown"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_file_that_contradicts_the_manifest_is_refused()
    {
        string folder = Directory.CreateTempSubdirectory("touchstone-catalog-").FullName;
        try
        {
            JsonNode manifest = JsonNode.Parse(Shipped)!;
            manifest["embeddings"]![0]!["dimension"] = 300;
            manifest["embeddings"]![0]!["regionOffset"] = null;
            manifest["embeddings"]![0]!["outputs"]!["cells"] = null;
            manifest["embeddings"]![0]!["cells"] = null;
            manifest["embeddings"]![0]!["input"] = "pixels";
            File.WriteAllText(Path.Combine(folder, "manifest.json"), manifest.ToJsonString());
            ModelCatalog catalog = ModelCatalog.LoadFrom(folder, ModelCatalog.ShippedFolder);
            Assert.Equal(2, Assert.Throws<ModelManifestException>(() => ImageEmbedder.Load(catalog)).Faults.Count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

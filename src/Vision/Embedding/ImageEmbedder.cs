using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.Inference;

namespace Touchstone.Vision.Embedding;

/// <summary>
/// Embeds pictures with one model of the manifest. Input: RGB, 8 bits, any size. Output: <see cref="ImageEmbedding"/>, float32, L2 norm
/// 1 within 1e-4, global and by region. Safe for concurrent calls; dispose it after the last one. Deterministic for equal input and
/// thread count on one machine. Throws <see cref="OnnxRuntimeException"/> if the session fails and
/// <see cref="ModelManifestException"/> if what it gives is not what the manifest says.
/// </summary>
public sealed class ImageEmbedder : IDisposable
{
    // One call of the runtime holds the activations of all its pictures; more than this gains no speed on a CPU.
    private const int MaxBatch = 8;

    private readonly OnnxModel _model;
    private readonly byte[] _padding;
    private readonly string[] _outputs;

    private ImageEmbedder(ModelEntry entry, OnnxModel model)
    {
        Model = entry;
        _model = model;
        _padding = [.. entry.Preprocessing.Padding.Select(static p => (byte)p)];
        _outputs = entry.Outputs.Regions is null ? [entry.Outputs.Embedding] : [entry.Outputs.Embedding, entry.Outputs.Regions];
    }

    /// <summary>The model's facts.</summary>
    public ModelEntry Model { get; }

    /// <summary>The id that every embedding of this embedder carries.</summary>
    public string ModelId => Model.Id;

    /// <summary>Loads a model of the catalogue; null takes the default one.</summary>
    /// <exception cref="ModelUnavailableException">Its file is absent or is another one than the manifest says.</exception>
    /// <exception cref="ModelManifestException">The file's inputs and outputs are not those of the manifest.</exception>
    /// <exception cref="OnnxRuntimeException">The file is no model that the runtime reads.</exception>
    public static ImageEmbedder Load(ModelCatalog catalog, string? id = null, OnnxModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ModelEntry entry = catalog.Find(id);
        (ModelFileState state, string? path) = catalog.Locate(entry);
        if (state == ModelFileState.Missing) throw new ModelUnavailableException(entry.Id, state, $"The model {entry.Id} is not installed: run 'touchstone models pull {entry.Id}'.");
        if (state == ModelFileState.WrongHash) throw new ModelUnavailableException(entry.Id, state, $"The file {path} is not the model {entry.Id} of the manifest: its SHA-256 differs.");
        OnnxModel model = OnnxModel.Load(path!, options);
        IReadOnlyList<string> faults = Compare(entry, model);
        if (faults.Count == 0) return new ImageEmbedder(entry, model);
        model.Dispose();
        throw new ModelManifestException(faults);
    }

    public ImageEmbedding Embed(RgbImage image) => Embed([image])[0];

    /// <summary>Embeds pictures in one go, in their order; each as if alone, within 1e-5.</summary>
    public IReadOnlyList<ImageEmbedding> Embed(IReadOnlyList<RgbImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        List<ImageEmbedding> embeddings = new(images.Count);
        int values = 3 * Model.InputSize * Model.InputSize;
        for (int start = 0; start < images.Count; start += MaxBatch)
        {
            int count = Math.Min(MaxBatch, images.Count - start);
            float[] input = new float[count * values];
            for (int i = 0; i < count; i++) Preprocess(images[start + i], input.AsSpan(i * values, values));
            embeddings.AddRange(EmbedInput(input, count));
        }

        return embeddings;
    }

    /// <summary>
    /// Where the picture is like another one: what each of its cells adds to the cosine of both in the regions' space. Exact: the model's pooling
    /// and projection are sums over the cells.
    /// </summary>
    /// <param name="image">The picture.</param>
    /// <param name="other">The other picture there (<see cref="ModelEntry.RegionView"/>), length 1.</param>
    /// <returns>Null where the model tells nothing of its cells.</returns>
    /// <exception cref="ArgumentException"><paramref name="other"/> has another dimension than the regions' space.</exception>
    public SimilarityMap? Likeness(RgbImage image, ReadOnlySpan<float> other)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (Model is not { Outputs.Cells: { } output, Cells: { } cells }) return null;
        if (other.Length != Model.RegionDimension) throw new ArgumentException($"The other embedding has {other.Length} values; {Model.Id} has {Model.RegionDimension} there.", nameof(other));
        float[] input = new float[3 * Model.InputSize * Model.InputSize];
        Preprocess(image, input);
        NamedTensor result = _model.Run([new NamedTensor(Model.Input, input, [1, 3, Model.InputSize, Model.InputSize])], [output])[0];
        int count = cells.Across * cells.Across;
        CheckShape(result, [1, count, Model.RegionDimension]);
        float[] shares = new float[count];
        for (int i = 0; i < count; i++) shares[i] = TensorPrimitives.Dot(result.Data.AsSpan(i * Model.RegionDimension, Model.RegionDimension), other);
        return SimilarityMap.Of(shares, cells, image.Width, image.Height);
    }

    public void Dispose() => _model.Dispose();

    /// <summary>The model's input for one picture: 3 planes (R, G, B) of InputSize rows.</summary>
    internal void Preprocess(RgbImage image, Span<float> planes)
    {
        byte[] square = SquareResampler.Resample(image, Model.InputSize, _padding);
        int plane = Model.InputSize * Model.InputSize;
        for (int c = 0; c < 3; c++)
        {
            float mean = Model.Preprocessing.Mean[c];
            float scale = Model.Preprocessing.Scale[c];
            Span<float> target = planes.Slice(c * plane, plane);
            for (int i = 0; i < plane; i++) target[i] = (square[(i * 3) + c] - mean) / scale;
        }
    }

    /// <summary>Runs the model on prepared input of N×3×InputSize×InputSize.</summary>
    internal IReadOnlyList<ImageEmbedding> EmbedInput(float[] input, int count)
    {
        NamedTensor image = new(Model.Input, input, [count, 3, Model.InputSize, Model.InputSize]);
        IReadOnlyList<NamedTensor> results = _model.Run([image], _outputs);
        CheckShape(results[0], [count, Model.Dimension]);
        if (results.Count > 1) CheckShape(results[1], [count, Model.Regions.Count, Model.RegionDimension]);
        ImageEmbedding[] embeddings = new ImageEmbedding[count];
        for (int i = 0; i < count; i++)
        {
            float[] global = Normalised(results[0].Data.AsSpan(i * Model.Dimension, Model.Dimension));
            float[][] regions = new float[results.Count > 1 ? Model.Regions.Count : 0][];
            for (int r = 0; r < regions.Length; r++)
                regions[r] = Normalised(results[1].Data.AsSpan(((i * regions.Length) + r) * Model.RegionDimension, Model.RegionDimension));
            embeddings[i] = new ImageEmbedding(Model.Id, global, regions);
        }

        return embeddings;
    }

    private static List<string> Compare(ModelEntry entry, OnnxModel model)
    {
        List<string> faults = [];
        if (model.Inputs.Count != 1) faults.Add($"{entry.Id}: the file has {model.Inputs.Count} inputs; one is used.");
        TensorSpec? input = model.Inputs.FirstOrDefault(i => i.Name == entry.Input);
        if (input is null) faults.Add($"{entry.Id}: the file has no input '{entry.Input}'.");
        else Agree(faults, entry, input, [-1, 3, entry.InputSize, entry.InputSize]);
        Output(entry.Outputs.Embedding, [-1, entry.Dimension]);
        if (entry.Outputs.Regions is { } regions) Output(regions, [-1, entry.Regions.Count, entry.RegionDimension]);
        if (entry is { Outputs.Cells: { } output, Cells: { } cells }) Output(output, [-1, cells.Across * cells.Across, entry.RegionDimension]);
        return faults;

        void Output(string name, long[] shape)
        {
            TensorSpec? output = model.Outputs.FirstOrDefault(o => o.Name == name);
            if (output is null) faults.Add($"{entry.Id}: the file has no output '{name}'.");
            else Agree(faults, entry, output, shape);
        }
    }

    private static void Agree(List<string> faults, ModelEntry entry, TensorSpec spec, long[] wanted)
    {
        bool agrees = spec.Type == TensorElementType.Float && spec.Shape.Count == wanted.Length;
        for (int i = 0; agrees && i < wanted.Length; i++) agrees = spec.Shape[i] < 0 || wanted[i] < 0 || spec.Shape[i] == wanted[i];
        if (!agrees) faults.Add($"{entry.Id}: '{spec.Name}' is {spec.Type} {string.Join('×', spec.Shape)} in the file, but {string.Join('×', wanted)} in the manifest.");
    }

    private static void CheckShape(NamedTensor tensor, long[] wanted)
    {
        if (!tensor.Shape.AsSpan().SequenceEqual(wanted))
            throw new ModelManifestException([$"The output '{tensor.Name}' has the shape {string.Join('×', tensor.Shape)}, not {string.Join('×', wanted)}."]);
    }

    private static float[] Normalised(ReadOnlySpan<float> values)
    {
        float norm = TensorPrimitives.Norm(values);
        if (!float.IsFinite(norm) || norm < 1e-6f) throw new ModelManifestException([$"An embedding has the length {norm}, which has no direction."]);
        float[] unit = new float[values.Length];
        TensorPrimitives.Divide(values, norm, unit);
        return unit;
    }
}

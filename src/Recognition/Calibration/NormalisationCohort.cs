using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Text;
using Touchstone.Vision.Embedding;

namespace Touchstone.Recognition.Calibration;

/// <summary>
/// How strongly a picture resembles pictures that have nothing to do with it: mean and standard deviation of its
/// <see cref="NormalisationCohort.Nearest"/> highest cosines with the background set, as a whole and by its best window.
/// </summary>
/// <param name="Mean">−1..1.</param>
/// <param name="Spread">Above 0.</param>
/// <param name="RegionMean">−1..1.</param>
/// <param name="RegionSpread">Above 0.</param>
public readonly record struct CohortLevel(double Mean, double Spread, double RegionMean, double RegionSpread);

/// <summary>
/// Embeddings of pictures that show nothing that is looked for. A similarity says more for a picture that resembles none of them than for
/// one that resembles all: <see cref="NormalisedScore"/> is a similarity in units of what the background gives both pictures (adaptive
/// symmetric score normalisation; Matějka et al., "Analysis of Score Normalization in Multilingual Speaker Recognition", 2017).
/// Stored as 8-bit values with a factor a row. Immutable; safe for concurrent use; deterministic.
/// </summary>
public sealed class NormalisationCohort
{
    /// <summary>So many of the highest cosines make a level.</summary>
    public const int Nearest = 32;

    private const double LeastSpread = 0.01;
    private static readonly byte[] Magic = "TSBG1\n"u8.ToArray();

    private readonly sbyte[][] rows;
    private readonly float[] factors;
    private readonly float[] whole;
    private readonly ConditionalWeakTable<ImageEmbedding, object> levels = [];
    private float[][]? regionViews;

    private NormalisationCohort(string modelId, int dimension, sbyte[][] rows, float[] factors)
    {
        (ModelId, Dimension, this.rows, this.factors) = (modelId, dimension, rows, factors);
        whole = new float[rows.Length * dimension];
        for (int i = 0; i < rows.Length; i++)
        {
            Span<float> row = whole.AsSpan(i * dimension, dimension);
            for (int k = 0; k < dimension; k++) row[k] = rows[i][k] * factors[i];
            TensorPrimitives.Divide(row, TensorPrimitives.Norm<float>(row), row);
        }
    }

    /// <summary>The model that made the embeddings.</summary>
    public string ModelId { get; }

    /// <summary>Values of a vector.</summary>
    public int Dimension { get; }

    /// <summary>Pictures in the set.</summary>
    public int Count => rows.Length;

    /// <summary>The set that the program ships for the model, or null.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static NormalisationCohort? ShippedFor(string modelId)
    {
        string path = Path.Combine(ShippedProfiles.Folder, FileNameOf(modelId));
        return File.Exists(path) ? Parse(File.ReadAllBytes(path)) : null;
    }

    /// <summary>The name of the file beside the model's profiles.</summary>
    public static string FileNameOf(string modelId) => $"{modelId}.background";

    /// <param name="embeddings">At least <see cref="Nearest"/> embeddings of one model.</param>
    /// <exception cref="ArgumentException">Too few, or of several models.</exception>
    public static NormalisationCohort Of(IReadOnlyList<ImageEmbedding> embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        if (embeddings.Count < Nearest) throw new ArgumentException($"A background set has at least {Nearest} pictures, not {embeddings.Count}.", nameof(embeddings));
        if (embeddings.Select(e => e.ModelId).Distinct(StringComparer.Ordinal).Count() > 1) throw new ArgumentException("The embeddings are of several models.", nameof(embeddings));
        float[] factors = [.. embeddings.Select(e => TensorPrimitives.MaxMagnitude<float>(e.Global) is var most && most != 0 ? Math.Abs(most) / 127 : 1)];
        sbyte[][] rows = [.. embeddings.Select((e, i) => Array.ConvertAll(e.Global, v => (sbyte)Math.Round(v / factors[i])))];
        return new NormalisationCohort(embeddings[0].ModelId, embeddings[0].Global.Length, rows, factors);
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no background set, or cut off.</exception>
    public static NormalisationCohort Parse(byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
            if (!reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic)) throw new InvalidDataException("The file is no background set.");
            string model = reader.ReadString();
            int count = reader.ReadInt32(), dimension = reader.ReadInt32();
            if (count < Nearest || dimension < 1 || reader.BaseStream.Length - reader.BaseStream.Position != (long)count * (4 + dimension))
                throw new InvalidDataException($"The background set of {model} is damaged: {count} rows of {dimension} values do not fill the file. Make it anew with touchstone evaluate calibrate.");
            var factors = new float[count];
            var rows = new sbyte[count][];
            for (int i = 0; i < count; i++)
            {
                factors[i] = reader.ReadSingle();
                rows[i] = Array.ConvertAll(reader.ReadBytes(dimension), b => (sbyte)b);
            }
            return new NormalisationCohort(model, dimension, rows, factors);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The background set is cut off. Make it anew with touchstone evaluate calibrate.", e);
        }
    }

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            writer.Write(Magic);
            writer.Write(ModelId);
            writer.Write(Count);
            writer.Write(Dimension);
            for (int i = 0; i < Count; i++)
            {
                writer.Write(factors[i]);
                writer.Write(Array.ConvertAll(rows[i], v => (byte)v));
            }
        }
        return stream.ToArray();
    }

    /// <summary>A similarity in standard deviations above what the background gives; the mean over both pictures. About −5..15.</summary>
    public static double NormalisedScore(double similarity, double mean, double spread, double otherMean, double otherSpread) =>
        0.5 * (((similarity - mean) / spread) + ((similarity - otherMean) / otherSpread));

    /// <summary>The picture's level, computed once for each embedding object.</summary>
    /// <exception cref="ArgumentException">The embedding is another model's.</exception>
    public CohortLevel LevelOf(ImageEmbedding embedding, ModelEntry model)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        if (embedding.ModelId != ModelId) throw new ArgumentException($"The background set holds embeddings of {ModelId}, not of {embedding.ModelId}.", nameof(embedding));
        return (CohortLevel)levels.GetValue(embedding, e => Compute(e, model));
    }

    private object Compute(ImageEmbedding embedding, ModelEntry model)
    {
        var cosines = new float[Count];
        for (int i = 0; i < Count; i++) cosines[i] = TensorPrimitives.Dot<float>(embedding.Global, whole.AsSpan(i * Dimension, Dimension));
        (double mean, double spread) = Top(cosines);
        if (model.RegionOffset is null) return new CohortLevel(mean, spread, mean, spread);
        float[][] others = regionViews ??= [.. Enumerable.Range(0, Count).Select(i => model.RegionView(whole.AsSpan(i * Dimension, Dimension)))];
        float[][] views = [model.RegionView(embedding.Global), .. embedding.Regions];
        for (int i = 0; i < Count; i++) cosines[i] = views.Max(v => TensorPrimitives.Dot<float>(v, others[i]));
        (double regionMean, double regionSpread) = Top(cosines);
        return new CohortLevel(mean, spread, regionMean, regionSpread);
    }

    private static (double Mean, double Spread) Top(float[] cosines)
    {
        float[] top = [.. cosines.OrderDescending().Take(Nearest)];
        double mean = top.Average(v => (double)v);
        return (mean, Math.Max(LeastSpread, Math.Sqrt(top.Average(v => (v - mean) * (v - mean)))));
    }
}

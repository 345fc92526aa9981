using System.Text.Json;
using System.Text.Json.Serialization;
using Touchstone.Recognition.Calibration;
using Touchstone.Vision.Embedding;

namespace Touchstone.Evaluation.Calibration;

/// <summary>What a calibration measured: measuring takes most of an hour, fitting a minute, so that it can be kept in a file and fitted again.</summary>
/// <param name="ModelId">Whose features were compared.</param>
/// <param name="Seed">For what was drawn and made.</param>
/// <param name="Background">The background set that similarities were normalised by, as <see cref="NormalisationCohort.ToBytes"/> gives it.</param>
public sealed record MeasuredSamples(string ModelId, int Seed, byte[] Background, CalibrationSamples Samples)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { IgnoreReadOnlyProperties = true, Converters = { new JsonStringEnumConverter() }, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public void Write(string path)
    {
        using FileStream file = File.Create(path);
        JsonSerializer.Serialize(file, this, Format);
    }

    /// <summary>Reads what <see cref="Write"/> wrote for the model.</summary>
    /// <exception cref="InvalidDataException">It is no such file, or of another model.</exception>
    public static MeasuredSamples Read(string path, ModelEntry model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using FileStream file = File.OpenRead(path);
        MeasuredSamples? read;
        try
        {
            read = JsonSerializer.Deserialize<MeasuredSamples>(file, Format);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} holds no samples of a calibration ({e.Message}); give a file that evaluate calibrate --samples wrote.", e);
        }
        if (read is not { Samples: { Pairs: not null, Queries: not null }, Background: not null }) throw new InvalidDataException($"{path} holds no samples of a calibration; give a file that evaluate calibrate --samples wrote.");
        return read.ModelId == model.Id ? read : throw new InvalidDataException($"{path} was measured with the model {read.ModelId}, not {model.Id}; measure anew, or name that model.");
    }
}

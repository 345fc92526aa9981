using System.Text.Json.Serialization;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Vision.Ocr;

namespace Touchstone.Evaluation;

/// <summary>What is being evaluated: the reader with its model, and the profile that turns measurements into probabilities (null: none fits the model).</summary>
/// <param name="Texts">Reads the text in pictures; null where text is no signal of the evaluation.</param>
public sealed record EvaluationParts(FeatureExtractor Reader, CalibrationProfile? Profile, OcrReader? Texts = null)
{
    public string ModelId => Reader.Model.Id;
}

/// <summary>How far an evaluation is: pictures done of those in the stage.</summary>
public sealed record EvaluationProgress(string Stage, int Done, int Total);

/// <summary>Which signals rank the references.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RetrievalSignals>))]
public enum RetrievalSignals
{
    /// <summary>The cosine of the global embeddings alone.</summary>
    Embedding,

    /// <summary>Inliers of the geometric check against every reference, without a shortlist.</summary>
    Local,

    /// <summary>The agreement of the texts in both pictures alone.</summary>
    Text,

    /// <summary>As a screening does it: a shortlist by embeddings, windows, hashes and text, then every measurement, then the profile's probability.</summary>
    All,
}

/// <summary>A picture of the data set that could not be read, and why.</summary>
public sealed record UnreadPicture(string File, string Reason);

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Touchstone.Screening.Calibration;

/// <summary>
/// Where a verdict begins: hits at or above this probability had the stated precision and recall on the profile's data set.
/// </summary>
/// <param name="Probability">0..1.</param>
/// <param name="Precision">Measured, 0..1.</param>
/// <param name="Recall">Measured, 0..1.</param>
/// <param name="Samples">Labelled pairs the figures come from.</param>
public sealed record OperatingPoint(double Probability, double Precision, double Recall, int Samples);

/// <summary>Logistic regression for one relation: p = 1 / (1 + exp(−(intercept + Σ weight · feature))).</summary>
public sealed record RelationCalibration
{
    public required double Intercept { get; init; }

    /// <summary>A weight for each of <see cref="MatchFeatures.Names"/>.</summary>
    public required IReadOnlyDictionary<string, double> Weights { get; init; }

    /// <summary>From here on a match counts as a hit.</summary>
    public required OperatingPoint Match { get; init; }

    /// <summary>From here on a person should look.</summary>
    public required OperatingPoint Review { get; init; }

    /// <summary>The calibrated probability of this relation.</summary>
    public Probability ProbabilityOf(MatchFeatures features)
    {
        double z = Intercept;
        double[] values = features.ToArray();
        for (int i = 0; i < values.Length; i++) z += Weights[MatchFeatures.Names[i]] * values[i];
        return new Probability(1 / (1 + Math.Exp(-z)));
    }

    public Verdict VerdictOf(Probability probability) =>
        probability.Value >= Match.Probability ? Verdict.Match : probability.Value >= Review.Probability ? Verdict.Review : Verdict.NoMatch;
}

/// <summary>The probability that an offer whose identifiers agree with a reference's is that product, and from where it is a hit.</summary>
/// <param name="Gtin">GTINs are equal, with right check digits; 0..1.</param>
/// <param name="BrandAndModel">Brand and model are equal in folded form; 0..1.</param>
/// <param name="Match">The operating point, 0..1.</param>
/// <param name="Basis">What the figures come from.</param>
/// <param name="PrintedName">The picture reads the whole name of the reference, in rare words; 0..1.</param>
public sealed record IdentifierCalibration(double Gtin, double BrandAndModel, double Match, string Basis, double PrintedName = 0.6);

/// <summary>
/// The only place where thresholds come from: fitted by <c>touchstone evaluate calibrate</c> for one model on one data set and stored
/// with what it measured. Immutable; safe for concurrent use.
/// </summary>
public sealed record CalibrationProfile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    public required string Id { get; init; }

    /// <summary>The profile is refused for every other model.</summary>
    public required string ModelId { get; init; }

    public required string DataSetId { get; init; }

    public required IReadOnlyDictionary<Relation, RelationCalibration> Relations { get; init; }

    public required IdentifierCalibration Identifiers { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="InvalidDataException">The text is no profile, or a weight is missing or a point out of range; the message says which.</exception>
    public static CalibrationProfile Parse(string json)
    {
        CalibrationProfile profile;
        try
        {
            profile = JsonSerializer.Deserialize<CalibrationProfile>(json, Json) ?? throw new InvalidDataException("The calibration profile is empty.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The calibration profile is not readable: {e.Message}", e);
        }
        List<string> errors = [.. profile.Errors()];
        return errors.Count == 0 ? profile : throw new InvalidDataException($"The calibration profile {profile.Id} is not usable: {string.Join("; ", errors)}.");
    }

    private IEnumerable<string> Errors()
    {
        foreach ((Relation relation, RelationCalibration calibration) in Relations)
        {
            foreach (string name in MatchFeatures.Names.Where(n => !calibration.Weights.ContainsKey(n)))
                yield return $"{relation} has no weight for {name}";
            if (calibration.Review.Probability > calibration.Match.Probability)
                yield return $"{relation}: the review point {calibration.Review.Probability} lies above the match point {calibration.Match.Probability}";
        }
        foreach (Relation relation in new[] { Relation.SameImage, Relation.SameProduct, Relation.SameDesign, Relation.MarkPresent }.Where(r => !Relations.ContainsKey(r)))
            yield return $"{relation} is missing";
    }
}

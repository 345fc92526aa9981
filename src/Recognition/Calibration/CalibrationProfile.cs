using System.Text.Json;
using System.Text.Json.Serialization;

namespace Touchstone.Recognition.Calibration;

/// <summary>Logistic regression for one relation: p = 1 / (1 + exp(−z)), with z a weighed sum of measurements.</summary>
public sealed record RelationCalibration
{
    public required double Intercept { get; init; }

    /// <summary>Weights by <see cref="MatchFeatures.Names"/>; what has none, because the profile was fitted before it was measured, weighs nothing.</summary>
    public required IReadOnlyDictionary<string, double> Weights { get; init; }

    /// <summary>
    /// What is weighed instead where keypoints place the reference nowhere in the picture: there similarity has to tell what details tell
    /// elsewhere. Null: the same.
    /// </summary>
    public WeightedSum? Unplaced { get; init; }

    /// <summary>
    /// The share of true ones among the pictures' most probable references when this was fitted, 0..1: the probabilities are for it, and
    /// where fewer pictures show anything they say too much. Null: not stated.
    /// </summary>
    public double? Prior { get; init; }

    /// <summary>From here on a match counts as a hit; null where nothing can be promised at any probability.</summary>
    public OperatingPoint? Match { get; init; }

    /// <summary>From here on a person should look.</summary>
    public required OperatingPoint Review { get; init; }

    /// <summary>The calibrated probability of this relation.</summary>
    public Probability ProbabilityOf(MatchFeatures features) => new(LogOdds.ToProbability(SumFor(features.IsPlaced).Of(features)));

    /// <summary>The probability from measurements kept by name; null where one with a weight is missing.</summary>
    public Probability? ProbabilityOf(IReadOnlyDictionary<string, double> measured) =>
        SumFor(MatchFeatures.ArePlaced(measured)).Of(measured) is { } z ? new Probability(LogOdds.ToProbability(z)) : null;

    private WeightedSum SumFor(bool placed) => placed || Unplaced is null ? new WeightedSum(Intercept, Weights) : Unplaced;

    /// <summary>Without a guaranteed match point the relation abstains: it never says Match, only Review.</summary>
    [JsonIgnore]
    public bool Abstains => Match?.Guarantee is null;

    public Verdict VerdictOf(Probability probability)
    {
        if (!Abstains && probability.Value >= Match!.Probability) return Verdict.Match;
        return probability.Value >= Review.Probability ? Verdict.Review : Verdict.NoMatch;
    }
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

    /// <summary>The profile that this one was adjusted from by people's verdicts; null: it was fitted.</summary>
    public string? BasedOn { get; init; }

    public required IReadOnlyDictionary<Relation, RelationCalibration> Relations { get; init; }

    /// <summary>What the references of a picture are weighed against each other by; null in a profile fitted before they were: every lead is 0.</summary>
    public IReadOnlyDictionary<Relation, EvidenceScale>? Evidence { get; init; }

    /// <summary>
    /// How much of what the other images of a query have for a reference counts beside the one that has most, 0..1: images of one thing are not
    /// independent. 0 in a profile fitted before several images were asked together.
    /// </summary>
    public double Fusion { get; init; }

    public required IdentifierCalibration Identifiers { get; init; }

    /// <summary>What a seller's stated facts say.</summary>
    public OfferCalibration Offer { get; init; } = OfferCalibration.Standard;

    /// <summary>What a part that shows another thing says.</summary>
    public ChangeCalibration Change { get; init; } = ChangeCalibration.Standard;

    /// <summary>When a first look is enough; null: never.</summary>
    public EarlyExit? EarlyExit { get; init; }

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
            foreach (string name in calibration.Weights.Keys.Union(calibration.Unplaced?.Weights.Keys ?? []).Except(MatchFeatures.Names))
                yield return $"{relation} has a weight for {name}, which is not measured; it is one of {string.Join(", ", MatchFeatures.Names)}";
            if (calibration.Match is { } match && calibration.Review.Probability > match.Probability)
                yield return $"{relation}: the review point {calibration.Review.Probability} lies above the match point {match.Probability}";
            if (new[] { calibration.Review.Probability, calibration.Match?.Probability ?? 1, calibration.Prior ?? 0 }.Any(v => !(v is >= 0 and <= 1)))
                yield return $"{relation}: a point or the prior is not within 0 and 1";
        }
        foreach (Relation relation in Evidence?.Where(e => e.Value.Placed is null).Select(e => e.Key) ?? [])
            yield return $"the evidence of {relation} has no weights; fit the profile anew with touchstone evaluate calibrate";
        foreach (string name in Evidence?.Values.Where(s => s.Placed is not null).SelectMany(s => s.Placed.Weights.Keys.Union(s.Unplaced?.Weights.Keys ?? [])).Except(MatchFeatures.Names).Distinct() ?? [])
            yield return $"the evidence has a weight for {name}, which is not measured; it is one of {string.Join(", ", MatchFeatures.Names)}";
        foreach (Relation relation in Relations.Keys.Where(r => Evidence?.ContainsKey(r) == false))
            yield return $"the evidence of {relation} is missing";
        if (Fusion is not (>= 0 and <= 1)) yield return $"the fusion {Fusion} is not within 0 and 1";
        if (Change is not { Area: > 0 and <= 1, LogOdds: >= -6 and <= 0 }) yield return $"a change of {Change.LogOdds} log odds from {Change.Area} of the area on is not within −6..0 and 0..1";
        if (EarlyExit is { } exit && !(exit is { Things: >= -1 and <= 1, Marks: >= -1 and <= 1 }))
            yield return $"an early exit at {exit.Things} and {exit.Marks} is not within −1 and 1";
        foreach (Relation relation in new[] { Relation.SameImage, Relation.SameProduct, Relation.SameDesign, Relation.MarkPresent }.Where(r => !Relations.ContainsKey(r)))
            yield return $"{relation} is missing";
    }
}

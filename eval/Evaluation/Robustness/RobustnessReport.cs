using System.Text.Json.Serialization;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Statistics;

namespace Touchstone.Evaluation.Robustness;

/// <summary>What the attack suite measured. Serialises to JSON as it is.</summary>
public sealed record RobustnessReport
{
    public required string DataSetId { get; init; }

    public required string ModelId { get; init; }

    /// <summary>Null where none fits the model, or where not all signals were used.</summary>
    public required string? ProfileId { get; init; }

    public required RetrievalSignals Signals { get; init; }

    /// <summary>Whether the text in pictures was read; the whole reading may leave it out.</summary>
    public required bool TextRead { get; init; }

    /// <summary>Pictures enrolled.</summary>
    public required int References { get; init; }

    /// <summary>Marks enrolled in the same gallery.</summary>
    public required int Marks { get; init; }

    /// <summary>Pictures attacked that are not enrolled.</summary>
    public required int Strangers { get; init; }

    /// <summary>Marks attacked that are not enrolled.</summary>
    public required int StrangerMarks { get; init; }

    public required int Seed { get; init; }

    /// <summary>The precision that the thresholds keep, 0..1.</summary>
    public required double Precision { get; init; }

    /// <summary>
    /// The lowest score from which on those first answers to all queries of the suite that name a picture have the precision; null if none has.
    /// </summary>
    public required double? PictureThreshold { get; init; }

    /// <summary>The same for first answers that name a mark: marks are another relation, with an operating point of its own.</summary>
    public required double? MarkThreshold { get; init; }

    /// <summary>Of all references at or above the threshold of their kind, also those behind the first, the right ones.</summary>
    public required Proportion PrecisionOfAllHits { get; init; }

    /// <summary>One for each attack and strength, in the suite's order.</summary>
    public required IReadOnlyList<AttackResult> Attacks { get; init; }

    /// <summary>All attacks of one strength together, and those on pictures and on marks by themselves.</summary>
    public required IReadOnlyList<AttackResult> Together { get; init; }

    public required double SecondsPerQuery { get; init; }

    public required double Seconds { get; init; }

    public required int Threads { get; init; }

    public required IReadOnlyList<UnreadPicture> Unread { get; init; }

    /// <summary>Queries that went wrong, with pictures, as many as were asked for.</summary>
    [JsonIgnore]
    public IReadOnlyList<Mistake> Mistakes { get; init; } = [];
}

/// <summary>How well one attack at one strength is withstood.</summary>
public sealed record AttackResult
{
    public required string Attack { get; init; }

    public required AttackStrength Strength { get; init; }

    /// <summary>What the strength means, in words.</summary>
    public required string Words { get; init; }

    /// <summary>Attacked references whose own reference (or a near duplicate of it) came first.</summary>
    public required Proportion FirstRight { get; init; }

    /// <summary>Attacked references that came first at or above the suite's threshold of its kind.</summary>
    public required Proportion Recall { get; init; }

    /// <summary>The same at the threshold that keeps the precision on this attack and strength alone.</summary>
    public required Proportion RecallAlone { get; init; }

    /// <summary>The same where every attacked picture is enrolled: strangers left out, at a threshold of its own for this row.</summary>
    public required Proportion RecallAmongEnrolled { get; init; }

    /// <summary>Strangers' pictures whose best answer reached the suite's threshold: false matches.</summary>
    public required Proportion FalseMatches { get; init; }

    /// <summary>Misses whose reference was not among the candidates.</summary>
    public required int NotProposed { get; init; }

    /// <summary>Misses whose reference was compared but came behind another.</summary>
    public required int Outranked { get; init; }

    /// <summary>Misses whose reference came first below the threshold.</summary>
    public required int BelowThreshold { get; init; }

    /// <summary>Attacked references found at the profile's match point; null without probabilities.</summary>
    public required Proportion? FoundAtMatchPoint { get; init; }

    /// <summary>Strangers' pictures that match something there; null without probabilities.</summary>
    public required Proportion? FalseAtMatchPoint { get; init; }
}

using Touchstone.Evaluation.Statistics;

namespace Touchstone.Evaluation.Copies;

/// <summary>What an evaluation on edited copies measured. Serialises to JSON as it is.</summary>
public sealed record CopyReport
{
    public required string DataSetId { get; init; }

    public required string ModelId { get; init; }

    /// <summary>Null where none fits the model, or where not all signals were used.</summary>
    public required string? ProfileId { get; init; }

    public required RetrievalSignals Signals { get; init; }

    public required int References { get; init; }

    public required int Seed { get; init; }

    public required IReadOnlyList<EditResult> Edits { get; init; }

    /// <summary>All edits together, with one threshold.</summary>
    public required EditResult Overall { get; init; }

    public required double SecondsPerQuery { get; init; }

    public required double Seconds { get; init; }

    public required int Threads { get; init; }

    public required IReadOnlyList<UnreadPicture> Unread { get; init; }
}

/// <summary>How well the copies of one edit are found.</summary>
/// <param name="Edit">Its name and strength.</param>
/// <param name="FirstRight">Copies whose own reference (or a near duplicate of it) came first.</param>
/// <param name="RecallAtPrecision">Copies found at the lowest threshold from which on at least 99 % of what is found is right; strangers' copies count as false.</param>
/// <param name="Threshold">That threshold of the score; null if none reaches the precision.</param>
/// <param name="FoundAtMatchPoint">Copies found at the profile's match point; null without probabilities.</param>
/// <param name="FalseAtMatchPoint">Strangers' copies that matched something there; null without probabilities.</param>
public sealed record EditResult(
    string Edit,
    Proportion FirstRight,
    Proportion RecallAtPrecision,
    double? Threshold,
    Proportion? FoundAtMatchPoint,
    Proportion? FalseAtMatchPoint);

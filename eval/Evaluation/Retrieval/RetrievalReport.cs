using Touchstone.Evaluation.Statistics;

namespace Touchstone.Evaluation.Retrieval;

/// <summary>What a retrieval evaluation measured. Serialises to JSON as it is.</summary>
public sealed record RetrievalReport
{
    public required string DataSetId { get; init; }

    public required string ModelId { get; init; }

    /// <summary>Null where none fits the model: then references are ranked by a fixed sum of their measurements, and nothing is said of operating points.</summary>
    public required string? ProfileId { get; init; }

    public required RetrievalSignals Signals { get; init; }

    public required int References { get; init; }

    public required int Labels { get; init; }

    public required int Queries { get; init; }

    public required int Distractors { get; init; }

    /// <summary>Rows left out because their note says LEAK.</summary>
    public required int Leaks { get; init; }

    /// <summary>Queries whose label came first.</summary>
    public required Proportion RecallAt1 { get; init; }

    /// <summary>Queries whose label was among the first five labels.</summary>
    public required Proportion RecallAt5 { get; init; }

    /// <summary>Queries of which a reference of the right label reached the profile's match point; null without probabilities.</summary>
    public Proportion? FoundAtMatchPoint { get; init; }

    /// <summary>Distractors that a reference matched, by operating point; empty without probabilities or distractors.</summary>
    public required IReadOnlyList<FalseMatchRate> FalseMatches { get; init; }

    /// <summary>Reading, describing, searching and comparing one query: mean in seconds, with the given threads at work.</summary>
    public required double SecondsPerQuery { get; init; }

    public required double Seconds { get; init; }

    public required int Threads { get; init; }

    /// <summary>Unread queries count as misses.</summary>
    public required IReadOnlyList<UnreadPicture> Unread { get; init; }
}

/// <summary>The share of distractors with at least one reference at or above the point.</summary>
/// <param name="Point"><c>match</c> or <c>review</c>.</param>
public sealed record FalseMatchRate(string Point, Proportion Rate);

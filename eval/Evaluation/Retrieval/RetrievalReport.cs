using System.Text.Json.Serialization;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Statistics;

namespace Touchstone.Evaluation.Retrieval;

/// <summary>What a retrieval evaluation measured. Serialises to JSON as it is.</summary>
/// <param name="Measured">What was asked to be measured; its values are the report's own.</param>
public sealed record RetrievalReport([property: JsonIgnore] RetrievalRow Measured)
{
    public required string DataSetId { get; init; }

    public string ModelId => Measured.ModelId;

    /// <summary>Null where none fits the model: then references are ranked by a fixed sum of their measurements, and nothing is said of operating points.</summary>
    public string? ProfileId => Measured.ProfileId;

    public RetrievalSignals Signals => Measured.Signals;

    /// <inheritdoc cref="RetrievalRow.TextRead"/>
    public bool TextRead => Measured.TextRead;

    public required int References { get; init; }

    public required int Labels { get; init; }

    public required int Queries { get; init; }

    public required int Distractors { get; init; }

    /// <summary>Rows left out because their note says LEAK.</summary>
    public required int Leaks { get; init; }

    /// <inheritdoc cref="RetrievalRow.RecallAt1"/>
    public Proportion RecallAt1 => Measured.RecallAt1;

    /// <inheritdoc cref="RetrievalRow.RecallAt5"/>
    public Proportion RecallAt5 => Measured.RecallAt5;

    /// <inheritdoc cref="RetrievalRow.FoundAtMatchPoint"/>
    public Proportion? FoundAtMatchPoint => Measured.FoundAtMatchPoint;

    /// <inheritdoc cref="RetrievalRow.WrongAmongMatched"/>
    public Proportion? WrongAmongMatched => Measured.WrongAmongMatched;

    /// <summary>The queries of each group asked together; null where the manifest groups none, or not by the whole reading.</summary>
    public FusedFigures? Fused { get; init; }

    /// <inheritdoc cref="RetrievalRow.FalseMatches"/>
    public IReadOnlyList<FalseMatchRate> FalseMatches => Measured.FalseMatches;

    /// <inheritdoc cref="RetrievalRow.SecondsPerQuery"/>
    public double SecondsPerQuery => Measured.SecondsPerQuery;

    /// <inheritdoc cref="RetrievalRow.Stages"/>
    public StageTimes Stages => Measured.Stages;

    /// <summary>On the same pictures, in the same run: the other models, and the embedding alone where the whole reading was measured.</summary>
    public required IReadOnlyList<RetrievalRow> Compared { get; init; }

    public required double Seconds { get; init; }

    public required int Threads { get; init; }

    /// <summary>Unread queries count as misses.</summary>
    public required IReadOnlyList<UnreadPicture> Unread { get; init; }

    /// <summary>Queries that went wrong, with pictures, as many as were asked for.</summary>
    [JsonIgnore]
    public IReadOnlyList<Mistake> Mistakes { get; init; } = [];
}

/// <summary>The figures of one model with one set of signals.</summary>
public sealed record RetrievalRow
{
    public required string ModelId { get; init; }

    public required string? ProfileId { get; init; }

    public required RetrievalSignals Signals { get; init; }

    /// <summary>Whether the text in pictures was read; the whole reading may leave it out.</summary>
    public required bool TextRead { get; init; }

    /// <summary>Queries whose label came first.</summary>
    public required Proportion RecallAt1 { get; init; }

    /// <summary>Queries whose label was among the first five labels.</summary>
    public required Proportion RecallAt5 { get; init; }

    /// <summary>Queries of which a reference of the right label reached the profile's match point; null without probabilities.</summary>
    public required Proportion? FoundAtMatchPoint { get; init; }

    /// <summary>Of the queries that match anything, those whose most probable match is a wrong one; null without probabilities or matches.</summary>
    public Proportion? WrongAmongMatched { get; init; }

    /// <summary>Distractors that a reference matched, by operating point; empty without probabilities or distractors.</summary>
    public required IReadOnlyList<FalseMatchRate> FalseMatches { get; init; }

    /// <summary>Decoding, describing, searching and comparing one query: mean in seconds, with the given threads at work.</summary>
    public double SecondsPerQuery => Stages.Total;

    /// <summary>The same by step.</summary>
    public required StageTimes Stages { get; init; }
}

/// <summary>The share of distractors with at least one reference at or above the point.</summary>
/// <param name="Point"><c>match</c> or <c>review</c>.</param>
public sealed record FalseMatchRate(string Point, Proportion Rate);

using Touchstone.Evaluation.Statistics;

namespace Touchstone.Evaluation.Texts;

/// <summary>What a measure reached on the validation part at the threshold fitted on the train part. F1 with its 95 % bootstrap interval, 0..1.</summary>
public sealed record PairFigures(double Threshold, Proportion Precision, Proportion Recall, double F1, double F1Low, double F1High);

/// <summary>One set of labelled pairs. <c>Agreement</c>: the product's measure; <c>Baseline</c>: the share of common tokens.</summary>
public sealed record TextPairResult(string Set, int TrainPairs, int ValidationPairs, int Same, PairFigures Agreement, PairFigures Baseline);

/// <summary>What an evaluation of titles measured. Serialises to JSON as it is.</summary>
public sealed record TextPairReport
{
    public required string DataSetId { get; init; }

    public required IReadOnlyList<TextPairResult> Sets { get; init; }

    public required double Seconds { get; init; }
}

using Touchstone.Evaluation.Reports;
using Touchstone.Evaluation.Statistics;

namespace Touchstone.Evaluation.Accuracy;

/// <summary>A goal and what was reached.</summary>
/// <param name="Name">What is counted, and on what.</param>
/// <param name="Least">The share that is wanted, 0..1.</param>
public sealed record Goal(string Name, double Least, Proportion Reached)
{
    public bool IsMet => Reached.Value >= Least;
}

/// <summary>What one part of a whole evaluation gave.</summary>
/// <param name="Title">The section's heading.</param>
/// <param name="Text">The section in Markdown.</param>
public sealed record PartResult(string Title, string Text, IReadOnlyList<Goal> Goals, IReadOnlyList<Mistake> Mistakes);

/// <summary>A part that gave nothing, and why.</summary>
public sealed record PartFailure(string Part, string Reason);

/// <summary>One part of a whole evaluation: its name and how it runs.</summary>
internal sealed record AccuracyPart(string Name, Func<PartResult> Run);

/// <summary>What a whole evaluation gave. Serialises to JSON without the sections and the pictures.</summary>
public sealed record AccuracyResult(string ModelId, IReadOnlyList<Goal> Goals, IReadOnlyList<string> Parts, IReadOnlyList<PartFailure> Failures, int Mistakes, double Seconds);

using System.Globalization;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Statistics;

namespace Touchstone.Evaluation.Accuracy;

/// <summary>A goal and what was reached, in words with their intervals.</summary>
/// <param name="Name">What is counted, and on what.</param>
public sealed record Goal(string Name, string Wanted, string Reached, bool IsMet)
{
    /// <summary>A share that is to be at least so large, 0..1; not met where nothing was counted.</summary>
    public static Goal AtLeast(string name, double least, Proportion reached)
    {
        ArgumentNullException.ThrowIfNull(reached);
        return new Goal(name, string.Create(CultureInfo.InvariantCulture, $"≥ {least * 100:0} %"), $"{reached}, {reached.Count} of {reached.Of}", reached.Value >= least);
    }

    /// <summary>A value that is to be at most so large.</summary>
    public static Goal AtMost(string name, double most, double reached) =>
        new(name, string.Create(CultureInfo.InvariantCulture, $"≤ {most:0.000}"), string.Create(CultureInfo.InvariantCulture, $"{reached:0.000}"), reached <= most);
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

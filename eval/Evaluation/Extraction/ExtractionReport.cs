namespace Touchstone.Evaluation.Extraction;

/// <summary>What was read in saved product pages. Serialises to JSON as it is.</summary>
public sealed record ExtractionReport
{
    public required int Pages { get; init; }

    /// <summary>Pages in which no listing was found.</summary>
    public required int Unlisted { get; init; }

    public required double Seconds { get; init; }

    public required IReadOnlyList<ExtractionScore> Scores { get; init; }
}

/// <summary>How one fact was read in some pages.</summary>
/// <param name="Pages">Which, in words.</param>
/// <param name="Fact">Such as price.</param>
/// <param name="Right">Pages whose value is a right one.</param>
/// <param name="Wrong">Pages with another value, or with one where there is none.</param>
/// <param name="Missed">Pages that have the fact and whose value was not read, or wrongly.</param>
/// <param name="Support">Pages that have the fact.</param>
public sealed record ExtractionScore(string Pages, string Fact, int Right, int Wrong, int Missed, int Support)
{
    public double Precision => Right + Wrong == 0 ? 0 : (double)Right / (Right + Wrong);

    public double Recall => Support == 0 ? 0 : (double)Right / Support;

    public double F1 => Precision + Recall == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);
}

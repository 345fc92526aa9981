namespace Touchstone.Screening.LookBacks;

/// <summary>How what was seen is asked about references. Unchanging.</summary>
public sealed record LookBackOptions
{
    /// <summary>References that one worker takes at once; what they share is screened once. 1 to 500, default 64.</summary>
    public int ReferencesAtOnce { get; init; } = 64;

    /// <summary>Listings that a worker screens at the same time. 1 to 64, default as many as there are processors, at least 2.</summary>
    public int ListingsAtOnce { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 64);

    /// <inheritdoc cref="ReverseSearchOptions.Candidates"/>
    public int Candidates { get; init; } = new ReverseSearchOptions().Candidates;

    /// <inheritdoc cref="ReverseSearchOptions.MostCandidates"/>
    public int MostCandidates { get; init; } = new ReverseSearchOptions().MostCandidates;

    /// <inheritdoc cref="ReverseSearchOptions.Reviews"/>
    public int Reviews { get; init; } = new ReverseSearchOptions().Reviews;

    internal ReverseSearchOptions Reverse => new() { Candidates = Candidates, MostCandidates = MostCandidates, Reviews = Reviews };

    /// <summary>Everything that is wrong with these options; empty: nothing.</summary>
    public IEnumerable<string> Problems()
    {
        if (ReferencesAtOnce is < 1 or > 500) yield return $"LookBack:ReferencesAtOnce is {ReferencesAtOnce}; it is within 1 and 500.";
        if (ListingsAtOnce is < 1 or > 64) yield return $"LookBack:ListingsAtOnce is {ListingsAtOnce}; it is within 1 and 64.";
        foreach (string problem in Reverse.Problems()) yield return problem;
    }
}

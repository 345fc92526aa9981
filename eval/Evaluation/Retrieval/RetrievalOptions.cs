namespace Touchstone.Evaluation.Retrieval;

/// <summary>What to measure. Immutable.</summary>
public sealed record RetrievalOptions
{
    /// <summary>A CSV file with the columns <c>file</c>, <c>label</c>, <c>role</c> (reference, query or distractor).</summary>
    public required string ManifestPath { get; init; }

    /// <summary>The folder that the manifest's file names count from.</summary>
    public required string Root { get; init; }

    public RetrievalSignals Signals { get; init; } = RetrievalSignals.All;

    /// <summary>What the references are; a mark is judged by another relation than a product. Default a genuine product.</summary>
    public ReferenceKind Kind { get; init; } = ReferenceKind.GenuineProduct;

    /// <summary>References compared closely, for a query, where all signals are used. Range 1..1,000; default 20, as in a screening.</summary>
    public int Shortlist { get; init; } = 20;

    /// <summary>At most so many queries, drawn with the seed; null takes all.</summary>
    public int? MaxQueries { get; init; }

    /// <summary>At most so many distractors, drawn with the seed; null takes all.</summary>
    public int? MaxDistractors { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Pictures read at once. Range 1..64; default the machine's processors.</summary>
    public int Threads { get; init; } = Math.Min(64, Environment.ProcessorCount);

    /// <summary>A folder in which the references' descriptions are kept between evaluations; null describes anew.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Mistakes kept with their pictures. Range 0..1,000; default 0.</summary>
    public int MistakesKept { get; init; }

    /// <summary>Queries of one group and label that are asked together, in the manifest's order; larger groups are asked in parts. Range 2..50; default 3, as an officer photographs.</summary>
    public int GroupSize { get; init; } = 3;

    /// <exception cref="ArgumentOutOfRangeException">A value outside its range.</exception>
    internal void Check()
    {
        if (Shortlist is < 1 or > 1_000) throw new ArgumentOutOfRangeException(nameof(Shortlist), Shortlist, "The range is 1..1,000.");
        if (Threads is < 1 or > 64) throw new ArgumentOutOfRangeException(nameof(Threads), Threads, "The range is 1..64.");
        if (MistakesKept is < 0 or > 1_000) throw new ArgumentOutOfRangeException(nameof(MistakesKept), MistakesKept, "The range is 0..1,000.");
        if (GroupSize is < 2 or > 50) throw new ArgumentOutOfRangeException(nameof(GroupSize), GroupSize, "The range is 2..50.");
        if (MaxQueries < 1) throw new ArgumentOutOfRangeException(nameof(MaxQueries), MaxQueries, "At least one query is measured.");
        if (MaxDistractors < 0) throw new ArgumentOutOfRangeException(nameof(MaxDistractors), MaxDistractors, "The number is not negative.");
    }
}

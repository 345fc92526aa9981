namespace Touchstone.Evaluation.VectorSearch;

/// <summary>What an index bench measures.</summary>
public sealed record IndexBenchOptions
{
    /// <summary>Vectors in the index, at least 100.</summary>
    public int Vectors { get; init; } = 100_000;

    /// <summary>Values in a vector, 8..4,096.</summary>
    public int Dimension { get; init; } = 256;

    /// <summary>Neighbours asked for, 1..100.</summary>
    public int K { get; init; } = 10;

    /// <summary>Queries, at least 1.</summary>
    public int Queries { get; init; } = 1_000;

    /// <summary>Threads that build, at least 1; searches have one.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether hnswlib and FAISS are measured, too.</summary>
    public bool Peers { get; init; }
}

/// <summary>One index measured. Of what was not measured the value is null; Note says why.</summary>
/// <param name="System">Whose index.</param>
/// <param name="Parameters">How it was built and with what least effort it searched.</param>
/// <param name="Recall">Share of the true k nearest that it found, 0..1.</param>
/// <param name="QueriesPerSecond">On one core, all queries in one call, the best of the rounds.</param>
/// <param name="BuildSeconds">To build, with the stated threads.</param>
/// <param name="BytesPerVector">Of memory when all of it is in use.</param>
/// <param name="OpenMilliseconds">To open the stored index, its file being in the system's cache.</param>
/// <param name="Note">What there is to say.</param>
public sealed record IndexMeasured(string System, string Parameters, double? Recall, double? QueriesPerSecond, double? BuildSeconds, double? BytesPerVector, double? OpenMilliseconds, string? Note = null);

/// <summary>What <c>touchstone bench index</c> found.</summary>
public sealed record IndexBenchReport(int Vectors, int Dimension, int K, int Queries, int Threads, int Rounds, double RecallGoal, IReadOnlyList<IndexMeasured> Systems);

namespace Touchstone.Evaluation.Copies;

/// <summary>What to measure. Immutable.</summary>
public sealed record CopyOptions
{
    /// <summary>A folder of pictures, searched with its subfolders. A file <c>near_duplicates.csv</c> in it (columns <c>file_a</c>, <c>file_b</c>) names pairs that are no false matches.</summary>
    public required string Folder { get; init; }

    public RetrievalSignals Signals { get; init; } = RetrievalSignals.All;

    /// <summary>Pictures enrolled as references, drawn with the seed. Range 1..100,000; default 300.</summary>
    public int References { get; init; } = 300;

    /// <summary>References of which copies are made, for each edit. Range 1..10,000; default 40.</summary>
    public int Copied { get; init; } = 40;

    /// <summary>Pictures that are not enrolled, of which copies are made for each edit: what they match is false. Range 1..10,000; default 40.</summary>
    public int Strangers { get; init; } = 40;

    public int Shortlist { get; init; } = 20;

    public int Seed { get; init; } = 1;

    /// <summary>Pictures read at once. Range 1..64; default the machine's processors.</summary>
    public int Threads { get; init; } = Math.Min(64, Environment.ProcessorCount);

    /// <exception cref="ArgumentOutOfRangeException">A value outside its range.</exception>
    internal void Check()
    {
        InRange(References, 100_000, nameof(References));
        InRange(Copied, 10_000, nameof(Copied));
        InRange(Strangers, 10_000, nameof(Strangers));
        InRange(Shortlist, 1_000, nameof(Shortlist));
        InRange(Threads, 64, nameof(Threads));
    }

    private static void InRange(int value, int most, string name)
    {
        if (value < 1 || value > most) throw new ArgumentOutOfRangeException(name, value, $"The range is 1..{most}.");
    }
}

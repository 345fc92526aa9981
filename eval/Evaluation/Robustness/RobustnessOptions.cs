namespace Touchstone.Evaluation.Robustness;

/// <summary>What to measure. Immutable.</summary>
public sealed record RobustnessOptions
{
    /// <summary>The folder with <c>catalogue_products</c> and <c>clothing_photos</c> (one of them is enough), each with its manifest.</summary>
    public required string ImageFolder { get; init; }

    /// <summary>A folder of marks as SVG files with one path of 24 × 24 units; null leaves the forged marks out.</summary>
    public string? MarkFolder { get; init; }

    /// <summary>Pictures enrolled: the held-back ones first, then others. Range 1..100,000; default 2,400, about all that are held back.</summary>
    public int References { get; init; } = 2_400;

    /// <summary>Marks enrolled, every other one with its word. Range 0..10,000; default 300.</summary>
    public int Marks { get; init; } = 300;

    /// <summary>Pictures and marks that are attacked in every way and strength. Range 1..10,000; default 40.</summary>
    public int Copied { get; init; } = 40;

    /// <summary>Pictures and marks that are attacked likewise and are not enrolled: what they match is false. Range 1..10,000; default 40.</summary>
    public int Strangers { get; init; } = 40;

    /// <summary>The names of the attacks to run; empty runs all.</summary>
    public IReadOnlyList<string> Attacks { get; init; } = [];

    /// <summary>The strengths to run; empty runs all.</summary>
    public IReadOnlyList<AttackStrength> Strengths { get; init; } = [];

    public RetrievalSignals Signals { get; init; } = RetrievalSignals.All;

    /// <summary>References compared closely for a query. Range 1..1,000; default 20, as in a screening.</summary>
    public int Shortlist { get; init; } = 20;

    public int Seed { get; init; } = 1;

    /// <summary>Pictures read at once. Range 1..64; default the machine's processors.</summary>
    public int Threads { get; init; } = Math.Min(64, Environment.ProcessorCount);

    /// <summary>A folder in which the references' descriptions are kept between evaluations; null describes anew.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Mistakes kept with their pictures for each attack and strength. Range 0..100; default 0.</summary>
    public int MistakesKept { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value outside its range, or an attack that is not in the suite.</exception>
    internal void Check()
    {
        InRange(References, 1, 100_000, nameof(References));
        InRange(Marks, 0, 10_000, nameof(Marks));
        InRange(Copied, 1, 10_000, nameof(Copied));
        InRange(Strangers, 1, 10_000, nameof(Strangers));
        InRange(Shortlist, 1, 1_000, nameof(Shortlist));
        InRange(Threads, 1, 64, nameof(Threads));
        InRange(MistakesKept, 0, 100, nameof(MistakesKept));
        string[] known = [.. AttackSuite.OnPictures.Select(attack => attack.Name), .. AttackSuite.OnMarks.Select(attack => attack.Name)];
        if (Attacks.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is { } unknown)
            throw new ArgumentOutOfRangeException(nameof(Attacks), unknown, $"The attacks are {string.Join(", ", known)}.");
    }

    internal bool Takes(Attack attack) => Attacks.Count == 0 || Attacks.Contains(attack.Name, StringComparer.Ordinal);

    internal IReadOnlyList<AttackStrength> StrengthsTaken => Strengths.Count == 0 ? Enum.GetValues<AttackStrength>() : Strengths;

    private static void InRange(int value, int least, int most, string name)
    {
        if (value < least || value > most) throw new ArgumentOutOfRangeException(name, value, $"The range is {least}..{most}.");
    }
}

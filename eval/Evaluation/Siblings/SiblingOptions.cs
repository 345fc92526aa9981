namespace Touchstone.Evaluation.Siblings;

/// <summary>What to measure. Immutable.</summary>
public sealed record SiblingOptions
{
    /// <summary>The folder with <c>catalogue_products</c>, <c>clothing_photos</c> and <c>package_photos</c>, each with its manifest; what is missing is left out.</summary>
    public required string ImageFolder { get; init; }

    /// <summary>A folder of SVG marks, which are the prints of garments; null: no garments are drawn.</summary>
    public string? MarkFolder { get; init; }

    /// <summary>Pairs drawn of each kind. Range 1..10,000; default 60.</summary>
    public int Drawn { get; init; } = 60;

    /// <summary>Catalogue pictures in the gallery. Range 2..100,000; default 8,000, which takes all.</summary>
    public int References { get; init; } = 8_000;

    /// <summary>Catalogue pictures that are asked for among the others. Range 1..100,000; default 600.</summary>
    public int Asked { get; init; } = 600;

    /// <summary>Phone photos that are asked without the reference of what they show. Range 0..100,000; default 400, which takes all.</summary>
    public int Photos { get; init; } = 400;

    public int Shortlist { get; init; } = 20;

    public int Seed { get; init; } = 1;

    public int Threads { get; init; } = Math.Min(64, Environment.ProcessorCount);

    /// <inheritdoc cref="Retrieval.RetrievalOptions.CacheFolder"/>
    public string? CacheFolder { get; init; }

    /// <summary>How many wrong matches are kept with their pictures. Range 0..1,000; default 0.</summary>
    public int MistakesKept { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    internal void Check()
    {
        InRange(Drawn, 1, 10_000, nameof(Drawn));
        InRange(References, 2, 100_000, nameof(References));
        InRange(Asked, 1, 100_000, nameof(Asked));
        InRange(Photos, 0, 100_000, nameof(Photos));
        InRange(Shortlist, 1, 1_000, nameof(Shortlist));
        InRange(Threads, 1, 64, nameof(Threads));
        InRange(MistakesKept, 0, 1_000, nameof(MistakesKept));
    }

    private static void InRange(int value, int least, int most, string name)
    {
        if (value < least || value > most) throw new ArgumentOutOfRangeException(name, value, $"The range is {least}..{most}.");
    }
}

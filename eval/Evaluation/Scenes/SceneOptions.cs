using Touchstone.Evaluation.Retrieval;

namespace Touchstone.Evaluation.Scenes;

/// <summary>What to measure. Immutable.</summary>
public sealed record SceneOptions
{
    /// <summary>The folder with <c>catalogue_products</c> and, for backgrounds, <c>clothing_photos</c>, each with its manifest.</summary>
    public required string ImageFolder { get; init; }

    /// <summary>A folder of SVG marks, printed on the scenes in place of products; null: products.</summary>
    public string? MarkFolder { get; init; }

    /// <summary>Held-back products or marks in the gallery. Range 2..100,000; default 1,500.</summary>
    public int References { get; init; } = 1_500;

    /// <summary>Things of the gallery that are photographed. Range 1..10,000; default 200.</summary>
    public int Scenes { get; init; } = 200;

    /// <summary>Held-back things that are photographed without being in the gallery. Range 1..10,000; default 60.</summary>
    public int Strangers { get; init; } = 60;

    /// <summary>The thing's longer side at least, as part of the scene's. Range 0.05..1; default 0.5.</summary>
    public double Smallest { get; init; } = 0.5;

    /// <summary>The thing's longer side at most, as part of the scene's: at 0.22 it covers 5 % or less. Range <see cref="Smallest"/>..1; default 1.</summary>
    public double Largest { get; init; } = 1;

    public RetrievalSignals Signals { get; init; } = RetrievalSignals.All;

    public int Shortlist { get; init; } = 20;

    public int Seed { get; init; } = 1;

    public int Threads { get; init; } = Math.Min(64, Environment.ProcessorCount);

    /// <inheritdoc cref="RetrievalOptions.CacheFolder"/>
    public string? CacheFolder { get; init; }

    /// <inheritdoc cref="RetrievalOptions.MistakesKept"/>
    public int MistakesKept { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    internal void Check()
    {
        InRange(References, 2, 100_000, nameof(References));
        InRange(Scenes, 1, 10_000, nameof(Scenes));
        InRange(Strangers, 1, 10_000, nameof(Strangers));
        InRange(Shortlist, 1, 1_000, nameof(Shortlist));
        InRange(Threads, 1, 64, nameof(Threads));
        InRange(MistakesKept, 0, 1_000, nameof(MistakesKept));
        InRange(Smallest, 0.05, 1, nameof(Smallest));
        InRange(Largest, Smallest, 1, nameof(Largest));
    }

    private static void InRange<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        if (!(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0)) throw new ArgumentOutOfRangeException(name, value, $"The range is {least}..{most}.");
    }
}

namespace Touchstone.Evaluation.MarkRegister;

/// <summary>What a gallery bench measures. Immutable.</summary>
public sealed record GalleryBenchOptions
{
    /// <summary>The folder with <c>catalogue_products</c> and <c>clothing_photos</c>, whose photos marks are laid on and asked with.</summary>
    public required string ImageFolder { get; init; }

    /// <summary>A folder of SVG emblems.</summary>
    public required string MarkFolder { get; init; }

    /// <summary>Marks in the gallery, <see cref="Drawn"/>..4,000,000.</summary>
    public int References { get; init; } = 100_000;

    /// <summary>Of these the ones that are really drawn and described, 32..200,000; the others are made in feature space.</summary>
    public int Drawn { get; init; } = 20_000;

    /// <summary>Photos that show a drawn mark, at least 1; and as many that show none.</summary>
    public int Photos { get; init; } = 500;

    /// <summary>How many threads one recognition may use; each is measured for itself.</summary>
    public IReadOnlyList<int> Threads { get; init; } = [1, 2];

    /// <summary>Threads that describe and build, at least 1.</summary>
    public int BuildThreads { get; init; } = Environment.ProcessorCount;

    public int Seed { get; init; } = 1;

    /// <summary>Keeps descriptions of drawn marks between runs; null: none are kept.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Keeps the galleries between runs; null: they are made anew and deleted.</summary>
    public string? GalleryFolder { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    internal void Check()
    {
        Within(Drawn, MadeMarks.LeastDonors, 200_000, nameof(Drawn));
        Within(References, Drawn, 4_000_000, nameof(References));
        Within(Photos, 1, 100_000, nameof(Photos));
        Within(BuildThreads, 1, 1_024, nameof(BuildThreads));
        Within(Threads.Count, 1, 8, nameof(Threads));
        foreach (int threads in Threads) Within(threads, 1, 64, nameof(Threads));

        static void Within(int value, int least, int most, string name)
        {
            if (value < least || value > most) throw new ArgumentOutOfRangeException(name, value, $"The range of {name} is {least}..{most}.");
        }
    }
}

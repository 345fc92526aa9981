namespace Touchstone.Evaluation.LookBacks;

/// <summary>What a bench of looking back measures. Immutable.</summary>
public sealed record LookBackBenchOptions
{
    /// <summary>The folder with <c>catalogue_products</c> and <c>clothing_photos</c>.</summary>
    public required string ImageFolder { get; init; }

    /// <summary>Pictures of listings in the index, 10,000..4,000,000.</summary>
    public int Listings { get; init; } = 1_000_000;

    /// <summary>Pictures from which the others are made in feature space, at least 32.</summary>
    public int Described { get; init; } = 400;

    /// <summary>Pictures that come in as alerts, of each of which edited copies were seen before; at least 1.</summary>
    public int Alerts { get; init; } = 40;

    /// <summary>Seen pictures that are compared for each, at least 1.</summary>
    public int Candidates { get; init; } = new ReverseSearchOptions().Candidates;

    public int Seed { get; init; } = 1;

    /// <summary>Keeps descriptions between runs; null: none are kept.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Keeps the index between runs; null: it is made anew and deleted.</summary>
    public string? GalleryFolder { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    internal void Check()
    {
        Within(Listings, 10_000, 4_000_000, nameof(Listings));
        Within(Described, 32, 100_000, nameof(Described));
        Within(Alerts, 1, 1_000, nameof(Alerts));
        Within(Candidates, 1, 10_000, nameof(Candidates));

        static void Within(int value, int least, int most, string name)
        {
            if (value < least || value > most) throw new ArgumentOutOfRangeException(name, value, $"The range of {name} is {least}..{most}.");
        }
    }
}

/// <summary>Edited copies of one kind, or of all.</summary>
/// <param name="Planted">Copies among the listings.</param>
/// <param name="Matching">Of these the ones that match when they are recognised.</param>
/// <param name="Proposed">Share of the matching ones that were compared.</param>
/// <param name="Found">Share of the matching ones that were found to may match, and so screened.</param>
/// <param name="FoundByScan">The same where as many nearest by a plain scan of all vectors are compared.</param>
public sealed record CopiesFound(string Edit, int Planted, int Matching, double Proposed, double Found, double FoundByScan);

/// <summary>Seconds of an alert: half, nine tenths, and the slowest.</summary>
public sealed record AlertSeconds(string What, double Half, double NineTenths, double Slowest);

/// <summary>What <c>touchstone bench retroactive</c> found.</summary>
/// <param name="BuildSeconds">Null where the index was there from an earlier run.</param>
/// <param name="FileBytes">Of the index's files, a picture.</param>
/// <param name="MappedBytes">Of these, what lies in memory after all alerts; null where the system does not tell.</param>
/// <param name="Compared">Seen pictures compared for an alert, in the mean.</param>
/// <param name="Screened">Seen pictures screened for an alert, in the mean.</param>
public sealed record LookBackBenchReport(
    string Model, int Listings, int Alerts, double? BuildSeconds, double FileBytes, double? MappedBytes, double VectorsEach, double Compared, double Screened, IReadOnlyList<AlertSeconds> Seconds, IReadOnlyList<CopiesFound> Copies);

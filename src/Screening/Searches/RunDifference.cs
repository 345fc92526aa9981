using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Screening.Searches;

/// <summary>What became of an offer between two runs of a search.</summary>
public enum OfferChange
{
    /// <summary>The later run saw it and the earlier one did not.</summary>
    New,

    /// <summary>Both saw it, with another name, price, availability, seller or other pictures.</summary>
    Changed,

    /// <summary>The later run asked for its page and found it gone: 404, 410, or a page that offers nothing, of a shop whose other offers it read.</summary>
    Gone,

    /// <summary>The earlier run saw it and the later one did not reach it; the reason tells why. Nothing is known of it.</summary>
    NotSeenAgain,
}

/// <summary>A fact of an offer that runs are compared by.</summary>
public enum OfferFact { Name, Price, Availability, Seller, Pictures }

/// <summary>An offer as a run saw it.</summary>
/// <param name="Pictures">SHA-256 of the pictures that were fetched, in the page's order.</param>
public sealed record OfferState(long ObservationId, string? Name, decimal? Price, string? Currency, Availability? Availability, string? Seller, IReadOnlyList<string> Pictures)
{
    /// <summary>How many pictures of the page were not fetched.</summary>
    public int PicturesMissing { get; init; }
}

/// <summary>An offer that differs between two runs.</summary>
/// <param name="Before">As the earlier run saw it; null: it did not.</param>
/// <param name="After">As the later run saw it; null: it did not.</param>
/// <param name="Facts">What changed, where it changed.</param>
/// <param name="Reason">A stable word for why it is said to be gone, or was not seen again; null otherwise.</param>
/// <param name="Meaning">The reason in words.</param>
/// <param name="HitIds">The hits of what the runs saw of it.</param>
public sealed record OfferDifference(
    OfferChange Change, long ListingId, string Shop, string Url, OfferState? Before, OfferState? After, IReadOnlyList<OfferFact> Facts, string? Reason, string? Meaning, IReadOnlyList<long> HitIds);

/// <summary>How many offers were not seen again for one reason.</summary>
public sealed record NotSeenReason(string Reason, string Meaning, int Count);

/// <summary>How many offers differ between two runs.</summary>
/// <param name="Unchanged">Seen by both with the same facts; what else the page says may differ.</param>
/// <param name="IsWhole">Whether all offers of both runs were compared; false: only those that the search came to know first, as many as <see cref="CompareRuns.MostOffers"/>.</param>
public sealed record DifferenceCounts(int New, int Changed, int Gone, int NotSeenAgain, int Unchanged, bool IsWhole, IReadOnlyList<NotSeenReason> NotSeenBecause)
{
    public int Of(OfferChange change) => change switch
    {
        OfferChange.New => New,
        OfferChange.Changed => Changed,
        OfferChange.Gone => Gone,
        _ => NotSeenAgain,
    };
}

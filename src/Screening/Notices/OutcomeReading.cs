using Touchstone.Crawling;
using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notices;

/// <summary>
/// What a link shows when it is fetched again. Only what the server says of the link itself, or a page in its place that plainly offers nothing, counts as removed; what
/// may have another cause (a refusal, a wall against programs, a page that says nothing readable) was not checked. Pure.
/// </summary>
public static class OutcomeReading
{
    // Where servers send whom they take for a program, or who is to sign in or consent first.
    private static readonly string[] Walls = ["captcha", "challenge", "login", "log-in", "signin", "sign-in", "account", "consent", "blocked", "denied", "verify", "sorry", "robot"];

    /// <summary>What the answer alone says; null: the page is to be read.</summary>
    public static (SeenOutcome Seen, string Detail)? OfAnswer(FetchOutcome answer) => answer.Failure switch
    {
        FetchFailure.HttpStatus when answer.Status is 404 or 410 => (SeenOutcome.Gone, $"The server answers {answer.Status}: there is nothing any more."),
        FetchFailure.HttpStatus => (SeenOutcome.NotChecked, $"The server answers {answer.Status}, which does not say whether the offer is there."),
        FetchFailure.DisallowedByRobots => (SeenOutcome.NotChecked, "The shop's robots rules do not allow it to be fetched."),
        { } failure => (SeenOutcome.NotChecked, $"The page was not given: {answer.Detail ?? failure.ToString()}"),
        null => null,
    };

    /// <summary>What a page says that was given.</summary>
    /// <param name="before">What was seen there when the hit was made; null where that is not known.</param>
    public static (SeenOutcome Seen, string Detail) OfPage(string url, string finalUrl, PageReading page, ObservationRow? before)
    {
        bool moved = !SamePage(url, finalUrl);
        if (page.Extraction.Listing is { } offer)
        {
            if (moved && !SameOffer(offer, before)) return (SeenOutcome.NotChecked, $"The link leads to another offer, {finalUrl}: a person has to look.");
            return offer.Availability is Availability.OutOfStock or Availability.SoldOut or Availability.Discontinued
                ? (SeenOutcome.NotOrderable, "The offer is there and cannot be ordered.")
                : (SeenOutcome.StillOffered, "The offer is still there.");
        }
        if (page.Extraction.Reason is not NoListingReason.NoProduct) return (SeenOutcome.NotChecked, $"The page could not be read: {page.Extraction.Detail}");
        if (!moved) return (SeenOutcome.NotChecked, "The page answers and shows no offer that can be read: a person has to look.");
        return Walls.Any(x => finalUrl.Contains(x, StringComparison.OrdinalIgnoreCase))
            ? (SeenOutcome.NotChecked, $"The link leads to {finalUrl}, which may be shown to programs only: a person has to look.")
            : (SeenOutcome.NoOffer, $"The link leads to {finalUrl}, which offers no product.");
    }

    /// <summary>Whether two addresses are of one page: without scheme, a leading www and a slash at the end.</summary>
    private static bool SamePage(string one, string other) =>
        Uri.TryCreate(one, UriKind.Absolute, out Uri? a) && Uri.TryCreate(other, UriKind.Absolute, out Uri? b)
        && CanonicalUrl.SiteOf(a.Host) == CanonicalUrl.SiteOf(b.Host) && string.Equals(a.AbsolutePath.TrimEnd('/'), b.AbsolutePath.TrimEnd('/'), StringComparison.OrdinalIgnoreCase) && a.Query == b.Query;

    private static bool SameOffer(ListingFacts offer, ObservationRow? before) => before is not null
        && ((offer.Gtin is not null && offer.Gtin == before.Gtin) || (offer.Sku is not null && offer.Sku == before.Sku) || (offer.Name is not null && string.Equals(offer.Name, before.Name, StringComparison.OrdinalIgnoreCase)));
}

using System.ComponentModel;
using Touchstone.Screening;
using Touchstone.Server.Api;

namespace Touchstone.Server.Gate;

/// <summary>A picture of a listing: its bytes (base64) or a URL, which is fetched through the outbound guard.</summary>
public sealed record GateImage(byte[]? Bytes = null, string? Url = null);

/// <summary>A listing before it is visible.</summary>
public sealed record GateRequest(
    [property: Description("1 to 8 pictures.")] IReadOnlyList<GateImage> Images,
    [property: Description("The marketplace's own id of the listing; comes back in the answer.")] string? ListingId = null,
    string? Title = null, string? Description = null, string? Brand = null, string? Mpn = null, string? Gtin = null,
    [property: Description("Where the listing is to be visible: at most 250 ISO 3166-1 alpha-2 codes in capital letters, or EU for all of it. A design or mark that is not registered for a market does not count there. Not given: every right counts that has not expired.")]
    IReadOnlyList<string>? Markets = null,
    [property: Description("Where the listing is to be visible. A removed offer that comes back is linked to its case with this address; without it, with the marketplace's id.")] string? Url = null);

/// <summary>What the marketplace should do in one of the markets that the request names.</summary>
public sealed record MarketDecision(string Market, GateDecision Decision);

/// <summary>What the marketplace should do.</summary>
public enum GateDecision
{
    /// <summary>Nothing matched that counts, and everything needed to say so ran.</summary>
    Allow,

    /// <summary>A person should look: a match below the operating point, a mark on the goods, an alert of another country, or something that could not be determined.</summary>
    Review,

    /// <summary>A dangerous product, a registered design or a known fake matched at its operating point.</summary>
    Block,
}

/// <summary>The answer to a listing.</summary>
public sealed record GateAnswer(
    string? ListingId,
    [property: Description("Of several markets the strictest.")] GateDecision Decision,
    [property: Description("What to do in each market that the request names; empty where it names none.")] IReadOnlyList<MarketDecision> Markets,
    [property: Description("One for each reference that matches, also for one that does not count, because its right expired or is not registered for the markets, and says so.")] IReadOnlyList<string> Reasons, Verdict Verdict, UndeterminedReason? Undetermined, IReadOnlyList<MatchItem> Matches,
    [property: Description("Pictures that resembled nothing at a first look and were not looked at closer; the profile says how seldom that misses.")] int ExitedEarly,
    string ModelId, string ProfileId, long GallerySequence);

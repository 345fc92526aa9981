using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Queries;

/// <summary>The order of hits; ties by id.</summary>
public enum HitOrder
{
    /// <summary>Most probable first.</summary>
    Probability,

    /// <summary>Found last first.</summary>
    Newest,

    /// <summary>Found first first.</summary>
    Oldest,
}

/// <summary>Which hits are wanted; null fields do not narrow. A search has the hits of what its runs saw.</summary>
/// <param name="Shop">A shop's host.</param>
/// <param name="Seller">As the offer names it.</param>
/// <param name="From">Found then or later.</param>
/// <param name="To">Found before.</param>
/// <param name="ClaimedBy">Who holds it now.</param>
/// <param name="Unsure">Whether somebody asks for a second person.</param>
/// <param name="Snoozed">Whether it is put off.</param>
/// <param name="LacksResponsible">Whether the page names nobody who answers for the product in the Union, though its maker is outside it.</param>
/// <param name="Market">ISO 3166-1 alpha-2, or EU: of shops of which there is a sign that they target it.</param>
/// <param name="Targets">With a market: only of shops that target it.</param>
/// <param name="QueueOf">What this person is to decide now: nothing that is put off, that another holds, or on which this person asks for another.</param>
public sealed record HitFilter(
    HitState? State = null, Relation? Relation = null, long? RegisterId = null, long? ReferenceId = null, long? SearchId = null, double? MinProbability = null, Verdict? Verdict = null,
    string? Shop = null, string? Seller = null, DateTimeOffset? From = null, DateTimeOffset? To = null, string? ClaimedBy = null, bool? Unsure = null, bool? Snoozed = null, bool? FromField = null, string? QueueOf = null,
    bool? LacksResponsible = null, string? Market = null, bool? Targets = null);

/// <summary>Reads hits in the queue's order.</summary>
internal static class HitQueries
{
    /// <param name="now">When claims and what is put off are looked at.</param>
    public static IQueryable<HitRow> Where(TouchstoneDb db, HitFilter filter, DateTimeOffset now)
    {
        IQueryable<HitRow> rows = db.Hits.AsNoTracking().Include(x => x.Listing!.Shop).Include(x => x.Reference).Include(x => x.Match);
        if (filter.State is { } state) rows = rows.Where(x => x.State == state);
        if (filter.Relation is { } relation) rows = rows.Where(x => x.Relation == relation);
        if (filter.Verdict is { } verdict) rows = rows.Where(x => x.Verdict == verdict);
        if (filter.RegisterId is { } register) rows = rows.Where(x => x.Reference!.RegisterId == register);
        if (filter.ReferenceId is { } reference) rows = rows.Where(x => x.ReferenceId == reference);
        if (filter.SearchId is { } search)
            rows = rows.Where(x => db.RunObservations.Any(o => o.Run!.SearchId == search && o.Observation!.ListingId == x.ListingId && o.Screening!.Matches.Any(m => m.ReferenceId == x.ReferenceId)));
        if (filter.MinProbability is { } least) rows = rows.Where(x => x.Probability >= least);
        if (filter.Shop is { } shop) rows = rows.Where(x => x.Listing!.Shop!.Host == shop);
        if (filter.Market is { } market)
        {
            string[] countries = [.. Markets.CountriesOf(market)];
            MarketStanding[] standings = filter.Targets is true ? [MarketStanding.Targets] : [MarketStanding.Targets, MarketStanding.MayTarget];
            rows = rows.Where(x => db.ShopMarkets.Any(m => m.Host == x.Listing!.Shop!.Host && countries.Contains(m.Country) && standings.Contains(m.Standing)));
        }
        if (filter.Seller is { } seller) rows = rows.Where(x => x.Match!.Screening!.Observation!.Seller == seller);
        if (filter.LacksResponsible is { } lacks) rows = rows.Where(x => x.Match!.Screening!.Observation!.LacksResponsiblePerson == lacks);
        if (filter.From is { } from) rows = rows.Where(x => x.FoundAt >= from);
        if (filter.To is { } to) rows = rows.Where(x => x.FoundAt < to);
        return WhereMarked(rows, filter, now);
    }

    /// <summary>What a person is to decide now: the queue of <c>/hits</c>, which every count of it counts.</summary>
    public static IQueryable<HitRow> Queue(TouchstoneDb db, string person, DateTimeOffset now) => Where(db, new HitFilter(HitState.New, QueueOf: person), now);

    private static IQueryable<HitRow> WhereMarked(IQueryable<HitRow> rows, HitFilter filter, DateTimeOffset now)
    {
        if (filter.ClaimedBy is { } holder) rows = rows.Where(x => x.ClaimedBy == holder && x.ClaimedUntil > now);
        if (filter.Unsure is { } unsure) rows = rows.Where(x => x.UnsureBy != null == unsure);
        if (filter.Snoozed is { } snoozed) rows = snoozed ? rows.Where(x => x.SnoozedUntil > now) : rows.Where(x => x.SnoozedUntil == null || x.SnoozedUntil <= now);
        if (filter.FromField is { } field) rows = rows.Where(x => x.CaptureId != null == field);
        if (filter.QueueOf is { } me)
            rows = rows.Where(x => x.State != HitState.New || ((x.SnoozedUntil == null || x.SnoozedUntil <= now) && (x.ClaimedBy == null || x.ClaimedBy == me || x.ClaimedUntil <= now) && (x.UnsureBy == null || x.UnsureBy != me)));
        return rows;
    }

    /// <summary>Where a hit stands in an order: its value and its id.</summary>
    public static (double Value, long Id) PlaceOf(HitRow hit, HitOrder order) => (order == HitOrder.Probability ? hit.Probability : hit.FoundAt.ToUnixTimeMilliseconds(), hit.Id);

    /// <summary>The hits after a place in an order; null: from its beginning.</summary>
    public static IQueryable<HitRow> After(IQueryable<HitRow> rows, HitOrder order, (double Value, long Id)? place)
    {
        (double value, long id) = place ?? default;
        DateTimeOffset at = order == HitOrder.Probability ? default : Instant(value);
        if (place is not null)
            rows = order switch
            {
                HitOrder.Newest => rows.Where(x => x.FoundAt < at || (x.FoundAt == at && x.Id < id)),
                HitOrder.Oldest => rows.Where(x => x.FoundAt > at || (x.FoundAt == at && x.Id > id)),
                _ => rows.Where(x => x.Probability < value || (x.Probability == value && x.Id > id)),
            };
        return order switch
        {
            HitOrder.Newest => rows.OrderByDescending(x => x.FoundAt).ThenByDescending(x => x.Id),
            HitOrder.Oldest => rows.OrderBy(x => x.FoundAt).ThenBy(x => x.Id),
            _ => rows.OrderByDescending(x => x.Probability).ThenBy(x => x.Id),
        };
    }

    /// <summary>The hits before a place in an order, in that order.</summary>
    public static async Task<List<HitRow>> BeforeAsync(IQueryable<HitRow> rows, HitOrder order, (double Value, long Id) place, int take, CancellationToken cancellationToken)
    {
        IQueryable<HitRow> back = order switch
        {
            HitOrder.Newest => After(rows, HitOrder.Oldest, place),
            HitOrder.Oldest => After(rows, HitOrder.Newest, place),
            _ => rows.Where(x => x.Probability > place.Value || (x.Probability == place.Value && x.Id < place.Id)).OrderBy(x => x.Probability).ThenByDescending(x => x.Id),
        };
        List<HitRow> found = await back.Take(take).ToListAsync(cancellationToken);
        found.Reverse();
        return found;
    }

    // A cursor may hold any number; one that no clock shows is the end of time.
    private static DateTimeOffset Instant(double milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Clamp(milliseconds, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));

    /// <summary>One hit with everything that its page shows.</summary>
    public static Task<HitRow?> FindAsync(TouchstoneDb db, long id, CancellationToken cancellationToken) => db.Hits.AsNoTracking()
        .Include(x => x.Listing!).ThenInclude(x => x.Shop)
        .Include(x => x.Reference!).ThenInclude(x => x.Register)
        .Include(x => x.Reference!).ThenInclude(x => x.Identifiers)
        .Include(x => x.Reference!).ThenInclude(x => x.Images.OrderBy(i => i.Position))
        .Include(x => x.Match!).ThenInclude(x => x.Screening!).ThenInclude(x => x.Observation!).ThenInclude(x => x.Images.OrderBy(i => i.Position))
        .Include(x => x.Match!).ThenInclude(x => x.Screening!).ThenInclude(x => x.Observation!).ThenInclude(x => x.Variants.OrderBy(v => v.Position))
        .AsSplitQuery().SingleOrDefaultAsync(x => x.Id == id, cancellationToken);

    /// <summary>Where the two pictures of a match look alike; null where there are not two, or nothing can be told.</summary>
    public static async Task<Likeness?> LikenessOfAsync(SimilarityMapFinder likeness, MatchRow? match, CancellationToken cancellationToken) =>
        match is { ImageSha256: { } image, ReferenceImageSha256: { } reference } ? await likeness.FindAsync(image, reference, cancellationToken) : null;

    /// <summary>What spoke for and against a match, as stored.</summary>
    public static MatchSignals SignalsOf(MatchRow? match)
    {
        if (match is null) return new MatchSignals();
        try
        {
            return JsonSerializer.Deserialize<MatchSignals>(match.Signals, JsonSerializerOptions.Web) ?? new MatchSignals();
        }
        catch (JsonException)
        {
            // Signals of an older version are shown as none; the probability beside them is kept apart and stands.
            return new MatchSignals { Against = ["What spoke for this match was stored in a form that this version does not read."] };
        }
    }
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>
/// What of a search's offers differs between two of its runs. By what each run noted that it saw, and by what the later one's frontier tells of the pages that it did not see again: the runs stay as
/// they were, so the answer stays, too, until retention takes what they noted.
/// </summary>
public sealed class CompareRuns
{
    /// <summary>The most offers of a run that are compared.</summary>
    public const int MostOffers = 50_000;

    private const int Batch = 500;

    private readonly TouchstoneDb _db;
    private readonly List<Difference> _differences = [];

    private CompareRuns(TouchstoneDb db, SearchRunRow from, SearchRunRow to) => (_db, From, To) = (db, from, to);

    public SearchRunRow From { get; }

    public SearchRunRow To { get; }

    public DifferenceCounts Counts { get; private set; } = null!;

    /// <summary>The last two finished runs of a search, the earlier first; null where there are no two.</summary>
    public static async Task<(SearchRunRow From, SearchRunRow To)?> LastTwoAsync(TouchstoneDb db, long searchId, CancellationToken cancellationToken)
    {
        List<SearchRunRow> last = await db.SearchRuns.AsNoTracking().Where(r => r.SearchId == searchId && r.State == RunState.Finished).OrderByDescending(r => r.Id).Take(2).ToListAsync(cancellationToken);
        return last.Count == 2 ? (last[1], last[0]) : null;
    }

    /// <summary>Compares two runs of one search; the later one may be going on.</summary>
    /// <param name="db">Stays open as long as parts are read.</param>
    public static async Task<CompareRuns> ReadAsync(TouchstoneDb db, SearchRunRow from, SearchRunRow to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var compared = new CompareRuns(db, from, to);
        await compared.CompareAsync(cancellationToken);
        return compared;
    }

    /// <summary>A part of what differs, by listing.</summary>
    /// <param name="change">Only these; null: all.</param>
    /// <param name="after">The last listing of the part before; null: from the start.</param>
    public async Task<IReadOnlyList<OfferDifference>> PartAsync(OfferChange? change, long? after, int most, CancellationToken cancellationToken)
    {
        Difference[] part = [.. _differences.Where(d => (change is null || d.Change == change) && (after is null || d.ListingId > after)).Take(most)];
        var whole = new List<OfferDifference>(part.Length);
        foreach (Difference[] batch in part.Chunk(Batch)) whole.AddRange(await DescribeAsync(batch, cancellationToken));
        return whole;
    }

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        (SortedDictionary<long, long> before, long beforeEnd) = await SeenAsync(From.Id, cancellationToken);
        (SortedDictionary<long, long> after, long afterEnd) = await SeenAsync(To.Id, cancellationToken);
        // Where one is cut, both are cut at the same offer: what lies beyond is in neither.
        long end = Math.Min(beforeEnd, afterEnd);
        var both = before.Where(o => o.Key <= end && after.ContainsKey(o.Key)).Select(o => (ListingId: o.Key, Before: o.Value, After: after[o.Key])).ToList();
        (long ListingId, long ObservationId)[] missed = [.. before.Where(o => o.Key <= end && !after.ContainsKey(o.Key)).Select(o => (o.Key, o.Value))];
        Dictionary<long, (bool Gone, string Reason)> why = await new MissedOffers(_db, To).ReadAsync(missed, cancellationToken);
        _differences.AddRange(after.Where(o => o.Key <= end && !before.ContainsKey(o.Key)).Select(o => new Difference(OfferChange.New, o.Key, null, o.Value, null)));
        _differences.AddRange(missed.Where(o => why.ContainsKey(o.ListingId)).Select(o => new Difference(why[o.ListingId].Gone ? OfferChange.Gone : OfferChange.NotSeenAgain, o.ListingId, o.ObservationId, null, why[o.ListingId].Reason)));
        foreach ((long ListingId, long Before, long After)[] batch in both.Where(o => o.Before != o.After).Chunk(Batch))
        {
            Dictionary<long, OfferState> states = await StatesAsync([.. batch.SelectMany(o => (long[])[o.Before, o.After])], cancellationToken);
            foreach ((long listing, long earlier, long later) in batch)
                if (FactsOf(states[earlier], states[later]).Count > 0) _differences.Add(new Difference(OfferChange.Changed, listing, earlier, later, null));
        }
        _differences.Sort((a, b) => a.ListingId.CompareTo(b.ListingId));
        int Count(OfferChange change) => _differences.Count(d => d.Change == change);
        int changed = Count(OfferChange.Changed);
        Counts = new DifferenceCounts(
            Count(OfferChange.New), changed, Count(OfferChange.Gone), Count(OfferChange.NotSeenAgain), both.Count - changed, end == long.MaxValue,
            [.. _differences.Where(d => d.Change == OfferChange.NotSeenAgain).CountBy(d => d.Reason!).OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal).Select(r => new NotSeenReason(r.Key, MissedOffers.Explain(r.Key), r.Value))]);
    }

    /// <summary>The last observation of each listing that a run saw, and the last listing that was read; beyond every listing where all were.</summary>
    private async Task<(SortedDictionary<long, long> Seen, long End)> SeenAsync(long runId, CancellationToken cancellationToken)
    {
        var rows = await _db.RunObservations.AsNoTracking().Where(o => o.RunId == runId)
            .OrderBy(o => o.Observation!.ListingId).ThenBy(o => o.SeenAt).ThenBy(o => o.ObservationId)
            .Select(o => new { o.Observation!.ListingId, o.ObservationId }).Take(MostOffers + 1).ToListAsync(cancellationToken);
        var seen = new SortedDictionary<long, long>();
        foreach (var row in rows.Take(MostOffers)) seen[row.ListingId] = row.ObservationId;
        if (rows.Count <= MostOffers) return (seen, long.MaxValue);
        // A later observation of the last listing may lie beyond the cut.
        seen.Remove(rows[MostOffers].ListingId);
        return (seen, seen.Count == 0 ? 0 : seen.Keys.Last());
    }

    private async Task<Dictionary<long, OfferState>> StatesAsync(long[] observations, CancellationToken cancellationToken) => (await _db.Observations.AsNoTracking()
        .Where(o => EF.Parameter(observations).Contains(o.Id))
        .Select(o => new { o.Id, o.Name, o.Price, o.Currency, o.Availability, o.Seller, Pictures = o.Images.OrderBy(i => i.Position).Select(i => i.ImageSha256).ToList() })
        .ToListAsync(cancellationToken)).ToDictionary(o => o.Id, o => new OfferState(o.Id, o.Name, o.Price, o.Currency, o.Availability, o.Seller, [.. o.Pictures.OfType<string>()]) { PicturesMissing = o.Pictures.Count(p => p is null) });

    /// <summary>What differs. A picture that was not fetched differs from none.</summary>
    internal static IReadOnlyList<OfferFact> FactsOf(OfferState before, OfferState after)
    {
        var facts = new List<OfferFact>();
        if (before.Name != after.Name) facts.Add(OfferFact.Name);
        if (before.Price != after.Price || before.Currency != after.Currency) facts.Add(OfferFact.Price);
        if (before.Availability != after.Availability) facts.Add(OfferFact.Availability);
        if (before.Seller != after.Seller) facts.Add(OfferFact.Seller);
        bool added = before.PicturesMissing == 0 && after.Pictures.Except(before.Pictures, StringComparer.Ordinal).Any();
        bool taken = after.PicturesMissing == 0 && before.Pictures.Except(after.Pictures, StringComparer.Ordinal).Any();
        if (added || taken) facts.Add(OfferFact.Pictures);
        return facts;
    }

    private async Task<IEnumerable<OfferDifference>> DescribeAsync(Difference[] batch, CancellationToken cancellationToken)
    {
        long[] listings = [.. batch.Select(d => d.ListingId)];
        Dictionary<long, OfferState> states = await StatesAsync([.. batch.SelectMany(d => (long?[])[d.Before, d.After]).OfType<long>()], cancellationToken);
        var rows = await _db.Listings.AsNoTracking().Where(l => EF.Parameter(listings).Contains(l.Id)).Select(l => new { l.Id, l.Url, l.Shop!.Host }).ToDictionaryAsync(l => l.Id, cancellationToken);
        long[] runs = [From.Id, To.Id];
        var hits = from seen in _db.RunObservations.Where(o => EF.Parameter(runs).Contains(o.RunId) && EF.Parameter(listings).Contains(o.Observation!.ListingId))
                   from match in seen.Screening!.Matches
                   join hit in _db.Hits on new { ListingId = (long?)seen.Observation!.ListingId, match.ReferenceId } equals new { hit.ListingId, hit.ReferenceId }
                   select new { hit.Id, ListingId = hit.ListingId!.Value };
        ILookup<long, long> hitIds = (await hits.Distinct().ToListAsync(cancellationToken)).OrderBy(h => h.Id).ToLookup(h => h.ListingId, h => h.Id);
        return batch.Where(d => rows.ContainsKey(d.ListingId)).Select(d =>
        {
            OfferState? before = d.Before is { } b ? states.GetValueOrDefault(b) : null, after = d.After is { } a ? states.GetValueOrDefault(a) : null;
            return new OfferDifference(
                d.Change, d.ListingId, rows[d.ListingId].Host, rows[d.ListingId].Url, before, after, before is not null && after is not null ? FactsOf(before, after) : [],
                d.Reason, d.Reason is null ? null : MissedOffers.Explain(d.Reason), [.. hitIds[d.ListingId]]);
        });
    }

    private sealed record Difference(OfferChange Change, long ListingId, long? Before, long? After, string? Reason);
}

using System.Text;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>
/// The frontier in the database. Whoever loses the race for a URL tries the next one. A run's row says who holds it (<see cref="RunLeases"/>): nobody else is given a
/// URL of it, also one that held it until somebody paused or stopped it and has not heard of that yet. Safe for concurrent use by several processes.
/// </summary>
public sealed class FrontierStore(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock) : IFrontierStore
{
    private const int MaxRaces = 20;

    private readonly NextUrls _next = new();

    public async Task<FrontierAdded> AddAsync(long runId, string worker, IReadOnlyCollection<FrontierUrl> urls, CancellationToken cancellationToken)
    {
        if (urls.Count == 0) return default;
        if (urls.Any(u => u.Url.Length > StoredText.LongestUrl)) urls = [.. urls.Select(Bounded)];
        for (int attempt = 1; ; attempt++)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            // What a page under way leads to is kept while nobody holds the run: the page is done with it.
            if (await db.SearchRuns.AnyAsync(r => r.Id == runId && r.LeaseUntil != null && r.LeaseOwner != worker, cancellationToken)) return default;
            (List<FrontierUrl> fresh, List<FrontierUrl> nearer) = await UnknownAsync(db, runId, urls, cancellationToken);
            if (fresh.Count + nearer.Count == 0) return default;
            DateTimeOffset now = clock.GetUtcNow();
            db.Frontier.AddRange(fresh.Select(u => new FrontierRow
            {
                RunId = runId,
                Url = u.Url,
                Host = u.Host,
                Kind = u.Kind,
                Priority = u.Priority,
                Depth = u.Depth,
                DiscoveredFrom = u.DiscoveredFrom,
                State = u.SkipReason is null ? FrontierState.Pending : FrontierState.Skipped,
                Reason = u.SkipReason,
                NotBefore = now,
            }));
            try
            {
                using WriteTurn turn = await WriteTurn.EnterAsync(db, cancellationToken);
                if (fresh.Count > 0) await db.SaveChangesAsync(cancellationToken);
                int found = 0;
                foreach (FrontierUrl url in nearer) found += await NearerAsync(db, runId, url, cancellationToken);
                int pending = fresh.Count(u => u.SkipReason is null);
                if (pending + found > 0) _next.Added(runId, fresh.Concat(nearer).Where(u => u.SkipReason is null).Max(u => u.Priority));
                return new FrontierAdded(pending + found, fresh.Count - pending - found);
            }
            catch (DbUpdateException) when (attempt < MaxRaces)
            {
                // Another worker added one of the URLs in between; what is left is added on the next turn.
            }
        }
    }

    private static Task<int> NearerAsync(TouchstoneDb db, long runId, FrontierUrl url, CancellationToken cancellationToken) =>
        db.Frontier.Where(x => x.RunId == runId && x.Url == url.Url && x.State == FrontierState.Skipped && x.Reason == FrontierUrl.TooDeep).ExecuteUpdateAsync(
            s => s.SetProperty(x => x.State, FrontierState.Pending).SetProperty(x => x.Reason, (string?)null).SetProperty(x => x.Depth, url.Depth).SetProperty(x => x.Priority, url.Priority).SetProperty(x => x.DiscoveredFrom, url.DiscoveredFrom),
            cancellationToken);

    public async Task<FrontierLease?> LeaseAsync(long runId, string worker, IReadOnlyCollection<string> busyHosts, TimeSpan leaseTime, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        for (int race = 0; race < MaxRaces; race++)
        {
            DateTimeOffset now = clock.GetUtcNow();
            FrontierRow? row = _next.Take(runId, busyHosts, now) ?? await BestAsync(db, runId, worker, busyHosts, now, cancellationToken);
            if (row is null) return null;
            DateTimeOffset until = now + leaseTime;
            int losses = row.Losses + (row.State == FrontierState.Leased ? 1 : 0);
            using WriteTurn turn = await WriteTurn.EnterAsync(db, cancellationToken);
            bool taken = await Of(db, Row(db, row.Id), worker).TakeAsync(
                row.Fence, worker, until, s => s.SetProperty(x => x.State, FrontierState.Leased).SetProperty(x => x.Attempts, x => x.Attempts + 1).SetProperty(x => x.Losses, losses), cancellationToken);
            if (taken)
            {
                var url = new FrontierUrl(row.Url, row.Host, row.Kind, row.Priority, row.Depth, row.DiscoveredFrom);
                return new FrontierLease(row.Id, runId, url, row.Attempts + 1, row.Fence + 1, losses);
            }
            _next.Forget(runId);
        }
        return null;
    }

    private async Task<FrontierRow?> BestAsync(TouchstoneDb db, long runId, string worker, IReadOnlyCollection<string> busyHosts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<FrontierRow> best = await Of(db, Ready(db, runId, now), worker)
            .Where(x => !busyHosts.Contains(x.Host))
            .OrderByDescending(x => x.Priority).ThenBy(x => x.Depth).ThenBy(x => x.Id)
            .Take(busyHosts.Count == 0 ? NextUrls.Most : 1)
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        if (best.Count == 0) return null;
        FrontierRow first = best[0];
        best.RemoveAt(0);
        // Where hosts are busy, what is read leaves theirs out, and who asks next may want them.
        if (busyHosts.Count == 0) _next.Keep(runId, best, now);
        return first;
    }

    public async Task<bool> RenewAsync(FrontierLease lease, TimeSpan leaseTime, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await Row(db, lease.Id).RenewAsync(lease.Fence, clock.GetUtcNow() + leaseTime, cancellationToken);
    }

    public async Task<bool> CompleteAsync(FrontierLease lease, FrontierState state, string? reason, int httpStatus, CancellationToken cancellationToken)
    {
        if (state is FrontierState.Pending or FrontierState.Leased)
            throw new ArgumentOutOfRangeException(nameof(state), state, "A lease ends as Done, Skipped or Failed.");
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        using WriteTurn turn = await WriteTurn.EnterAsync(db, cancellationToken);
        return await Row(db, lease.Id).EndAsync(
            lease.Fence, s => s.SetProperty(x => x.State, state).SetProperty(x => x.Reason, reason).SetProperty(x => x.HttpStatus, httpStatus), cancellationToken);
    }

    public async Task<bool> RetryAsync(FrontierLease lease, string reason, DateTimeOffset notBefore, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await Row(db, lease.Id).EndAsync(
            lease.Fence, s => s.SetProperty(x => x.State, FrontierState.Pending).SetProperty(x => x.Reason, reason).SetProperty(x => x.NotBefore, notBefore), cancellationToken);
    }

    public async Task<int> TakeUpAsync(long runId, string worker, bool lost, CancellationToken cancellationToken)
    {
        int loss = lost ? 1 : 0;
        _next.Forget(runId);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await Of(db, Leased(db, runId), worker).RevokeAsync(s => s.SetProperty(x => x.State, FrontierState.Pending).SetProperty(x => x.Losses, x => x.Losses + loss), cancellationToken);
    }

    public async Task<int> ReleaseAsync(long runId, string worker, CancellationToken cancellationToken)
    {
        _next.Forget(runId);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await Leased(db, runId).Where(x => x.LeaseOwner == worker).RevokeAsync(s => s.SetProperty(x => x.State, FrontierState.Pending), cancellationToken);
    }

    public async Task<int> SkipHostAsync(long runId, string host, string reason, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Frontier
            .Where(x => x.RunId == runId && x.Host == host && x.Kind == FrontierKind.Page && x.State == FrontierState.Pending)
            .RevokeAsync(s => s.SetProperty(x => x.State, FrontierState.Skipped).SetProperty(x => x.Reason, reason), cancellationToken);
    }

    public async Task<int> MoveUpAsync(long runId, string host, Func<string, bool> isMeant, int by, CancellationToken cancellationToken)
    {
        const int most = 20_000, atOnce = 500;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        IQueryable<FrontierRow> pending = db.Frontier.Where(x => x.RunId == runId && x.Host == host && x.Kind == FrontierKind.Page && x.State == FrontierState.Pending);
        var waiting = await pending.OrderBy(x => x.Id).Take(most).Select(x => new { x.Id, x.Url }).ToListAsync(cancellationToken);
        int raised = 0;
        foreach (long[] ids in waiting.Where(x => isMeant(x.Url)).Select(x => x.Id).Chunk(atOnce))
        {
            using WriteTurn turn = await WriteTurn.EnterAsync(db, cancellationToken);
            raised += await pending.Where(x => EF.Parameter(ids).Contains(x.Id)).ExecuteUpdateAsync(s => s.SetProperty(x => x.Priority, x => x.Priority + by), cancellationToken);
        }
        _next.Forget(runId);
        return raised;
    }

    public async Task<int> CountDoneAsync(long runId, string host, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Frontier.CountAsync(x => x.RunId == runId && x.Host == host && x.Kind == FrontierKind.Page && x.State == FrontierState.Done, cancellationToken);
    }

    public async Task<DateTimeOffset?> NextReadyAsync(long runId, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        IQueryable<FrontierRow> run = db.Frontier.Where(x => x.RunId == runId);
        DateTimeOffset? pending = await run.Where(x => x.State == FrontierState.Pending).OrderBy(x => x.NotBefore).Select(x => (DateTimeOffset?)x.NotBefore).FirstOrDefaultAsync(cancellationToken);
        DateTimeOffset? leased = await run.Where(x => x.State == FrontierState.Leased).OrderBy(x => x.LeaseUntil).Select(x => x.LeaseUntil).FirstOrDefaultAsync(cancellationToken);
        // A lease by a wrong clock is no reason to wait for its end.
        DateTimeOffset now = clock.GetUtcNow();
        if (leased > now + Leasing.Longest) leased = now;
        return pending is null ? leased : leased is null || pending < leased ? pending : leased;
    }

    public async Task<IReadOnlyList<FrontierCount>> CountAsync(long runId, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        var groups = await db.Frontier.Where(x => x.RunId == runId)
            .GroupBy(x => new { x.State, x.Reason })
            .Select(g => new { g.Key.State, g.Key.Reason, Count = g.Count() })
            .ToListAsync(cancellationToken);
        return [.. groups.OrderBy(g => g.State).ThenByDescending(g => g.Count).Select(g => new FrontierCount(g.State, g.Reason, g.Count))];
    }

    /// <summary>A URL that is too long stays in the coverage as skipped, under its beginning and its hash.</summary>
    private static FrontierUrl Bounded(FrontierUrl url) => url.Url.Length <= StoredText.LongestUrl
        ? url
        : url with { Url = $"{url.Url[..1900]}#{BlobName.Of(Encoding.UTF8.GetBytes(url.Url))}", SkipReason = url.SkipReason ?? $"{CrawlReasons.TooLong} than {StoredText.LongestUrl} characters" };

    private static IQueryable<FrontierRow> Ready(TouchstoneDb db, long runId, DateTimeOffset now) =>
        db.Frontier.Where(x => x.RunId == runId && ((x.State == FrontierState.Pending && x.NotBefore <= now) || x.State == FrontierState.Leased)).Free(now);

    /// <summary>Those of the rows whose run the worker holds.</summary>
    private static IQueryable<FrontierRow> Of(TouchstoneDb db, IQueryable<FrontierRow> rows, string worker) =>
        rows.Where(x => !db.SearchRuns.Any(r => r.Id == x.RunId && (r.LeaseUntil == null || r.LeaseOwner != worker)));

    private static IQueryable<FrontierRow> Leased(TouchstoneDb db, long runId) => db.Frontier.Where(x => x.RunId == runId && x.State == FrontierState.Leased);

    private static IQueryable<FrontierRow> Row(TouchstoneDb db, long id) => db.Frontier.Where(x => x.Id == id);

    /// <summary>Those that the run does not know, and those that it knows as too deep and that are not.</summary>
    private static async Task<(List<FrontierUrl> Fresh, List<FrontierUrl> Nearer)> UnknownAsync(TouchstoneDb db, long runId, IReadOnlyCollection<FrontierUrl> urls, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, bool>(StringComparer.Ordinal);
        FrontierUrl[] distinct = [.. urls.DistinctBy(u => u.Url, StringComparer.Ordinal)];
        foreach (string[] part in distinct.Select(u => u.Url).Chunk(500))
        {
            var found = await db.Frontier.Where(x => x.RunId == runId && EF.Parameter(part).Contains(x.Url)).Select(x => new { x.Url, IsTooDeep = x.State == FrontierState.Skipped && x.Reason == FrontierUrl.TooDeep }).ToListAsync(cancellationToken);
            foreach (var url in found) known[url.Url] = url.IsTooDeep;
        }
        return ([.. distinct.Where(u => !known.ContainsKey(u.Url))], [.. distinct.Where(u => u.SkipReason is null && known.GetValueOrDefault(u.Url))]);
    }
}

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
    /// <summary>The longest URL that is fetched, in characters; PostgreSQL cannot index much longer ones, and sitemaps end at 2,048 (sitemaps.org).</summary>
    public const int LongestUrl = 2048;

    private const int MaxRaces = 20;

    public async Task<int> AddAsync(long runId, string worker, IReadOnlyCollection<FrontierUrl> urls, CancellationToken cancellationToken)
    {
        if (urls.Count == 0) return 0;
        if (urls.Any(u => u.Url.Length > LongestUrl)) urls = [.. urls.Select(Bounded)];
        for (int attempt = 1; ; attempt++)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            // What a page under way leads to is kept while nobody holds the run: the page is done with it.
            if (await db.SearchRuns.AnyAsync(r => r.Id == runId && r.LeaseUntil != null && r.LeaseOwner != worker, cancellationToken)) return 0;
            List<FrontierUrl> fresh = await UnknownAsync(db, runId, urls, cancellationToken);
            if (fresh.Count == 0) return 0;
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
                await db.SaveChangesAsync(cancellationToken);
                return fresh.Count;
            }
            catch (DbUpdateException) when (attempt < MaxRaces)
            {
                // Another worker added one of the URLs in between; what is left is added on the next turn.
            }
        }
    }

    public async Task<FrontierLease?> LeaseAsync(long runId, string worker, IReadOnlyCollection<string> busyHosts, TimeSpan leaseTime, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        for (int race = 0; race < MaxRaces; race++)
        {
            DateTimeOffset now = clock.GetUtcNow();
            FrontierRow? row = await Of(db, Ready(db, runId, now), worker)
                .Where(x => !busyHosts.Contains(x.Host))
                .OrderByDescending(x => x.Priority).ThenBy(x => x.Id)
                .AsNoTracking()
                .FirstOrDefaultAsync(cancellationToken);
            if (row is null) return null;
            DateTimeOffset until = now + leaseTime;
            int losses = row.Losses + (row.State == FrontierState.Leased ? 1 : 0);
            bool taken = await Of(db, Row(db, row.Id), worker).TakeAsync(
                row.Fence, worker, until, s => s.SetProperty(x => x.State, FrontierState.Leased).SetProperty(x => x.Attempts, x => x.Attempts + 1).SetProperty(x => x.Losses, losses), cancellationToken);
            if (taken)
            {
                var url = new FrontierUrl(row.Url, row.Host, row.Kind, row.Priority, row.Depth, row.DiscoveredFrom);
                return new FrontierLease(row.Id, runId, url, row.Attempts + 1, row.Fence + 1, losses);
            }
        }
        return null;
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
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await Of(db, Leased(db, runId), worker).RevokeAsync(s => s.SetProperty(x => x.State, FrontierState.Pending).SetProperty(x => x.Losses, x => x.Losses + loss), cancellationToken);
    }

    public async Task<int> ReleaseAsync(long runId, string worker, CancellationToken cancellationToken)
    {
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
    private static FrontierUrl Bounded(FrontierUrl url) => url.Url.Length <= LongestUrl
        ? url
        : url with { Url = $"{url.Url[..1900]}#{BlobName.Of(Encoding.UTF8.GetBytes(url.Url))}", SkipReason = url.SkipReason ?? $"{CrawlReasons.TooLong} than {LongestUrl} characters" };

    private static IQueryable<FrontierRow> Ready(TouchstoneDb db, long runId, DateTimeOffset now) =>
        db.Frontier.Where(x => x.RunId == runId && ((x.State == FrontierState.Pending && x.NotBefore <= now) || x.State == FrontierState.Leased)).Free(now);

    /// <summary>Those of the rows whose run the worker holds.</summary>
    private static IQueryable<FrontierRow> Of(TouchstoneDb db, IQueryable<FrontierRow> rows, string worker) =>
        rows.Where(x => !db.SearchRuns.Any(r => r.Id == x.RunId && (r.LeaseUntil == null || r.LeaseOwner != worker)));

    private static IQueryable<FrontierRow> Leased(TouchstoneDb db, long runId) => db.Frontier.Where(x => x.RunId == runId && x.State == FrontierState.Leased);

    private static IQueryable<FrontierRow> Row(TouchstoneDb db, long id) => db.Frontier.Where(x => x.Id == id);

    private static async Task<List<FrontierUrl>> UnknownAsync(TouchstoneDb db, long runId, IReadOnlyCollection<FrontierUrl> urls, CancellationToken cancellationToken)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (string[] part in urls.Select(u => u.Url).Distinct(StringComparer.Ordinal).Chunk(500))
            known.UnionWith(await db.Frontier.Where(x => x.RunId == runId && part.Contains(x.Url)).Select(x => x.Url).ToListAsync(cancellationToken));
        return [.. urls.DistinctBy(u => u.Url, StringComparer.Ordinal).Where(u => !known.Contains(u.Url))];
    }
}

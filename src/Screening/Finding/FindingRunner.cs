using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Finding;

/// <summary>Runs findings that people asked for, each under a lease: a killed worker's finding is begun anew by another. Safe for concurrent use by several processes.</summary>
public sealed class FindingRunner(IDbContextFactory<TouchstoneDb> databases, ShopFinder finder, TimeProvider clock, ILogger<FindingRunner> log)
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    /// <summary>Takes the next finding and runs it to its end; null if none waits.</summary>
    /// <param name="worker">Names this worker in leases.</param>
    public async Task<FindingRow?> RunNextAsync(string worker, CancellationToken cancellationToken)
    {
        if (await TakeAsync(worker, cancellationToken) is not { } finding) return null;
        try
        {
            bool held = await HeldLease.RunAsync(LeaseTime, token => RenewAsync(finding, token), token => FinishAsync(finding, finding.Fence, token), clock, log, cancellationToken);
            if (!held) log.LogWarning("Finding {Finding} was lost; another worker begins it anew.", finding.Id);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(CancellationToken.None);
            await Row(db, finding.Id).EndAsync(finding.Fence, s => s.SetProperty(x => x.State, FindingState.Queued), CancellationToken.None);
            throw;
        }
        catch (Exception e) when (!DatabaseAway.Explains(e))
        {
            log.LogError(e, "Finding {Finding} failed.", finding.Id);
            DateTimeOffset? now = clock.GetUtcNow();
            await using TouchstoneDb db = await databases.CreateDbContextAsync(CancellationToken.None);
            await Row(db, finding.Id).EndAsync(finding.Fence, s => s.SetProperty(x => x.State, FindingState.Failed).SetProperty(x => x.Problems, e.Message).SetProperty(x => x.FinishedAt, now), CancellationToken.None);
        }
        await using TouchstoneDb read = await databases.CreateDbContextAsync(CancellationToken.None);
        return await read.Findings.AsNoTracking().SingleAsync(x => x.Id == finding.Id, CancellationToken.None);
    }

    /// <summary>Asks and saves what was found.</summary>
    /// <param name="fence">That of the lease under which it is done; null: whoever calls holds it by other means.</param>
    internal async Task FinishAsync(FindingRow finding, long? fence, CancellationToken cancellationToken, IReadOnlySet<string>? known = null)
    {
        (finding.Asked, finding.Results) = (0, 0);
        IReadOnlyList<FoundShopRow> found = await finder.FindAsync(finding, known ?? new HashSet<string>(), cancellationToken);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        FindingRow row = await db.Findings.Include(x => x.Shops).SingleAsync(x => x.Id == finding.Id, cancellationToken);
        if (fence is { } mine && (row.Fence != mine || row.LeaseUntil is null)) return;
        foreach (FoundShopRow shop in found.Where(s => row.Shops.All(k => k.Host != s.Host))) row.Shops.Add(shop);
        bool nobodyAnswered = finding.Asked == 0 && row.Shops.Count == 0;
        (row.State, row.FinishedAt, row.LeaseUntil) = (nobodyAnswered ? FindingState.Failed : FindingState.Finished, clock.GetUtcNow(), null);
        (row.Asked, row.Results, row.LeftOut, row.Problems) = (finding.Asked, finding.Results, finding.LeftOut, finding.Problems);
        using WriteTurn turn = await WriteTurn.EnterAsync(db, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task<FindingRow?> TakeAsync(string worker, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        while (true)
        {
            DateTimeOffset now = clock.GetUtcNow();
            FindingRow? next = await db.Findings.AsNoTracking().Where(x => x.SearchId == null && (x.State == FindingState.Queued || x.State == FindingState.Running)).Free(now).OrderBy(x => x.Id).FirstOrDefaultAsync(cancellationToken);
            if (next is null) return null;
            if (await Row(db, next.Id).TakeAsync(next.Fence, worker, now + LeaseTime, s => s.SetProperty(x => x.State, FindingState.Running), cancellationToken)) return await Row(db, next.Id).AsNoTracking().SingleAsync(cancellationToken);
        }
    }

    private async Task<bool> RenewAsync(FindingRow finding, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await Row(db, finding.Id).RenewAsync(finding.Fence, clock.GetUtcNow() + LeaseTime, cancellationToken);
    }

    private static IQueryable<FindingRow> Row(TouchstoneDb db, long id) => db.Findings.Where(x => x.Id == id);
}

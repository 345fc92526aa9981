using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Politeness;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>
/// Leases of hosts in the database, taken by a conditional update on the row's fence as those of URLs and runs are. Safe for concurrent use by several processes.
/// </summary>
/// <param name="node">Names this process; no other has the name.</param>
public sealed class HostLeases(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, string node) : IHostLeases
{
    public async Task<HostLease> TakeAsync(string host, DateTimeOffset readyAt, TimeSpan leaseTime, CancellationToken cancellationToken)
    {
        while (true)
        {
            DateTimeOffset now = clock.GetUtcNow(), until = now + leaseTime;
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            HostLeaseRow? row = await db.HostLeases.AsNoTracking().FirstOrDefaultAsync(x => x.Host == host, cancellationToken);
            if (row is not null && row.LeaseOwner != node && row.LeaseUntil > now) return new HostLease(false, row.LeaseUntil, row.ReadyAt);
            DateTimeOffset ready = row is not null && row.ReadyAt > readyAt ? row.ReadyAt : readyAt;
            if (row is null ? await AddAsync(db, host, until, ready, cancellationToken) : await ChangeAsync(db, row, until, ready, cancellationToken)) return new HostLease(true, until, ready);
        }
    }

    private async Task<bool> ChangeAsync(TouchstoneDb db, HostLeaseRow row, DateTimeOffset until, DateTimeOffset ready, CancellationToken cancellationToken) =>
        await db.HostLeases.Where(x => x.Host == row.Host && x.Fence == row.Fence).ExecuteUpdateAsync(
            s => s.SetProperty(x => x.LeaseOwner, node)
                .SetProperty(x => x.LeaseUntil, until)
                .SetProperty(x => x.ReadyAt, ready)
                .SetProperty(x => x.Fence, x => x.Fence + 1),
            cancellationToken) == 1;

    private async Task<bool> AddAsync(TouchstoneDb db, string host, DateTimeOffset until, DateTimeOffset ready, CancellationToken cancellationToken)
    {
        db.HostLeases.Add(new HostLeaseRow { Host = host, LeaseOwner = node, LeaseUntil = until, ReadyAt = ready });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException e) when (!DatabaseAway.Explains(e))
        {
            // Another node took the host first; the next turn finds its row.
            return false;
        }
    }
}

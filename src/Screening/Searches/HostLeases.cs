using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Politeness;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>
/// Which node asks which host. A node that has a host takes it again whenever it asks. Safe for concurrent use by several processes.
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
            if (row?.LeaseUntil is { } held && held > now && held <= now + Leasing.Longest && row.LeaseOwner != node) return new HostLease(false, held, row.ReadyAt);
            DateTimeOffset ready = row is not null && row.ReadyAt > readyAt ? row.ReadyAt : readyAt;
            bool taken = row is null
                ? await AddAsync(db, host, until, ready, cancellationToken)
                : await db.HostLeases.Where(x => x.Host == host).TakeAsync(row.Fence, node, until, s => s.SetProperty(x => x.ReadyAt, ready), cancellationToken);
            if (taken) return new HostLease(true, until, ready);
        }
    }

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

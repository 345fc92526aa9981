using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Politeness;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Queries;

namespace Touchstone.Server.Api;

/// <summary>Reads how far a run is from its rows, to which every node's workers write, so that it can be watched from any node. Safe for concurrent use.</summary>
/// <param name="gate">What this node knows of hosts.</param>
public sealed class RunWatch(IDbContextFactory<TouchstoneDb> databases, HostGate gate, PolitenessOptions politeness, TimeProvider clock)
{
    /// <summary>Where a run stands that has not ended.</summary>
    public Task<RunStanding> StandingAsync(TouchstoneDb db, SearchRunRow run, CancellationToken cancellationToken) => RunStanding.ReadAsync(db, run, gate, politeness, clock.GetUtcNow(), cancellationToken);

    /// <summary>The run's numbers now; null: there is no such run.</summary>
    public async Task<RunProgress?> ProgressAsync(long id, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        SearchRunRow? run = await db.SearchRuns.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id, cancellationToken);
        if (run is null) return null;
        Task<int> CountAsync(FrontierState state) => db.Frontier.Where(x => x.RunId == id && x.State == state).CountBoundedAsync(cancellationToken);
        bool ended = run.State.HasEnded();
        int skipped = ended ? run.Skipped : await CountAsync(FrontierState.Skipped), failed = ended ? run.Failed : await CountAsync(FrontierState.Failed);
        int pending = ended ? 0 : await CountAsync(FrontierState.Pending) + await CountAsync(FrontierState.Leased);
        string? current = await db.Frontier.Where(x => x.RunId == id && x.State == FrontierState.Leased).OrderByDescending(x => x.LeaseUntil).Select(x => x.Url).FirstOrDefaultAsync(cancellationToken);
        RunStanding standing = ended ? RunStanding.None : await StandingAsync(db, run, cancellationToken);
        return new RunProgress(
            run.State, run.Pages, run.NotModified, run.Rendered, run.Listings, run.ListingsUnchanged, run.Images, run.ImagesDescribed, run.Hits, run.Undetermined,
            skipped, failed, pending, current, standing.Ahead, standing.WaitsFor, standing.Until);
    }
}

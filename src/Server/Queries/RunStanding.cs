using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Politeness;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Queries;

/// <summary>Where a run that has not ended stands at the moment.</summary>
/// <param name="Ahead">Of a queued run: how many others are taken before it; ends at 1,000.</param>
/// <param name="IsLeft">No worker holds the run though it is running, or nobody took it for two minutes though nothing is ahead of it.</param>
/// <param name="WaitsFor">The host whose pace, opening hours or wish to be left alone the run waits for; null: it waits for none.</param>
/// <param name="Until">When that host may be asked again.</param>
public sealed record RunStanding(int Ahead, bool IsLeft, string? WaitsFor, DateTimeOffset? Until)
{
    private const int MostAhead = 1_000;
    private const int MostUrls = 500;
    private static readonly TimeSpan LongQueued = TimeSpan.FromMinutes(2);

    // Shorter waits are the pace itself, and nothing to tell of.
    private static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(3);

    public static RunStanding None { get; } = new(0, false, null, null);

    /// <param name="gate">This node's knowledge of hosts; null where it crawls nothing.</param>
    public static async Task<RunStanding> ReadAsync(TouchstoneDb db, SearchRunRow run, HostGate? gate, PolitenessOptions? politeness, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (run.State == RunState.Queued)
        {
            int ahead = await db.SearchRuns.Where(x => x.State == RunState.Queued && x.Id < run.Id).Take(MostAhead).CountAsync(cancellationToken);
            bool works = await db.SearchRuns.AnyAsync(x => x.State == RunState.Running && x.LeaseUntil > now, cancellationToken);
            return new RunStanding(ahead, !works && ahead == 0 && now - run.QueuedAt > LongQueued, null, null);
        }
        if (run.State != RunState.Running) return None;
        if (run.LeaseUntil is not { } held || held < now) return None with { IsLeft = true };
        IQueryable<FrontierRow> of = db.Frontier.Where(x => x.RunId == run.Id);
        var waiting = await of.Where(x => x.State == FrontierState.Pending).OrderBy(x => x.NotBefore).Take(MostUrls).Select(x => new { x.Host, x.NotBefore }).ToListAsync(cancellationToken);
        var leased = await of.Where(x => x.State == FrontierState.Leased).Take(MostUrls).Select(x => new { x.Host, x.NotBefore }).ToListAsync(cancellationToken);
        var hosts = waiting.Concat(leased).GroupBy(x => x.Host, StringComparer.OrdinalIgnoreCase).Select(g => new { Host = g.Key, Ready = g.Min(x => x.NotBefore) }).ToList();
        if (hosts.Count == 0) return None;
        string[] names = [.. hosts.Select(x => x.Host)];
        Dictionary<string, DateTimeOffset> leases = await db.HostLeases.Where(x => EF.Parameter(names).Contains(x.Host)).ToDictionaryAsync(x => x.Host, x => x.ReadyAt, cancellationToken);
        (string Host, DateTimeOffset At) first = hosts.Select(x => (x.Host, At: Latest(x.Ready, leases.GetValueOrDefault(x.Host), gate?.ReadyAt(x.Host), now + (politeness?.ClosedFor(x.Host, now) ?? TimeSpan.Zero)))).MinBy(x => x.At);
        return first.At - now >= LeastWait ? new RunStanding(0, false, first.Host, first.At) : None;
    }

    private static DateTimeOffset Latest(params DateTimeOffset?[] instants) => instants.Max() ?? default;
}

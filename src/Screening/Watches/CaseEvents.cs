using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Watches;

/// <summary>What the history of a case tells of watches. Kinds of <see cref="CaseEventRow"/>.</summary>
public static class CaseEvents
{
    public const string WatchStarted = "WatchStarted";
    public const string WatchEnded = "WatchEnded";
    public const string Returned = "Returned";

    /// <summary>Adds an event to the case of a hit, whose version grows; nothing where the hit is in none. The caller saves, in a transaction.</summary>
    internal static async Task TellAsync(VerbContext context, long hitId, string kind, string text, CancellationToken cancellationToken)
    {
        if (await context.Db.Hits.Where(h => h.Id == hitId).Select(h => h.CaseId).SingleAsync(cancellationToken) is not { } caseId) return;
        await context.Db.Cases.Where(c => c.Id == caseId).ExecuteUpdateAsync(c => c.SetProperty(x => x.Version, x => x.Version + 1), cancellationToken);
        context.Db.CaseEvents.Add(new CaseEventRow { CaseId = caseId, Kind = kind, Actor = context.Actor, At = context.Clock.GetUtcNow(), Text = text });
    }
}

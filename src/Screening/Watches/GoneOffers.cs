using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Touchstone.Crawling;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Watches;

/// <summary>Begins to watch for confirmed offers that a run found gone: their addresses answered "not found" or "gone". Safe for concurrent use, and as often as it is asked.</summary>
public sealed class GoneOffers(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, ILogger<GoneOffers> log)
{
    /// <summary>Offers of one run.</summary>
    private const int MostOffers = 1_000;

    private static readonly string?[] GoneReasons = [.. CrawlReasons.Gone];

    /// <summary>Before the run counts as ended. Returns how many watches began.</summary>
    public async Task<int> WatchAsync(long runId, CancellationToken cancellationToken)
    {
        await using TouchstoneDb read = await databases.CreateDbContextAsync(cancellationToken);
        var gone = await (from url in read.Frontier.Where(f => f.RunId == runId && f.State == FrontierState.Failed && GoneReasons.Contains(f.Reason))
                          join listing in read.Listings on url.Url equals listing.Url
                          join hit in read.Hits.Where(h => h.State == HitState.Confirmed) on (long?)listing.Id equals hit.ListingId
                          where !read.Watches.Any(w => w.HitId == hit.Id && w.EndedAt == null)
                          orderby hit.Id
                          select new { hit.Id, url.Reason }).Take(MostOffers).ToListAsync(cancellationToken);
        int begun = 0;
        foreach (var offer in gone.DistinctBy(x => x.Id))
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            string because = string.Create(CultureInfo.InvariantCulture, $"Run {runId} asked for the offer, and the shop answered {offer.Reason!["http-".Length..]}.");
            VerbOutcome<WatchRow> outcome = await new StartWatch(offer.Id, because).RunAsync(new VerbContext(db, Actor, clock), cancellationToken);
            if (outcome.Done) begun++;
            else log.LogInformation("The offer of hit {Hit}, which is gone, is not watched for: {Why}", offer.Id, outcome.Detail);
        }
        return begun;
    }

    private const string Actor = "touchstone";
}

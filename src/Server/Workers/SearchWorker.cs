using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;

namespace Touchstone.Server.Workers;

/// <summary>Runs queued searches one after the other, and queues those that repeat.</summary>
internal sealed class SearchWorker(SearchRunner runner, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, ILogger<SearchWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ScheduleEvery = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        string name = WorkerSetup.NameOf("search");
        DateTimeOffset scheduled = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(Pause, clock);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (clock.GetUtcNow() - scheduled >= ScheduleEvery)
                {
                    scheduled = clock.GetUtcNow();
                    await QueueDueAsync(stoppingToken);
                }
                if (await runner.RunNextAsync(name, null, null, stoppingToken) is null) await timer.WaitForNextTickAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                logger.LogError(e, "A search could not be run; the next one is tried.");
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }

    private async Task QueueDueAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            int queued = await SearchSchedule.QueueDueAsync(db, clock, cancellationToken);
            if (queued > 0) logger.LogInformation("Queued {Count} repeating searches.", queued);
        }
        catch (Exception e) when (e is DbUpdateException or DbException)
        {
            logger.LogInformation(e, "Another node queued the repeating searches at the same moment.");
        }
    }
}

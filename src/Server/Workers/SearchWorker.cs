using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Weekly;

namespace Touchstone.Server.Workers;

/// <summary>Runs queued searches, several at once, and queues those that repeat.</summary>
internal sealed class SearchWorker(SearchRunner runner, IDbContextFactory<TouchstoneDb> databases, ServerOptions options, WeeklyOptions weekly, TimeProvider clock, ILogger<SearchWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ScheduleEvery = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await Task.WhenAll([ScheduleAsync(stoppingToken), .. Enumerable.Range(1, options.SearchesAtOnce).Select(i => RunAsync(WorkerSetup.NameOf($"search-{i}"), stoppingToken))]);
    }

    private Task ScheduleAsync(CancellationToken stoppingToken) => RepeatAsync(
        async () =>
        {
            await QueueDueAsync(stoppingToken);
            await Task.Delay(ScheduleEvery, clock, stoppingToken);
        },
        stoppingToken);

    private Task RunAsync(string name, CancellationToken stoppingToken) => RepeatAsync(
        async () =>
        {
            if (await runner.RunNextAsync(name, null, null, stoppingToken) is null) await Task.Delay(Pause, clock, stoppingToken);
        },
        stoppingToken);

    private async Task RepeatAsync(Func<Task> work, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await work();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                logger.LogError(e, "A search could not be run; the next one is tried.");
                await Task.Delay(Pause, clock, stoppingToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    private async Task QueueDueAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            int queued = await SearchSchedule.QueueDueAsync(db, weekly.Zone, clock, cancellationToken);
            if (queued > 0) logger.LogInformation("Queued {Count} repeating searches.", queued);
        }
        catch (Exception e) when (e is DbUpdateException or DbException)
        {
            logger.LogInformation(e, "Another node queued the repeating searches at the same moment.");
        }
    }
}

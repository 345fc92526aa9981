using Touchstone.Screening.Finding;

namespace Touchstone.Server.Workers;

/// <summary>Looks for shops on the web where somebody asked for it.</summary>
internal sealed class FindingWorker(FindingRunner runner, TimeProvider clock, ILogger<FindingWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        string worker = WorkerSetup.NameOf("finding");
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await runner.RunNextAsync(worker, stoppingToken) is null) await Task.Delay(Pause, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                logger.LogError(e, "Shops could not be looked for; the next finding is tried.");
                await Task.Delay(Pause, clock, stoppingToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }
}

using Touchstone.Screening.Notifications;

namespace Touchstone.Server.Workers;

/// <summary>Delivers the outbox.</summary>
internal sealed class OutboxWorker(OutboxDelivery delivery) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await delivery.RunAsync(WorkerSetup.NameOf("outbox"), stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; leased messages are taken up by the next one.
        }
    }
}

namespace Touchstone.Server.Workers;

/// <summary>
/// A worker that does its turn again and again until the server stops, with a pause between two turns. What a turn throws is told and ends neither the worker nor the server; what was being done
/// when the server stops is done by another node, or at the next start.
/// </summary>
/// <param name="pause">Between ticks; a turn that takes longer is followed by the next at once.</param>
/// <param name="startsAtOnce">Whether the first turn is before the first pause.</param>
internal abstract class RepeatingWorker(TimeSpan pause, TimeProvider clock, bool startsAtOnce = true) : BackgroundService
{
    protected TimeProvider Clock => clock;

    /// <summary>Does what is due now.</summary>
    protected abstract Task DoDueAsync(CancellationToken stoppingToken);

    /// <summary>Tells that a turn failed; the next one tries again.</summary>
    protected abstract void Failed(Exception exception);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(pause, clock);
        if (!startsAtOnce && !await timer.NextAsync(stoppingToken)) return;
        do
        {
            try
            {
                await DoDueAsync(stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Failed(e);
            }
        }
        while (await timer.NextAsync(stoppingToken));
    }
}

namespace Touchstone.Server.Workers;

/// <summary>The pauses of a worker.</summary>
internal static class Ticks
{
    /// <summary>Waits for the next tick; false, instead of an exception, when the server stops.</summary>
    public static async Task<bool> NextAsync(this PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

namespace Touchstone.Tests.Fixtures;

/// <summary>Waiting for what comes on a machine however busy. A bound here is no measurement: it only ends what would never come.</summary>
public static class Eventually
{
    /// <summary>What has not come by then does not come.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary><see cref="Patience"/> as the browser's waits take it.</summary>
    public static readonly float PatienceMilliseconds = (float)Patience.TotalMilliseconds;

    /// <summary>Asks again and again until it is so.</summary>
    /// <param name="what">What is waited for, in a few words.</param>
    public static async Task IsSoAsync(Func<Task<bool>> isSo, string what)
    {
        ArgumentNullException.ThrowIfNull(isSo);
        long started = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"{Patience.TotalMinutes:0} minutes passed, and it did not come to this: {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        }
    }
}

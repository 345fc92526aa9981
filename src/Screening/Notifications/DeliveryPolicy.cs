namespace Touchstone.Screening.Notifications;

/// <summary>What follows from a failed attempt: when to try again, or never.</summary>
public static class DeliveryPolicy
{
    /// <summary>Whether trying again can help.</summary>
    public static bool MayPassLater(DeliveryFailure failure) => failure is not (DeliveryFailure.Refused or DeliveryFailure.Unwritable);

    /// <summary>
    /// The wait before the next attempt, or null when there is none. The wait doubles with each attempt and is shortened at random by up to
    /// half, so that messages that failed together do not come back together.
    /// </summary>
    /// <param name="attempts">Attempts made, 1 or more.</param>
    /// <param name="shortening">0..1, drawn at random.</param>
    public static TimeSpan? WaitAfter(DeliveryFailure failure, int attempts, OutboxOptions options, double shortening)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        if (!MayPassLater(failure) || attempts >= options.MostAttempts) return null;
        double seconds = Math.Min(options.FirstWait.TotalSeconds * Math.Pow(2, attempts - 1), options.LongestWait.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (1 - (shortening / 2)));
    }
}

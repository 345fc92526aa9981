using Touchstone.Screening.Storage;

namespace Touchstone.Screening.Notifications;

/// <summary>How messages are delivered.</summary>
public sealed record OutboxOptions
{
    /// <summary>How long a worker may hold a message before another takes it over. Default 2 min; longer than any transport's time limit.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The wait after the first failure; doubled after each further one. Default 10 s.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait between attempts. Default 1 h.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromHours(1);

    /// <summary>After this many attempts a message is dead, until somebody revives it. Default 12; 1..100.</summary>
    public int MostAttempts { get; init; } = 12;

    /// <summary>How often an idle worker looks for messages. Default 2 s.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Everything that is wrong with these options; empty: nothing.</summary>
    public IEnumerable<string> Problems()
    {
        if (Lease <= TimeSpan.Zero || Lease > Leasing.Longest) yield return $"Outbox:Lease is {Lease}; it is more than zero and at most {Leasing.Longest}.";
        if (FirstWait <= TimeSpan.Zero) yield return $"Outbox:FirstWait is {FirstWait}; it is more than zero.";
        if (LongestWait < FirstWait) yield return $"Outbox:LongestWait is {LongestWait}; it is at least FirstWait, {FirstWait}.";
        if (MostAttempts is < 1 or > 100) yield return $"Outbox:MostAttempts is {MostAttempts}; it is within 1 and 100.";
        if (Poll <= TimeSpan.Zero) yield return $"Outbox:Poll is {Poll}; it is more than zero.";
    }
}

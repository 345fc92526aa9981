namespace Touchstone.Screening.Finding;

/// <summary>When a service may be asked next, by whoever asks in this process. Safe for concurrent use.</summary>
internal sealed class ProviderPace(TimeProvider clock)
{
    private readonly Lock _lock = new();

    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Waits for the caller's turn.</summary>
    public async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            DateTimeOffset now = clock.GetUtcNow(), turn = _next > now ? _next : now;
            (_next, wait) = (turn + pause, turn - now);
        }
        if (wait > TimeSpan.Zero) await Task.Delay(wait, clock, cancellationToken);
    }

    /// <summary>Nobody asks for a while.</summary>
    public void BackOff(TimeSpan wait)
    {
        lock (_lock)
        {
            DateTimeOffset until = clock.GetUtcNow() + wait;
            if (until > _next) _next = until;
        }
    }
}

/// <summary>Asks a service at its pace, and again after a while where it says that it was asked too often or does not answer.</summary>
internal sealed class PacedProvider(ISearchProvider provider, ProviderPace pace, TimeSpan pause) : ISearchProvider
{
    private const int MostTries = 3;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(2), LongestWait = TimeSpan.FromMinutes(1);

    public string Name => provider.Name;

    public async Task<ProviderAnswer> AskAsync(ProviderQuery query, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            await pace.WaitAsync(pause, cancellationToken);
            ProviderAnswer answer = await provider.AskAsync(query, cancellationToken);
            if (answer.Failure is not (ProviderFailure.TooOften or ProviderFailure.Unreachable) || attempt == MostTries) return answer;
            TimeSpan wait = answer.RetryAfter ?? FirstWait * Math.Pow(2, attempt - 1);
            // What is used up for the month does not come back in a minute.
            if (wait > LongestWait) return answer;
            pace.BackOff(wait);
        }
    }
}

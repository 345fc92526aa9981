using System.Collections.Concurrent;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Crawling.Politeness;

/// <summary>A host's rules as they were read: exactly one of <see cref="Rules"/> and <see cref="Failure"/> is set.</summary>
/// <param name="Failure">Why the host must not be fetched now.</param>
public sealed record RobotsAnswer(RobotsRules? Rules, FetchFailure? Failure, string? Detail, DateTimeOffset Until);

/// <summary>
/// Reads each host's robots.txt once per lifetime, politely. RFC 9309, section 2.3.1: a 4xx answer means no rules; a server or network failure, and 429,
/// means that nothing may be fetched until the rules can be read. Safe for concurrent use.
/// </summary>
public sealed class RobotsCache(OutboundHttp http, HostGate gate, PolitenessOptions options, TimeProvider time)
{
    private const int SweepAt = 4096;
    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The rules for the URL's scheme, host and port.</summary>
    public async Task<RobotsAnswer> GetAsync(Uri url, CancellationToken cancellationToken)
    {
        if (_slots.Count > SweepAt) Sweep();
        string origin = $"{url.Scheme}://{url.Authority}";
        Slot slot = _slots.GetOrAdd(origin, _ => new Slot());
        if (slot.Answer is { } known && known.Until > time.GetUtcNow()) return known;
        await slot.Reading.WaitAsync(cancellationToken);
        try
        {
            if (slot.Answer is { } fresh && fresh.Until > time.GetUtcNow()) return fresh;
            using HostTurn turn = await gate.EnterAsync(url.Authority, null, null, cancellationToken);
            FetchOutcome outcome = await http.GetAsync(origin + "/robots.txt", FetchLimits.Robots, cancellationToken);
            RobotsAnswer answer = Judge(outcome);
            slot.Answer = answer;
            return answer;
        }
        finally
        {
            slot.Reading.Release();
        }
    }

    private RobotsAnswer Judge(FetchOutcome outcome)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset kept = now + options.RobotsLifetime;
        DateTimeOffset soon = now + options.RobotsRetry;
        return outcome.Failure switch
        {
            null => new(RobotsRules.Parse(outcome.Body.Span, OutboundOptions.ProductToken), null, null, kept),
            FetchFailure.HttpStatus when outcome.Status is >= 400 and < 500 and not 429 => new(RobotsRules.AllowAll, null, null, kept),
            // A file behind endless redirects may be taken as absent (section 2.3.1.2).
            FetchFailure.TooManyRedirects => new(RobotsRules.AllowAll, null, null, kept),
            FetchFailure.ForbiddenAddress or FetchFailure.NameNotResolved or FetchFailure.BadUrl => new(null, outcome.Failure, outcome.Detail, soon),
            _ => new(null, FetchFailure.RobotsUnreachable, $"robots.txt: {outcome.Detail}", soon),
        };
    }

    private void Sweep()
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach ((string origin, Slot slot) in _slots)
            if (slot.Answer?.Until < now && slot.Reading.CurrentCount == 1) _slots.TryRemove(origin, out _);
    }

    private sealed class Slot
    {
        public SemaphoreSlim Reading { get; } = new(1, 1);

        public RobotsAnswer? Answer { get; set; }
    }
}

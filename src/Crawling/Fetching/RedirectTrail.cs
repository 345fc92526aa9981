namespace Touchstone.Crawling.Fetching;

/// <summary>
/// The redirects of one fetch so far, with what went over the wire. The same URL may come again while the visit's cookies change: many shops set one and
/// send back. Not safe for concurrent use.
/// </summary>
internal sealed class RedirectTrail(string start, int limit, Visit visit)
{
    private readonly HashSet<(string Url, int Cookies)> _seen = [(start, visit.Version)];
    private readonly List<FetchExchange> _exchanges = [];

    /// <summary>Takes note of what the next request gave; returns it with the exchanges of the fetch so far.</summary>
    public FetchOutcome Take(FetchOutcome outcome)
    {
        _exchanges.AddRange(outcome.Exchanges);
        return outcome with { Exchanges = [.. _exchanges] };
    }

    /// <summary>Takes note of the next target; returns why it must not be followed, or null.</summary>
    public string? Refuses(string next)
    {
        if (!_seen.Add((next, visit.Version))) return $"redirect loop at {next}";
        return _seen.Count - 1 > limit ? $"more than {limit} redirects" : null;
    }
}

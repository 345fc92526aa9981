namespace Touchstone.Crawling.Fetching;

/// <summary>The redirects of one fetch so far. Not safe for concurrent use.</summary>
internal sealed class RedirectTrail(string start, int limit)
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal) { start };

    /// <summary>Takes note of the next target; returns why it must not be followed, or null.</summary>
    public string? Refuses(string next)
    {
        if (!_seen.Add(next)) return $"redirect loop at {next}";
        return _seen.Count - 1 > limit ? $"more than {limit} redirects" : null;
    }
}

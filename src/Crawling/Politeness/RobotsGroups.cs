using System.Globalization;

namespace Touchstone.Crawling.Politeness;

/// <summary>Collects, line by line, the rules of the groups that name the crawler, and those for everyone. Groups of one crawler are joined.</summary>
internal sealed class RobotsGroups(string agent)
{
    private readonly List<RobotsRule> _own = [];
    private readonly List<RobotsRule> _everyone = [];
    private readonly List<string> _sitemaps = [];
    private TimeSpan? _ownDelay;
    private TimeSpan? _everyoneDelay;
    private bool _named;
    private bool _inOwn;
    private bool _inEveryone;
    private bool _agentsOpen;
    private bool _delayForOwn;
    private bool _delayForEveryone;
    private bool _delayRead;

    public IReadOnlyList<string> Sitemaps => _sitemaps;

    public int RuleCount => _own.Count + _everyone.Count;

    public RobotsRule[] Rules() => _named ? [.. _own] : [.. _everyone];

    public TimeSpan? CrawlDelay() => _named ? _ownDelay : _everyoneDelay;

    public void Read(ReadOnlySpan<char> line)
    {
        int comment = line.IndexOf('#');
        if (comment >= 0) line = line[..comment];
        line = line.Trim();
        if (!TrySplit(line, out ReadOnlySpan<char> key, out string value)) return;
        if (IsKey(key, "user-agent", "useragent", "user agent")) StartAgent(value);
        else if (IsKey(key, "allow")) AddRule(value, allow: true);
        else if (IsKey(key, "disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw")) AddRule(value, allow: false);
        else if (IsKey(key, "crawl-delay", "crawldelay")) SetDelay(value);
        else if (IsKey(key, "sitemap", "site-map") && value.Length > 0) _sitemaps.Add(value);
    }

    /// <summary>Splits at the colon; a line of exactly two words without a colon counts too, because sites forget it.</summary>
    private static bool TrySplit(ReadOnlySpan<char> line, out ReadOnlySpan<char> key, out string value)
    {
        int colon = line.IndexOf(':');
        if (colon > 0)
        {
            key = line[..colon].TrimEnd();
            value = line[(colon + 1)..].Trim().ToString();
            return true;
        }
        int space = line.IndexOfAny(' ', '\t');
        key = space < 0 ? [] : line[..space];
        value = space < 0 ? "" : line[space..].Trim().ToString();
        return space > 0 && value.AsSpan().IndexOfAny(' ', '\t') < 0;
    }

    private static bool IsKey(ReadOnlySpan<char> key, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private void StartAgent(string value)
    {
        if (!_agentsOpen)
        {
            _inOwn = false;
            _inEveryone = false;
        }
        if (!_agentsOpen || _delayRead)
        {
            _delayForOwn = false;
            _delayForEveryone = false;
        }
        _agentsOpen = true;
        _delayRead = false;
        if (value == "*" || value.StartsWith("* ", StringComparison.Ordinal))
        {
            _inEveryone = true;
            _delayForEveryone = true;
        }
        else if (agent.Length > 0 && Token(value).Equals(agent, StringComparison.OrdinalIgnoreCase))
        {
            _inOwn = true;
            _delayForOwn = true;
            _named = true;
        }
    }

    /// <summary>The product token: letters, underscores and hyphens from the start (RFC 9309, section 2.2.1).</summary>
    private static ReadOnlySpan<char> Token(string value)
    {
        int i = 0;
        while (i < value.Length && (char.IsAsciiLetter(value[i]) || value[i] is '-' or '_')) i++;
        return value.AsSpan(0, i);
    }

    private void AddRule(string value, bool allow)
    {
        _agentsOpen = false;
        if (value.Length == 0) return;
        Keep(new RobotsRule(RobotsPath.OfRule(value), allow));
        // An allowed index page allows its folder, which is the same page.
        int slash = value.LastIndexOf('/');
        if (allow && slash >= 0 && value.AsSpan(slash).StartsWith("/index.htm", StringComparison.Ordinal))
            Keep(new RobotsRule(RobotsPath.OfRule(value.AsSpan(0, slash + 1)) + "$", true));
    }

    private void Keep(RobotsRule rule)
    {
        if (_inOwn) _own.Add(rule);
        if (_inEveryone) _everyone.Add(rule);
    }

    /// <summary>
    /// An extension does not end the list of agents for the rules, but a later agent does not share an earlier delay: files give one delay per agent in turn.
    /// The longest stated delay of the joined groups counts.
    /// </summary>
    private void SetDelay(string value)
    {
        _delayRead = true;
        if (!double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) || !double.IsFinite(seconds)) return;
        TimeSpan delay = TimeSpan.FromSeconds(Math.Min(seconds, 86_400));
        if (_delayForOwn && !(_ownDelay > delay)) _ownDelay = delay;
        if (_delayForEveryone && !(_everyoneDelay > delay)) _everyoneDelay = delay;
    }
}

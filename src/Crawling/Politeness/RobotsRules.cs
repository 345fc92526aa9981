using System.Text;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Politeness;

/// <summary>
/// The robots rules of a host as they address one crawler. Source: RFC 9309, with the common extensions Crawl-delay and Sitemap and the usual misspellings.
/// Immutable, safe for concurrent use.
/// </summary>
public sealed class RobotsRules
{
    /// <summary>Bytes that are read; the rest is ignored (RFC 9309, section 2.5, asks for at least 500 KiB).</summary>
    public const int MaxBytes = 500 << 10;

    private const int MaxRules = 20_000;

    // Files of editors of old: a blank of this encoding behind a star is none in UTF-8, and the group would be nobody's.
    private const int WesternCodePage = 1252;

    private readonly RobotsRule[] _rules;

    private RobotsRules(RobotsRule[] rules, TimeSpan? crawlDelay, IReadOnlyList<string> sitemaps)
    {
        _rules = rules;
        CrawlDelay = crawlDelay;
        Sitemaps = sitemaps;
    }

    /// <summary>No rules: everything is allowed.</summary>
    public static RobotsRules AllowAll { get; } = new([], null, []);

    /// <summary>The wished wait between requests; null if none is stated.</summary>
    public TimeSpan? CrawlDelay { get; }

    /// <summary>The values of the Sitemap lines in their order.</summary>
    public IReadOnlyList<string> Sitemaps { get; }

    /// <summary>Reads the file for the crawler whose product token is <paramref name="agent"/>.</summary>
    public static RobotsRules Parse(ReadOnlySpan<byte> file, string agent)
    {
        // Half a line is another rule than the whole one: of a longer file only whole lines count.
        if (file.Length > MaxBytes) file = file[..(file[..MaxBytes].LastIndexOfAny((byte)'\n', (byte)'\r') + 1)];
        (Encoding encoding, int mark) = EncodingSniffer.Mark(file) ?? (WebEncoding.Utf8Or(WesternCodePage), 0);
        return Parse(encoding.GetString(file[mark..]), agent);
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte}, string)"/>
    public static RobotsRules Parse(string text, string agent)
    {
        RobotsGroups groups = new(agent);
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
            if (groups.RuleCount < MaxRules) groups.Read(line);
        return new RobotsRules(groups.Rules(), groups.CrawlDelay(), groups.Sitemaps);
    }

    /// <summary>Whether the crawler may fetch the URL: the longest matching rule decides, allow wins a tie, no match allows.</summary>
    /// <param name="url">Absolute, or a path with query.</param>
    public bool Allows(string url)
    {
        string path = RobotsPath.OfUrl(url);
        if (path == "/robots.txt") return true;
        RobotsRule? best = null;
        foreach (RobotsRule rule in _rules)
        {
            if (best is not null && (rule.Pattern.Length < best.Pattern.Length || (rule.Pattern.Length == best.Pattern.Length && !rule.Allow))) continue;
            if (RobotsPath.Matches(rule.Pattern, path)) best = rule;
        }
        return best is null || best.Allow;
    }
}

/// <param name="Pattern">Escaped in the normal form of <see cref="RobotsPath"/>; may hold * and end in $.</param>
internal sealed record RobotsRule(string Pattern, bool Allow);

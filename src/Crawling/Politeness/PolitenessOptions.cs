namespace Touchstone.Crawling.Politeness;

/// <summary>An authority's order that lets a host be fetched where its robots rules would not. Each fetch under it is logged with its id.</summary>
/// <param name="Id">Short and unique, for the log.</param>
/// <param name="Host">The host with its port if that is not the default; a host without <c>www.</c> covers both.</param>
/// <param name="LegalBasis">The provision, in words.</param>
/// <param name="Approver">Who approved it.</param>
/// <param name="Expires">From this instant on it no longer holds.</param>
public sealed record Mandate(string Id, string Host, string LegalBasis, string Approver, DateTimeOffset Expires);

/// <summary>Finds the mandate that holds for a host now, or null. Called before each fetch: answer from memory.</summary>
public delegate Mandate? MandateLookup(string host, DateTimeOffset now);

/// <summary>How hosts are treated.</summary>
public sealed class PolitenessOptions
{
    /// <summary>Least time from one request to the next on one host. Default 1 s; 0 to 1 h.</summary>
    public TimeSpan MinInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Another least time for single hosts (with port if not the default), such as zero for a demo on loopback.</summary>
    public IDictionary<string, TimeSpan> HostIntervals { get; } = new Dictionary<string, TimeSpan>(StringComparer.OrdinalIgnoreCase);

    /// <summary>A wished Crawl-delay counts up to this. Default 30 s; 0 to 1 h.</summary>
    public TimeSpan MaxCrawlDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time that robots rules are kept. Default 1 h; at most 24 h (RFC 9309, section 2.4).</summary>
    public TimeSpan RobotsLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Time until rules that could not be read are asked for again. Default 1 min.</summary>
    public TimeSpan RobotsRetry { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Mandates from the configuration.</summary>
    public ICollection<Mandate> Mandates { get; } = [];

    /// <summary>Says what is wrong with the options, one sentence each; empty if nothing is.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        Check(problems, nameof(MinInterval), MinInterval, TimeSpan.FromHours(1));
        Check(problems, nameof(MaxCrawlDelay), MaxCrawlDelay, TimeSpan.FromHours(1));
        Check(problems, nameof(RobotsLifetime), RobotsLifetime, TimeSpan.FromHours(24));
        Check(problems, nameof(RobotsRetry), RobotsRetry, TimeSpan.FromHours(24));
        foreach ((string host, TimeSpan interval) in HostIntervals) Check(problems, $"{nameof(HostIntervals)}[{host}]", interval, TimeSpan.FromHours(1));
        return problems;
    }

    /// <summary>The first mandate of <see cref="Mandates"/> that covers the host and has not expired.</summary>
    public Mandate? FindMandate(string host, DateTimeOffset now) => Mandates.FirstOrDefault(m => m.Expires > now && Covers(m.Host, host));

    private static bool Covers(string mandated, string host) =>
        host.Equals(mandated, StringComparison.OrdinalIgnoreCase) || host.Equals("www." + mandated, StringComparison.OrdinalIgnoreCase);

    private static void Check(List<string> problems, string name, TimeSpan value, TimeSpan most)
    {
        if (value < TimeSpan.Zero || value > most) problems.Add($"{name} must be 0 to {most.TotalSeconds} s; it is {value.TotalSeconds} s.");
    }
}

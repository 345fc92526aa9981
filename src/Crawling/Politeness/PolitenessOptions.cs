using System.Globalization;

namespace Touchstone.Crawling.Politeness;

/// <summary>An authority's order that lets a host be fetched where its robots rules would not. Each fetch under it is logged with its id.</summary>
/// <param name="Id">Short and unique, for the log.</param>
/// <param name="Host">The host with its port if that is not the default; a host without <c>www.</c> covers both.</param>
/// <param name="LegalBasis">The provision, in words.</param>
/// <param name="Approver">Who approved it.</param>
/// <param name="Expires">From this instant on it no longer holds.</param>
public sealed record Mandate(string Id, string Host, string LegalBasis, string Approver, DateTimeOffset Expires);

/// <summary>Finds the mandate that holds for a host now, or null. Called before each fetch: answer from memory as a rule.</summary>
public delegate ValueTask<Mandate?> MandateLookup(string host, DateTimeOffset now, CancellationToken cancellationToken);

/// <summary>How hosts are treated.</summary>
public sealed class PolitenessOptions
{
    /// <summary>Least time from one request to the next on one host. Default 1 s; 0 to 1 h.</summary>
    public TimeSpan MinInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Another least time for single hosts (with port if not the default), such as zero for a demo on loopback.</summary>
    public IDictionary<string, TimeSpan> HostIntervals { get; } = new Dictionary<string, TimeSpan>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Most requests to one host at the same time, pictures included. Default 1; 1 to 16. The interval holds between their beginnings.</summary>
    public int MaxParallel { get; set; } = 1;

    /// <summary>Another number for single hosts.</summary>
    public IDictionary<string, int> HostParallel { get; } = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The hours of the day (UTC) in which hosts are asked, such as <c>22:00-06:00</c>. Null: at all hours.</summary>
    public string? Hours { get; set; }

    /// <summary>Other hours for single hosts; an empty text means all.</summary>
    public IDictionary<string, string> HostHours { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

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
        CheckParallel(problems, nameof(MaxParallel), MaxParallel);
        foreach ((string host, int parallel) in HostParallel) CheckParallel(problems, $"{nameof(HostParallel)}[{host}]", parallel);
        if (Hours is { Length: > 0 }) CheckHours(problems, nameof(Hours), Hours);
        foreach ((string host, string hours) in HostHours) CheckHours(problems, $"{nameof(HostHours)}[{host}]", hours);
        foreach ((string host, TimeSpan interval) in HostIntervals) Check(problems, $"{nameof(HostIntervals)}[{host}]", interval, TimeSpan.FromHours(1));
        foreach (Mandate mandate in Mandates)
            if (new[] { mandate.Id, mandate.Host, mandate.LegalBasis, mandate.Approver }.Any(string.IsNullOrWhiteSpace)) problems.Add($"{nameof(Mandates)}: each needs an Id, a Host, a LegalBasis, an Approver and Expires; one of '{mandate.Id}' for '{mandate.Host}' is missing.");
        foreach (string id in Mandates.GroupBy(m => m.Id, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => g.Key)) problems.Add($"{nameof(Mandates)}: the Id '{id}' is given twice.");
        return problems;
    }

    /// <summary>How many requests to the host may go on at the same time.</summary>
    public int Parallel(string host) => HostParallel.TryGetValue(host, out int own) ? own : MaxParallel;

    /// <summary>How long the host is still not to be asked because of its hours; zero within them.</summary>
    public TimeSpan ClosedFor(string host, DateTimeOffset now)
    {
        string? hours = HostHours.TryGetValue(host, out string? own) ? own : Hours;
        if (string.IsNullOrWhiteSpace(hours) || ReadHours(hours) is not { } open || open.From == open.Until) return TimeSpan.Zero;
        TimeSpan at = now.UtcDateTime.TimeOfDay;
        bool within = open.From < open.Until ? at >= open.From && at < open.Until : at >= open.From || at < open.Until;
        if (within) return TimeSpan.Zero;
        return at < open.From ? open.From - at : open.From + TimeSpan.FromDays(1) - at;
    }

    private static (TimeSpan From, TimeSpan Until)? ReadHours(string text)
    {
        string[] ends = text.Split('-', StringSplitOptions.TrimEntries);
        return ends.Length == 2 && Read(ends[0]) is { } from && Read(ends[1]) is { } until ? (from, until) : null;

        static TimeSpan? Read(string end) => end == "24:00" ? TimeSpan.Zero : TimeOnly.TryParseExact(end, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time) ? time.ToTimeSpan() : null;
    }

    private static void CheckHours(List<string> problems, string name, string hours)
    {
        if (!string.IsNullOrWhiteSpace(hours) && ReadHours(hours) is null) problems.Add($"{name} must be two times of the day (UTC), such as 22:00-06:00; it is '{hours}'.");
    }

    private static void CheckParallel(List<string> problems, string name, int value)
    {
        if (value is < 1 or > 16) problems.Add($"{name} must be 1 to 16; it is {value}.");
    }

    /// <summary>The first mandate of <see cref="Mandates"/> that covers the host and has not expired.</summary>
    public Mandate? FindMandate(string host, DateTimeOffset now) => Mandates.FirstOrDefault(m => m.Expires > now && Covers(m.Host, host));

    /// <summary>Whether a mandate for one host holds for another: for itself and, where it is named without it, for its <c>www.</c></summary>
    public static bool Covers(string mandated, string host) =>
        host.Equals(mandated, StringComparison.OrdinalIgnoreCase) || host.Equals("www." + mandated, StringComparison.OrdinalIgnoreCase);

    private static void Check(List<string> problems, string name, TimeSpan value, TimeSpan most)
    {
        if (value < TimeSpan.Zero || value > most) problems.Add($"{name} must be 0 to {most.TotalSeconds} s; it is {value.TotalSeconds} s.");
    }
}

using Touchstone.Crawling;
using Touchstone.Screening.Storage;

namespace Touchstone.Server;

/// <summary>The parts of the server that a node runs.</summary>
[Flags]
public enum ServerRoles
{
    None = 0,

    /// <summary>Answers listing gate requests.</summary>
    Gate = 1,

    /// <summary>Runs queued searches: crawls shops and screens what they offer.</summary>
    Crawl = 2,

    /// <summary>Answers screening and field requests, describes references and delivers the outbox.</summary>
    Screen = 4,

    /// <summary>Serves the console and the API of its resources.</summary>
    Console = 8,

    All = Gate | Crawl | Screen | Console,
}

/// <summary>How a server runs. Set before start; not changed afterwards.</summary>
public sealed record ServerOptions
{
    /// <summary>Where the installation keeps its state; its folder is created if absent.</summary>
    public required StorageOptions Storage { get; init; }

    /// <summary>Addresses to listen on. Default loopback, port 5080; port 0 takes a free one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:5080"];

    /// <summary>Default: all.</summary>
    public ServerRoles Roles { get; init; } = ServerRoles.All;

    /// <summary>The embedding model of models/manifest.json. Default: the manifest's default.</summary>
    public string? ModelId { get; init; }

    /// <summary>Changes to how shops are fetched, such as internal hosts that the operator allows. Default: none.</summary>
    public Action<CrawlingOptions>? Crawling { get; init; }

    /// <summary>Whether a browser on this machine is signed in as the administrator <c>demo</c> by itself. Never over the network. Default false.</summary>
    public bool DemoSignIn { get; init; }

    /// <summary>Searches that a node runs at once, at least 1. They share one queue per host. Default 4.</summary>
    public int SearchesAtOnce { get; init; } = 4;

    /// <summary>Sign-in attempts per minute and address, at least 1. Default 10.</summary>
    public int SignInsPerMinute { get; init; } = 10;

    /// <summary>Gate requests per second and key, at least 1. Default 100.</summary>
    public int GateRequestsPerSecond { get; init; } = 100;

    /// <summary>Pictures that are screened for requests at once, at least 1; more wait, as long as their turn comes in time. Default: one for each core.</summary>
    public int ScreeningsAtOnce { get; init; } = Environment.ProcessorCount;

    /// <summary>How long a gate request may wait for its screening to begin; one that would wait longer is refused at once. Above 0, at most 1 min. Default 1.5 s.</summary>
    public TimeSpan GatePatience { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>The time-stamping authority (RFC 3161) that stamps heads of the audit log. Default: none.</summary>
    public Uri? TimestampAuthority { get; init; }

    /// <summary>Largest request body in bytes. Default 48 MiB.</summary>
    public long MaxRequestBytes { get; init; } = 48L << 20;

    /// <summary>Reads <c>gate,crawl,screen,console</c> or <c>all</c>; null with the bad word if one is unknown.</summary>
    public static ServerRoles? ParseRoles(string text, out string? unknown)
    {
        ServerRoles roles = ServerRoles.None;
        unknown = null;
        foreach (string word in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (int.TryParse(word, out _) || !Enum.TryParse(word, ignoreCase: true, out ServerRoles role) || role == ServerRoles.None)
            {
                unknown = word;
                return null;
            }
            roles |= role;
        }
        return roles;
    }

    /// <summary>Every error of the options, so that all are reported at once.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(Storage.DataFolder)) errors.Add("Storage.DataFolder is empty: name the folder of the installation.");
        if (Urls.Count == 0) errors.Add("Urls is empty: name at least one address, such as http://127.0.0.1:5080.");
        foreach (string url in Urls)
            if (!Uri.TryCreate(url.Replace("*", "any", StringComparison.Ordinal).Replace("+", "any", StringComparison.Ordinal), UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
                errors.Add($"Urls holds '{url}', which is no http or https address.");
        if (Roles == ServerRoles.None) errors.Add("Roles is empty: take at least one of gate, crawl, screen, console.");
        if (SearchesAtOnce is < 1 or > 64) errors.Add($"SearchesAtOnce is {SearchesAtOnce}; it must be 1 to 64.");
        if (SignInsPerMinute < 1) errors.Add($"SignInsPerMinute is {SignInsPerMinute}, which is below 1.");
        if (GateRequestsPerSecond < 1) errors.Add($"GateRequestsPerSecond is {GateRequestsPerSecond}, which is below 1.");
        if (ScreeningsAtOnce < 1) errors.Add($"ScreeningsAtOnce is {ScreeningsAtOnce}, which is below 1.");
        if (GatePatience <= TimeSpan.Zero || GatePatience > TimeSpan.FromMinutes(1)) errors.Add($"GatePatience is {GatePatience}; it must be above 0 and at most 1 min.");
        if (MaxRequestBytes < 1 << 20) errors.Add($"MaxRequestBytes is {MaxRequestBytes}, which is below 1 MiB.");
        return errors;
    }
}

namespace Touchstone.Crawling.Fetching;

/// <summary>Why a URL gave no content, one sentence each. The policy (retry, give up) is computed in one place from it.</summary>
public enum FetchFailure
{
    /// <summary>The URL is not http or https, or is malformed.</summary>
    BadUrl,

    /// <summary>The outbound guard refused the address: loopback, private, link-local, metadata or otherwise internal.</summary>
    ForbiddenAddress,

    /// <summary>The host's robots rules disallow the URL.</summary>
    DisallowedByRobots,

    /// <summary>The host's robots rules could not be read because the server failed; the host is not fetched until they can.</summary>
    RobotsUnreachable,

    /// <summary>The host's page or byte budget of this run is used up.</summary>
    BudgetExhausted,

    /// <summary>The name did not resolve.</summary>
    NameNotResolved,

    /// <summary>The connection failed, broke off or was refused.</summary>
    ConnectionFailed,

    /// <summary>The server did not answer in time.</summary>
    TimedOut,

    /// <summary>More bytes than the limit.</summary>
    TooManyBytes,

    /// <summary>More redirects than the limit, or a redirect loop.</summary>
    TooManyRedirects,

    /// <summary>The body is packed in a way that was not asked for and is not read.</summary>
    UnknownCoding,

    /// <summary>Another status than 2xx; the status says which.</summary>
    HttpStatus,
}

/// <summary>What a fetch gave: <see cref="Failure"/> null means <see cref="Body"/> holds the decompressed content.</summary>
public sealed record FetchOutcome
{
    public required string Url { get; init; }

    /// <summary>The URL after redirects.</summary>
    public required string FinalUrl { get; init; }

    public FetchFailure? Failure { get; init; }

    public string? Detail { get; init; }

    /// <summary>The HTTP status, 0 if there was no answer; 304 with content if that is <see cref="Remembered"/>.</summary>
    public int Status { get; init; }

    /// <summary>The Content-Type header as sent.</summary>
    public string? ContentType { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The connection ended before the body that the server announced; <see cref="Body"/> is what came. Servers that announce a wrong length do so each time.</summary>
    public bool BrokeOff { get; init; }

    /// <summary>The server's wish before the next try (Retry-After).</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Which policy allowed or refused the fetch, for the log: <c>robots</c>, <c>mandate:ID</c>, <c>operator</c>, <c>memory</c>.</summary>
    public string? Policy { get; init; }

    /// <summary>What went over the wire, in order: each redirect that was followed, and last the exchange that gave the content or the failure. Empty if nothing was sent.</summary>
    public IReadOnlyList<FetchExchange> Exchanges { get; init; } = [];

    /// <summary>The earlier exchange whose content this is: the server said that it has not changed, or it was not asked again. Null: the content came with this fetch.</summary>
    public FetchExchange? Remembered { get; init; }

    /// <summary>Nobody was asked: the installation was given it since the run began.</summary>
    public bool IsShared { get; init; }

    /// <summary>When the content arrived.</summary>
    public DateTimeOffset At { get; init; }
}

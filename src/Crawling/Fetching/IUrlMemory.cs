namespace Touchstone.Crawling.Fetching;

/// <summary>What the installation remembers of a URL.</summary>
/// <param name="Answer">The last whole answer with content.</param>
/// <param name="CheckedAt">When the server last gave this answer, or said that it still holds.</param>
public sealed record RememberedUrl(FetchExchange Answer, DateTimeOffset CheckedAt);

/// <summary>
/// The memory of URLs, one for the whole installation: with it a URL is asked only for what changed since (RFC 9110, section 13), whichever search asks.
/// Named by the canonical text of the URL. Implementations are safe for concurrent use, by several processes too; whatever a call returned is on disk.
/// </summary>
public interface IUrlMemory
{
    /// <summary>What is known of the URL; null if it is unknown, or what was kept of it is lost.</summary>
    Task<RememberedUrl?> FindAsync(string url, CancellationToken cancellationToken);

    /// <summary>Keeps a whole answer with content; an earlier one of the URL is forgotten.</summary>
    Task KeepAsync(string url, FetchExchange answer, CancellationToken cancellationToken);

    /// <summary>The server said that the remembered answer still holds.</summary>
    Task ConfirmAsync(string url, DateTimeOffset checkedAt, CancellationToken cancellationToken);
}

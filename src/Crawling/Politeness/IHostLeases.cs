namespace Touchstone.Crawling.Politeness;

/// <summary>Whether a node may ask a host.</summary>
/// <param name="Held">False: another node holds the host.</param>
/// <param name="Until">How long the holder holds it.</param>
/// <param name="ReadyAt">The instant from which the host may be asked, as the nodes before knew it.</param>
public sealed record HostLease(bool Held, DateTimeOffset Until, DateTimeOffset ReadyAt);

/// <summary>
/// Which node of the installation asks which host: one at a time, so that the nodes' intervals do not add up on one shop. A host that its node no longer asks
/// is free when the lease runs out. Implementations are safe for concurrent use; whatever a call returned is on disk.
/// </summary>
public interface IHostLeases
{
    /// <summary>Takes the host for this node, or holds it longer.</summary>
    /// <param name="readyAt">The instant from which this node would ask the host; kept for the next node.</param>
    /// <param name="leaseTime">From now on.</param>
    Task<HostLease> TakeAsync(string host, DateTimeOffset readyAt, TimeSpan leaseTime, CancellationToken cancellationToken);
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Touchstone.Recognition.Calibration;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Features;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Watches;

/// <summary>Compares what was seen with what is watched for, from what is kept of it and without the network. Any number of workers of any number of processes may. Safe for concurrent use.</summary>
public sealed class WatchRunner
{
    private readonly IDbContextFactory<TouchstoneDb> databases;
    private readonly WatchQueue queue;
    private readonly WatchGallery gallery;
    private readonly WatchComparison comparison;
    private readonly ReturnStore returns;
    private readonly CalibrationProfiles profiles;
    private readonly FeatureStore features;
    private readonly ILogger<WatchRunner> log;

    internal WatchRunner(
        IDbContextFactory<TouchstoneDb> databases, WatchQueue queue, WatchGallery gallery, WatchComparison comparison, ReturnStore returns, CalibrationProfiles profiles, FeatureStore features, ILogger<WatchRunner> log) =>
        (this.databases, this.queue, this.gallery, this.comparison, this.returns, this.profiles, this.features, this.log) = (databases, queue, gallery, comparison, returns, profiles, features, log);

    /// <summary>Compares one thing that waits; false: nothing waits, or this node is not ready to compare.</summary>
    /// <param name="worker">Names this worker in leases.</param>
    public async Task<bool> RunNextAsync(string worker, CancellationToken cancellationToken)
    {
        if (await queue.TakeAsync(worker, cancellationToken) is not { } lease) return false;
        try
        {
            await gallery.FollowAsync(cancellationToken);
            if (gallery.Waiting > 0 || await profiles.ActiveAsync(features.ModelId, cancellationToken) is not { } profile)
            {
                await queue.ReleaseAsync(lease);
                return false;
            }
            await CompareAsync(lease, profile, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            await queue.ReleaseAsync(lease);
            throw;
        }
        catch (Exception e) when (!DatabaseAway.Explains(e))
        {
            // Its lease runs out, and it is tried again a few times.
            log.LogError(e, "{What} {Id} could not be compared with the watches", lease.AtGate ? "What the gate was asked," : "Observation", lease.Id);
            return true;
        }
    }

    private async Task CompareAsync(WatchLease lease, CalibrationProfile profile, CancellationToken cancellationToken)
    {
        ObservationRow observation;
        GateSightingRow? atGate = null;
        await using (TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken))
        {
            if (lease.AtGate) atGate = await db.GateSightings.AsNoTracking().FirstAsync(s => s.Id == lease.Id, cancellationToken);
            observation = atGate is null
                ? await db.Observations.AsNoTracking().Include(o => o.Images).Include(o => o.Listing!).ThenInclude(l => l.Shop).FirstAsync(o => o.Id == lease.Id, cancellationToken)
                : await GateListing.ReadAsync(db, atGate, cancellationToken);
        }
        IReadOnlyList<FoundReturn> found = await comparison.CompareAsync(observation, lease.AtGate, profile, cancellationToken);
        if (await returns.SaveAsync(lease, observation, atGate, found, profile, cancellationToken) is > 0 and int kept) log.LogInformation("{Count} removed offers are there again, seen at {Url}", kept, observation.Listing!.Url);
    }
}

using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Touchstone.Screening.Following;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Server.Workers;
using Touchstone.Vision.Isolation;

namespace Touchstone.Server.Health;

/// <summary>Live: the process answers. Ready: it may be given work; not so while the database or the blob store is away or the index is behind.</summary>
internal static class HealthSetup
{
    private const string Ready = "ready";

    public static void AddTouchstoneHealth(this IServiceCollection services, ServerRoles roles)
    {
        IHealthChecksBuilder checks = services.AddHealthChecks().AddCheck<DatabaseCheck>("database", tags: [Ready]).AddCheck<BlobCheck>("blobs", tags: [Ready]);
        services.AddSingleton<BlobCheck>();
        services.TryAddSingleton(IsolatedProcesses.Shared);
        checks.AddCheck<IsolationCheck>("isolation", tags: [Ready]);
        if (WorkerSetup.HoldsGallery(roles)) checks.AddCheck<IndexCheck>("index", tags: [Ready]);
    }

    public static void MapTouchstoneHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = x => x.Tags.Contains(Ready), ResponseWriter = WriteAsync }).AllowAnonymous();
    }

    private static Task WriteAsync(HttpContext http, HealthReport report) => http.Response.WriteAsJsonAsync(
        new { status = report.Status.ToString(), checks = report.Entries.ToDictionary(x => x.Key, x => new { status = x.Value.Status.ToString(), x.Value.Description }) },
        http.RequestAborted);

    private sealed class DatabaseCheck(IDbContextFactory<TouchstoneDb> databases) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            return await db.Database.CanConnectAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The database does not answer.");
        }
    }

    /// <summary>Stores, reads and deletes a small blob of its own, at most every 30 s while that succeeds: a write is dear. One for the process.</summary>
    internal sealed class BlobCheck(IBlobStore blobs, TimeProvider clock, ILogger<BlobCheck> log) : IHealthCheck
    {
        private static readonly TimeSpan Trusted = TimeSpan.FromSeconds(30);
        private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

        private long succeeded;

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            long last = Volatile.Read(ref succeeded);
            if (last != 0 && clock.GetElapsedTime(last) < Trusted) return HealthCheckResult.Healthy();
            using var limit = new CancellationTokenSource(Longest, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            try
            {
                byte[] probe = Guid.NewGuid().ToByteArray();
                string sha256 = await blobs.PutAsync(probe, either.Token);
                byte[]? read = await blobs.GetAsync(sha256, either.Token);
                await blobs.DeleteAsync(sha256, DateTimeOffset.MaxValue, either.Token);
                if (read is null || !read.SequenceEqual(probe)) return HealthCheckResult.Unhealthy("The blob store does not return what was stored in it.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                // Anybody may ask, so the answer names no path.
                log.LogError(e, "The blob store is not ready");
                return HealthCheckResult.Unhealthy(StorageFaults.Of(e) is { } fault ? StorageFaults.Say(fault, "the server") : "The blob store cannot be written or read; the server's log says why.");
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                return HealthCheckResult.Unhealthy($"The blob store does not answer within {Longest.TotalSeconds:0} s.");
            }
            Volatile.Write(ref succeeded, clock.GetTimestamp());
            return HealthCheckResult.Healthy();
        }
    }

    /// <summary>Without isolated processes the server works; a hostile page or picture can then end it.</summary>
    private sealed class IsolationCheck(IsolatedProcesses isolated) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(isolated switch
        {
            { Problem: { } why } => HealthCheckResult.Degraded($"Pages and pictures are read in the server's own process, because no other can be started: {why}"),
            var processes => HealthCheckResult.Healthy(processes.Ended == 0 ? null : $"{processes.Ended} processes ended over what they read."),
        });
    }

    private sealed class IndexCheck(GalleryFollower follower) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            GalleryStatus status = follower.Status;
            return Task.FromResult(status.Ready ? HealthCheckResult.Healthy($"{status.Images} pictures, state {status.Sequence} of the registers{(status.Load is { } load ? $". {load}" : "")}") : HealthCheckResult.Unhealthy(status.Why));
        }
    }
}

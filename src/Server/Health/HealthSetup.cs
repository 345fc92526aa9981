using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Touchstone.Screening.Following;
using Touchstone.Screening.Storage;
using Touchstone.Server.Workers;

namespace Touchstone.Server.Health;

/// <summary>Live: the process answers. Ready: it may be given work; not so while the database is away or the index is behind.</summary>
internal static class HealthSetup
{
    private const string Ready = "ready";

    public static void AddTouchstoneHealth(this IServiceCollection services, ServerRoles roles)
    {
        IHealthChecksBuilder checks = services.AddHealthChecks().AddCheck<DatabaseCheck>("database", tags: [Ready]);
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

    private sealed class IndexCheck(GalleryFollower follower) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            GalleryStatus status = follower.Status;
            return Task.FromResult(status.Ready ? HealthCheckResult.Healthy($"{status.Images} pictures, state {status.Sequence} of the registers{(status.Load is { } load ? $". {load}" : "")}") : HealthCheckResult.Unhealthy(status.Why));
        }
    }
}

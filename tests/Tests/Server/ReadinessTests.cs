using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Server;
using Touchstone.Server.Health;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>A node whose blob store is away is given no work.</summary>
public sealed class ReadinessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("touchstone-ready-").FullName;
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_blob_store_that_cannot_be_written_makes_the_node_unready_within_half_a_minute()
    {
        string blobs = Path.Combine(folder, "blobs");
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(clock);
        services.AddSingleton<IDbContextFactory<TouchstoneDb>>(database);
        services.AddSingleton<IBlobStore>(new FolderBlobStore(blobs, clock));
        services.AddTouchstoneHealth(ServerRoles.Console);
        await using ServiceProvider provider = services.BuildServiceProvider();
        var health = provider.GetRequiredService<HealthCheckService>();

        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(Stop)).Status);
        // The probe leaves nothing behind.
        Assert.Empty(Directory.EnumerateFiles(blobs, "*", SearchOption.AllDirectories));
        Directory.Delete(blobs, recursive: true);
        await File.WriteAllTextAsync(blobs, "no folder", Stop);
        clock.Advance(TimeSpan.FromSeconds(31));
        HealthReport report = await health.CheckHealthAsync(Stop);
        Assert.Equal((HealthStatus.Unhealthy, HealthStatus.Healthy), (report.Entries["blobs"].Status, report.Entries["database"].Status));
        File.Delete(blobs);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(Stop)).Status);
    }
}

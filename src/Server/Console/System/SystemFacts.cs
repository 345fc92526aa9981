using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Console.Installation;

/// <summary>What the System page shows and the API answers.</summary>
public sealed record SystemReport(
    string Version, string Runtime, string Database, string Roles, DateTimeOffset At, StoreCounts Counts, QueueCounts Queues, IReadOnlyList<ProfileFacts> Profiles, IReadOnlyList<RegisterFacts> Registers);

/// <summary>How much is stored.</summary>
public sealed record StoreCounts(int References, int ReferenceImages, int ReferenceImagesMissing, int Images, int ImagesUnreadable, int Descriptions, int Shops, int Listings, int Screenings);

/// <summary>What waits for work.</summary>
public sealed record QueueCounts(int RunsQueued, int RunsRunning, int OutboxPending, int OutboxDead, int FrontierPending);

/// <summary>A calibration profile as stored.</summary>
public sealed record ProfileFacts(string Id, string ModelId, string DataSetId, bool Active, DateTimeOffset CreatedAt, string Content);

public sealed record RegisterFacts(long Id, string Name, string Format, int References, int Retired, DateTimeOffset? ImportedAt);

/// <summary>Reads the installation's state. Safe for concurrent use.</summary>
public sealed class SystemFacts(IDbContextFactory<TouchstoneDb> databases, ServerOptions options, TimeProvider clock)
{
    public static string Version { get; } = typeof(SystemFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public async Task<SystemReport> ReadAsync(CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        var counts = new StoreCounts(
            await db.References.CountAsync(x => x.RetiredAt == null, cancellationToken),
            await db.ReferenceImages.CountAsync(x => x.ImageSha256 != null, cancellationToken),
            await db.ReferenceImages.CountAsync(x => x.ImageSha256 == null, cancellationToken),
            await db.Images.CountAsync(cancellationToken),
            await db.Images.CountAsync(x => x.Failure != null, cancellationToken),
            await db.ImageDescriptions.CountAsync(cancellationToken),
            await db.Shops.CountAsync(cancellationToken),
            await db.Listings.CountAsync(cancellationToken),
            await db.Screenings.CountAsync(cancellationToken));
        var queues = new QueueCounts(
            await db.SearchRuns.CountAsync(x => x.State == RunState.Queued, cancellationToken),
            await db.SearchRuns.CountAsync(x => x.State == RunState.Running, cancellationToken),
            await db.Outbox.CountAsync(x => x.State == OutboxState.Pending || x.State == OutboxState.Leased, cancellationToken),
            await db.Outbox.CountAsync(x => x.State == OutboxState.Dead, cancellationToken),
            await db.Frontier.CountAsync(x => x.State == Crawling.Frontier.FrontierState.Pending, cancellationToken));
        List<ProfileFacts> profiles = await db.CalibrationProfiles.AsNoTracking().OrderByDescending(x => x.Active).ThenByDescending(x => x.CreatedAt)
            .Select(x => new ProfileFacts(x.Id, x.ModelId, x.DataSetId, x.Active, x.CreatedAt, x.Content)).Take(20).ToListAsync(cancellationToken);
        List<RegisterFacts> registers = await db.Registers.AsNoTracking().OrderBy(x => x.Name)
            .Select(x => new RegisterFacts(x.Id, x.Name, x.Format, x.References.Count(r => r.RetiredAt == null), x.References.Count(r => r.RetiredAt != null), x.ImportedAt)).ToListAsync(cancellationToken);
        return new SystemReport(Version, RuntimeInformation.FrameworkDescription, options.Storage.Provider.ToString(), options.Roles.ToString(), clock.GetUtcNow(), counts, queues, profiles, registers);
    }
}

using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Calibration;
using Touchstone.Screening.Following;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Workers;
using Touchstone.Vision;
using Touchstone.Vision.Embedding;

namespace Touchstone.Server.Console.Installation;

/// <summary>What the System page shows and the API answers.</summary>
public sealed record SystemReport(
    string Version, string Runtime, string Database, string Roles, DateTimeOffset At, GalleryStatus? Index, ModelFacts? Model, StoreCounts Counts, QueueCounts Queues, ProfileFacts? Profile, string? ProfileProblem, IReadOnlyList<RegisterFacts> Registers);

/// <summary>The embedding model of this node and the native libraries below it.</summary>
public sealed record ModelFacts(string Id, int InputSize, int Dimension, string Licence, string Sha256, string OnnxRuntime, string Libvips, string Simd);

/// <summary>How much is stored.</summary>
public sealed record StoreCounts(int References, int ReferenceImages, int ReferenceImagesMissing, int Images, int ImagesUnreadable, int Descriptions, int Shops, int Listings, int Screenings);

/// <summary>What waits for work.</summary>
public sealed record QueueCounts(int RunsQueued, int RunsRunning, int OutboxPending, int OutboxDead, int FrontierPending);

/// <summary>The calibration profile that screenings are decided with now.</summary>
public sealed record ProfileFacts(string Id, string ModelId, string DataSetId, IReadOnlyList<ProfilePoint> Points);

/// <summary>
/// From which probability a relation is a hit or is to be reviewed, what was measured there and what is guaranteed. <c>Match</c> is null
/// and <c>Abstains</c> true where nothing can be guaranteed: such matches are only for review.
/// </summary>
public sealed record ProfilePoint(Relation Relation, double? Prior, bool Abstains, OperatingPoint? Match, OperatingPoint Review);

public sealed record RegisterFacts(long Id, string Name, string Format, int References, int Retired, DateTimeOffset? ImportedAt);

/// <summary>Reads the installation's state. Safe for concurrent use.</summary>
public sealed class SystemFacts(IDbContextFactory<TouchstoneDb> databases, ServerOptions options, IServiceProvider services, TimeProvider clock)
{
    public static string Version { get; } = typeof(SystemFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public async Task<SystemReport> ReadAsync(CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        var counts = new StoreCounts(
            await db.References.CountAsync(x => x.RetiredAt == null && x.Kind != ReferenceKind.SearchedPicture, cancellationToken),
            await db.ReferenceImages.CountAsync(x => x.ImageSha256 != null, cancellationToken),
            await db.ReferenceImages.CountAsync(x => x.ImageSha256 == null, cancellationToken),
            await db.Images.CountAsync(cancellationToken),
            await db.Images.CountAsync(x => x.Failure != null, cancellationToken),
            await db.ImageFeatures.CountAsync(cancellationToken),
            await db.Shops.CountAsync(cancellationToken),
            await db.Listings.CountAsync(cancellationToken),
            await db.Screenings.CountAsync(cancellationToken));
        var queues = new QueueCounts(
            await db.SearchRuns.CountAsync(x => x.State == RunState.Queued, cancellationToken),
            await db.SearchRuns.CountAsync(x => x.State == RunState.Running, cancellationToken),
            await db.Outbox.CountAsync(x => x.State == OutboxState.Pending || x.State == OutboxState.Leased, cancellationToken),
            await db.Outbox.CountAsync(x => x.State == OutboxState.Dead, cancellationToken),
            await db.Frontier.CountAsync(x => x.State == Crawling.Frontier.FrontierState.Pending, cancellationToken));
        List<RegisterFacts> registers = await db.Registers.AsNoTracking().OrderBy(x => x.Name)
            .Select(x => new RegisterFacts(x.Id, x.Name, x.Format, x.References.Count(r => r.RetiredAt == null), x.References.Count(r => r.RetiredAt != null), x.ImportedAt)).ToListAsync(cancellationToken);
        (ProfileFacts? profile, string? profileProblem) = await ProfileAsync(cancellationToken);
        return new SystemReport(Version, RuntimeInformation.FrameworkDescription, options.Storage.Provider.ToString(), options.Roles.ToString(), clock.GetUtcNow(), Index(), Model(), counts, queues, profile, profileProblem, registers);
    }

    private async Task<(ProfileFacts? Profile, string? Problem)> ProfileAsync(CancellationToken cancellationToken)
    {
        if (!HoldsGallery) return (null, null);
        try
        {
            CalibrationProfile? profile = await services.GetRequiredService<CalibrationProfiles>().ActiveAsync(services.GetRequiredService<ModelEntry>().Id, cancellationToken);
            return (profile is null ? null : new ProfileFacts(profile.Id, profile.ModelId, profile.DataSetId, [.. profile.Relations.OrderBy(x => x.Key).Select(x => new ProfilePoint(x.Key, x.Value.Prior, x.Value.Abstains, x.Value.Match, x.Value.Review))]), null);
        }
        catch (InvalidDataException e)
        {
            // This page is where an administrator looks for the fault, so it shows it.
            return (null, e.Message);
        }
    }

    private bool HoldsGallery => WorkerSetup.HoldsGallery(options.Roles);

    private GalleryStatus? Index() => HoldsGallery ? services.GetRequiredService<GalleryFollower>().Status : null;

    private ModelFacts? Model()
    {
        if (!HoldsGallery) return null;
        ModelEntry model = services.GetRequiredService<ModelEntry>();
        VisionReport vision = VisionEnvironment.Check();
        return new ModelFacts(model.Id, model.InputSize, model.Dimension, model.Licence, model.Sha256, vision.OnnxRuntimeVersion, vision.LibvipsVersion, vision.Simd);
    }
}

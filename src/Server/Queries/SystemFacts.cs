using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Calibration;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Following;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Workers;
using Touchstone.Vision;
using Touchstone.Vision.Embedding;

namespace Touchstone.Server.Queries;

/// <summary>What the System page shows and the API answers. <c>SigningKey</c>: the short name of the key that signs what is handed out; null: nothing was signed yet.</summary>
public sealed record SystemReport(
    string Version, string Runtime, string Database, string Roles, DateTimeOffset At, GalleryStatus? Index, ModelFacts? Model, StoreCounts Counts, QueueCounts Queues, ProfileFacts? Profile, string? ProfileProblem, IReadOnlyList<RegisterFacts> Registers, string? SigningKey, string? TimestampAuthority);

/// <summary>The embedding model of this node and the native libraries below it.</summary>
public sealed record ModelFacts(string Id, int InputSize, int Dimension, string Licence, string Sha256, string OnnxRuntime, string Libvips, string Simd);

/// <summary>How much is stored. Counts end at <see cref="BoundedCounting.Most"/>, 100,000, which means that many or more.</summary>
public sealed record StoreCounts(int References, int ReferenceImages, int ReferenceImagesMissing, int Images, int ImagesUnreadable, int Descriptions, int Shops, int Listings, int Screenings);

/// <summary>What waits for work. Counts end at 100,000, those of runs that go on at 1,000; URLs are those of the runs that go on.</summary>
public sealed record QueueCounts(int RunsQueued, int RunsRunning, int OutboxPending, int OutboxDead, int FrontierPending);

/// <summary>The calibration profile that screenings are decided with now.</summary>
public sealed record ProfileFacts(string Id, string ModelId, string DataSetId, IReadOnlyList<ProfilePoint> Points);

/// <summary>
/// From which probability a relation is a hit or is to be reviewed, what was measured there and what is guaranteed. <c>Match</c> is null
/// and <c>Abstains</c> true where nothing can be guaranteed: such matches are only for review.
/// </summary>
public sealed record ProfilePoint(Relation Relation, double? Prior, bool Abstains, OperatingPoint? Match, OperatingPoint Review);

public sealed record RegisterFacts(long Id, string Name, string Format, int References, int Retired, DateTimeOffset? ImportedAt);

/// <summary>Reads the installation's state; each query is answered by an index and ends, however much is stored. Safe for concurrent use.</summary>
public sealed class SystemFacts(IDbContextFactory<TouchstoneDb> databases, ServerOptions options, IServiceProvider services, TimeProvider clock)
{
    private const int MostRuns = 1_000;
    private const int MostRegisters = 200;

    public static string Version { get; } = typeof(SystemFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public async Task<SystemReport> ReadAsync(CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        var counts = new StoreCounts(
            await Screening.References.ReferenceQueries.OfRegisters(db).Where(x => x.RetiredAt == null).CountBoundedAsync(cancellationToken),
            await db.ReferenceImages.Where(x => x.ImageSha256 != null).CountBoundedAsync(cancellationToken),
            await db.ReferenceImages.Where(x => x.ImageSha256 == null).CountBoundedAsync(cancellationToken),
            await db.Images.CountBoundedAsync(cancellationToken),
            await db.Images.Where(x => x.Failure != null).CountBoundedAsync(cancellationToken),
            await db.ImageFeatures.CountBoundedAsync(cancellationToken),
            await db.Shops.CountBoundedAsync(cancellationToken),
            await db.Listings.CountBoundedAsync(cancellationToken),
            await db.Screenings.CountBoundedAsync(cancellationToken));
        long[] running = await db.SearchRuns.Where(x => x.State == RunState.Running).OrderBy(x => x.Id).Select(x => x.Id).Take(MostRuns).ToArrayAsync(cancellationToken);
        var queues = new QueueCounts(
            await db.SearchRuns.Where(x => x.State == RunState.Queued).CountBoundedAsync(cancellationToken),
            running.Length,
            await db.Outbox.Where(x => x.State == OutboxState.Pending || x.State == OutboxState.Leased).CountBoundedAsync(cancellationToken),
            await db.Outbox.Where(x => x.State == OutboxState.Dead).CountBoundedAsync(cancellationToken),
            await db.Frontier.Where(x => running.Contains(x.RunId) && x.State == Crawling.Frontier.FrontierState.Pending).CountBoundedAsync(cancellationToken));
        IReadOnlyList<RegisterFacts> registers = await RegistersAsync(db, cancellationToken);
        (ProfileFacts? profile, string? profileProblem) = await ProfileAsync(cancellationToken);
        string? key = await SigningKey.FindPublicKeyAsync(db, cancellationToken) is { } publicKey ? SigningKey.NameOf(publicKey) : null;
        return new SystemReport(Version, RuntimeInformation.FrameworkDescription, options.Storage.Provider.ToString(), options.Roles.ToString(), clock.GetUtcNow(), Gallery(), Model(), counts, queues, profile, profileProblem, registers, key, options.TimestampAuthority?.ToString());
    }

    private static async Task<IReadOnlyList<RegisterFacts>> RegistersAsync(TouchstoneDb db, CancellationToken cancellationToken)
    {
        var facts = new List<RegisterFacts>();
        foreach (RegisterRow register in await db.Registers.AsNoTracking().OrderBy(x => x.Name).Take(MostRegisters).ToListAsync(cancellationToken))
        {
            IQueryable<ReferenceRow> references = db.References.Where(x => x.RegisterId == register.Id);
            int inForce = await references.Where(x => x.RetiredAt == null).CountBoundedAsync(cancellationToken), retired = await references.Where(x => x.RetiredAt != null).CountBoundedAsync(cancellationToken);
            facts.Add(new RegisterFacts(register.Id, register.Name, register.Format, inForce, retired, register.ImportedAt));
        }
        return facts;
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

    /// <summary>How this node's gallery stands now; null where it holds none.</summary>
    public GalleryStatus? Gallery() => HoldsGallery ? services.GetRequiredService<GalleryFollower>().Status : null;

    private ModelFacts? Model()
    {
        if (!HoldsGallery) return null;
        ModelEntry model = services.GetRequiredService<ModelEntry>();
        VisionReport vision = VisionEnvironment.Check();
        return new ModelFacts(model.Id, model.InputSize, model.Dimension, model.Licence, model.Sha256, vision.OnnxRuntimeVersion, vision.LibvipsVersion, vision.Simd);
    }
}

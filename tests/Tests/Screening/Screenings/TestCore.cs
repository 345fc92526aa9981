using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Touchstone.Crawling;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening.Features;
using Touchstone.Screening.Following;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Tests.Screening.Screenings;

/// <summary>The whole core over a fresh embedded installation in a temporary folder: real SQLite, ONNX Runtime and libvips.</summary>
public sealed class TestCore : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly string folder;
    private readonly bool isGuest;

    private TestCore(string folder, ServiceProvider services, bool isGuest)
    {
        this.folder = folder;
        this.services = services;
        this.isGuest = isGuest;
    }

    public ScreeningPipeline Pipeline => Get<ScreeningPipeline>();

    public GalleryFollower Follower => Get<GalleryFollower>();

    /// <param name="of">The core whose installation it works on as a second service; it ends first. Null: one of its own.</param>
    public static async Task<TestCore> StartAsync(Action<IServiceCollection>? configure = null, Action<CrawlingOptions>? crawling = null, TestCore? of = null)
    {
        string folder = of?.folder ?? Directory.CreateTempSubdirectory("touchstone-core-").FullName;
        var collection = new ServiceCollection();
        collection.AddScreening(new StorageOptions { DataFolder = folder }, crawling: c =>
        {
            c.Outbound.AllowedInternalHosts.Add("127.0.0.1");
            crawling?.Invoke(c);
        });
        configure?.Invoke(collection);
        var core = new TestCore(folder, collection.BuildServiceProvider(), of is not null);
        await StorageSetup.MigrateAsync(core.Get<IDbContextFactory<TouchstoneDb>>(), TestContext.Current.CancellationToken);
        return core;
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>Another follower: the process was started again, with this gallery.</summary>
    public GalleryFollower FollowerOf(ReferenceGallery gallery) => new(
        Get<IDbContextFactory<TouchstoneDb>>(), gallery, Get<FeatureStore>(), Get<OcrStore>(), Get<ImageJobs>(), Get<ImageJobRunner>(), new FollowingOptions(), Get<TimeProvider>(), NullLogger<GalleryFollower>.Instance);

    public Task<TouchstoneDb> OpenAsync() => Get<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync();

    /// <summary>Adds a reference with one picture, as an importer would, without describing it.</summary>
    public async Task<long> AddReferenceAsync(string title, byte[] picture, ReferenceKind kind = ReferenceKind.Alert, string? gtin = null, string? brand = null)
    {
        string sha256 = await Get<IBlobStore>().PutAsync(picture, default);
        DateTimeOffset now = Get<TimeProvider>().GetUtcNow();
        await using TouchstoneDb db = await OpenAsync();
        RegisterRow register = await db.Registers.FirstOrDefaultAsync(r => r.Name == "test") ?? new RegisterRow { Name = "test", Format = "csv", CreatedAt = now };
        var reference = new ReferenceRow
        {
            Register = register,
            ExternalId = title,
            Kind = kind,
            Title = title,
            Brand = brand,
            RawPayload = "{}",
            ContentHash = sha256,
            ImportedAt = now,
            UpdatedAt = now,
            Images = { new ReferenceImageRow { ImageSha256 = sha256 } },
        };
        if (gtin is not null) reference.Identifiers.Add(new ReferenceIdentifierRow { Scheme = "Gtin", Value = gtin, Valid = true });
        db.References.Add(reference);
        await db.SaveChangesAsync();
        return reference.Id;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        if (isGuest) return;
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}

using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Screening.Following;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server;
using Touchstone.Server.Security;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Server;

/// <summary>The whole server on a free loopback port over a fresh installation: real Kestrel, SQLite, ONNX Runtime and libvips.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    public const string OwnerMail = "owner@rights.example";

    private readonly Dictionary<AccountRole, string> _keys = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("touchstone-server-").FullName;
    private WebApplication? _app;

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    public FirstAdministrator FirstAdministrator { get; private set; } = new("", "");

    public IServiceProvider Services => _app!.Services;

    /// <summary>A reference with the picture <see cref="Picture"/>.</summary>
    public long ReferenceId { get; private set; }

    public byte[] Picture { get; } = ImageEncoder.Png(Drawn.Package(7));

    /// <summary>Seven undecided hits, from the most to the least probable.</summary>
    public IReadOnlyList<long> HitIds { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var options = new ServerOptions { Storage = new StorageOptions { DataFolder = _folder }, Urls = ["http://127.0.0.1:0"], SignInsPerMinute = 1000, GatePatience = TimeSpan.FromMinutes(1) };
        _app = TouchstoneServer.Build(options);
        FirstAdministrator = await TouchstoneServer.PrepareAsync(_app) ?? throw new InvalidOperationException("A fresh installation makes its first administrator.");
        foreach (AccountRole role in Enum.GetValues<AccountRole>())
            _keys[role] = (await Services.GetRequiredService<ApiKeys>().CreateAsync($"test-{role}", role, "test", null, default)).Key;
        await SeedAsync();
        await _app.StartAsync();
        Address = new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        await Services.GetRequiredService<GalleryFollower>().RefreshAsync(null, default);
    }

    /// <summary>A client that follows no redirects and signs in with a key of the role; null: not at all.</summary>
    public HttpClient Client(AccountRole? role)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = true, CheckCertificateRevocationList = true }) { BaseAddress = Address };
        if (role is { } given) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _keys[given]);
        return client;
    }

    /// <summary>An API key of the role.</summary>
    public string KeyOf(AccountRole role) => _keys[role];

    public Task<TouchstoneDb> OpenAsync() => Services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync();

    /// <summary>A new undecided hit of its own for a test that changes it.</summary>
    public async Task<long> AddHitAsync(double probability = 0.75)
    {
        await using TouchstoneDb db = await OpenAsync();
        ReferenceRow reference = await db.References.Include(x => x.Images).SingleAsync(x => x.Id == ReferenceId);
        return await AddHitAsync(db, reference, probability);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task SeedAsync()
    {
        string sha256 = await Services.GetRequiredService<IBlobStore>().PutAsync(Picture, default);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await using TouchstoneDb db = await OpenAsync();
        var reference = new ReferenceRow
        {
            Register = new RegisterRow { Name = "test", Format = "csv", CreatedAt = now },
            ExternalId = "A-1",
            Kind = ReferenceKind.Alert,
            Title = "Toy <b>lamp</b>",
            Danger = "Small parts may be swallowed.",
            RightHolder = "Lamp Rights Ltd",
            RightHolderContact = OwnerMail,
            RawPayload = "{\"a\":1}",
            ContentHash = "1",
            ImportedAt = now,
            UpdatedAt = now,
            Images = { new ReferenceImageRow { ImageSha256 = sha256 } },
        };
        db.References.Add(reference);
        await db.SaveChangesAsync();
        ReferenceId = reference.Id;
        List<long> hits = [];
        for (int i = 0; i < 7; i++) hits.Add(await AddHitAsync(db, reference, i < 3 ? 0.9 : 0.8 - (i * 0.05)));
        HitIds = hits;
    }

    private static async Task<long> AddHitAsync(TouchstoneDb db, ReferenceRow reference, double probability)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        ShopRow shop = await db.Shops.FirstOrDefaultAsync() ?? new ShopRow { Host = "shop.example", FirstSeenAt = now };
        var listing = new ListingRow { Shop = shop, Url = $"https://shop.example/{Guid.NewGuid():N}", Name = "A lamp", FirstSeenAt = now, LastSeenAt = now };
        var observation = new ObservationRow { Listing = listing, Number = 1, Name = "A lamp", ContentHash = "1", FirstSeenAt = now, LastSeenAt = now };
        observation.VariantsFound = 2;
        observation.Variants.Add(new() { Position = 0, Name = "Red", Sku = "L-R", Price = 12m, Currency = "EUR" });
        observation.Variants.Add(new() { Position = 1, Name = "Blue", Sku = "L-B", Gtin = "4006381333931" });
        observation.Safety = SafetyColumn.Write([new(SafetyPoint.Manufacturer, SafetyState.Found, "Brumm GmbH", "Hersteller"), new(SafetyPoint.ManufacturerAddress, SafetyState.Missing), new(SafetyPoint.ResponsiblePerson, SafetyState.CannotBeTold, Reason: SafetyReason.MakerCountryUnknown)]);
        string sha256 = reference.Images.First().ImageSha256!;
        var match = new MatchRow { Reference = reference, ImageSha256 = sha256, ReferenceImageSha256 = sha256, Relation = Relation.SameProduct, Probability = probability, Verdict = Verdict.Match, Signals = "{\"for\":[\"They agree.\"]}" };
        db.Screenings.Add(new ScreeningRow { Observation = observation, Verdict = Verdict.Match, ModelId = "m", ProfileId = "p", GalleryFingerprint = "f", InputHash = "1", ScreenedAt = now, Matches = { match } });
        var hit = new HitRow { Listing = listing, Reference = reference, Match = match, Relation = Relation.SameProduct, Probability = probability, Verdict = Verdict.Match, FoundAt = now };
        db.Hits.Add(hit);
        await db.SaveChangesAsync();
        return hit.Id;
    }
}

[CollectionDefinition(Name)]
public sealed class ServerSet : ICollectionFixture<ServerFixture>
{
    public const string Name = "server";
}

/// <summary>A server whose content is made to be looked at: what is added there stands on pages, and in no count of another test.</summary>
[CollectionDefinition(Name)]
public sealed class ConsoleSet : ICollectionFixture<ServerFixture>
{
    public const string Name = "console";
}

/// <summary>A server for what belongs to the process: no other test runs at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneSet : ICollectionFixture<ServerFixture>
{
    public const string Name = "alone";
}

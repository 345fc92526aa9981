using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Frontier;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Crawling;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Server;

/// <summary>
/// Kills the program again and again at random moments, while registers are imported, their pictures described and merged into the gallery's files, a shop
/// crawled and its listings screened, and then compares what is there with what was acknowledged and with the shop. <c>TOUCHSTONE_KILLS</c> says how often, <c>TOUCHSTONE_KILL_SEED</c> repeats a run.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const int Files = 8, PerFile = 5, Products = 8;
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("TOUCHSTONE_KILLS") ?? "6", System.Globalization.CultureInfo.InvariantCulture);
    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("TOUCHSTONE_KILL_SEED") ?? $"{Environment.TickCount & 0xffff}", System.Globalization.CultureInfo.InvariantCulture);

    private readonly string _folder = Directory.CreateTempSubdirectory("touchstone-kills-").FullName;
    private readonly Random _random = new(Seed);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_folder, "data");

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_and_once_however_often_the_program_is_killed()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"TOUCHSTONE_KILL_SEED={Seed}");
        await using LoopbackSite shop = await ShopAsync();
        string[] files = [.. Enumerable.Range(0, Files).Select(WriteRegister)];
        int imported = 0, kills = 0;
        Process? node = null, import = null;
        try
        {
            while (kills < Kills || imported < Files)
            {
                node ??= await ServeAsync();
                await QueueAsync(shop);
                if (import is null && imported < Files) import = Start("references", "import", files[imported], "--register", "kills", "--kind", "alert", "--json");
                await Task.Delay(_random.Next(50, 600), Stop);
                if (import is { HasExited: true })
                {
                    Assert.True(import.ExitCode == 0, $"The import ended with {import.ExitCode} (seed {Seed}).");
                    imported++;
                    import.Dispose();
                    import = null;
                }
                if (kills >= Kills) continue;
                // One of them, or both at the same moment.
                int which = import is null ? 1 : _random.Next(1, 4);
                if ((which & 1) != 0) node = Killed(node);
                if ((which & 2) != 0) import = Killed(import!);
                kills += which == 3 ? 2 : 1;
                if ((which & 1) != 0) await ExpireAsync();
            }
            node ??= await ServeAsync();
            long last = await EndAsync(shop);
            await CheckAsync(shop, last);
            node = Killed(node);
            await CheckGalleryAsync();
        }
        finally
        {
            if (import is not null) Killed(import);
            if (node is not null) Killed(node);
        }
    }

    private async Task CheckAsync(LoopbackSite shop, long last)
    {
        await using TouchstoneDb db = Open();
        string seed = $"seed {Seed}";
        // The registers: every acknowledged record, once, with its picture, and what its record says.
        List<string> ids = await db.References.Select(r => r.ExternalId).ToListAsync(Stop);
        Assert.Equal(Enumerable.Range(0, Files * PerFile).Select(i => $"K-{i:000}"), ids.Order(StringComparer.Ordinal));
        Assert.Equal(Files * PerFile, await db.ReferenceImages.CountAsync(i => i.ImageSha256 != null && i.Failure == null, Stop));
        Assert.Equal(0, await db.ImageJobs.CountAsync(j => j.Kind == ImageJobKind.Describe, Stop));
        Assert.Equal(Files * PerFile, await db.ImageFeatures.CountAsync(f => db.ReferenceImages.Any(i => i.ImageSha256 == f.ImageSha256), Stop));
        List<long> numbers = await db.ReferenceChanges.OrderBy(c => c.Number).Select(c => c.Number).ToListAsync(Stop);
        Assert.Equal(numbers.Distinct().Count(), numbers.Count);
        Assert.Equal(await db.Sequences.Where(s => s.Name == ReferenceChanges.Sequence).Select(s => s.Value).SingleAsync(Stop), numbers[^1]);
        // What was seen: every picture has its number, and every reference was asked about once its pictures were there.
        List<long> seen = await db.SeenPictures.Select(s => s.Number).ToListAsync(Stop);
        Assert.Equal(await db.ObservationImages.Where(i => i.ImageSha256 != null).Select(i => i.ImageSha256).Distinct().CountAsync(Stop), seen.Distinct().Count());
        Assert.Equal(await db.Sequences.Where(s => s.Name == SequenceRow.SeenPictures).Select(s => s.Value).SingleAsync(Stop), seen.Max());
        Assert.Equal(numbers[^1], await db.Sequences.Where(s => s.Name == SequenceRow.LookBacks).Select(s => s.Value).SingleAsync(Stop));

        // The shop: every product is one listing with one hit, and the pictures and pages that rows name are stored whole.
        Assert.Equal(Enumerable.Range(0, Products).Select(i => shop.Url($"/p/{i}")), (await db.Listings.Select(l => l.Url).ToListAsync(Stop)).Order(StringComparer.Ordinal));
        Assert.Equal(Products, await db.Hits.CountAsync(Stop));
        Assert.Equal(Products, await db.Observations.CountAsync(Stop));
        // None was screened twice with the same references and profile.
        Assert.Equal(await db.Screenings.Select(s => new { s.ObservationId, s.InputHash }).Distinct().CountAsync(Stop), await db.Screenings.CountAsync(Stop));
        var blobs = new FolderBlobStore(new StorageOptions { DataFolder = Data }.BlobFolder);
        string?[] named = [.. await db.ReferenceImages.Select(i => i.ImageSha256).ToListAsync(Stop), .. await db.ObservationImages.Select(i => i.ImageSha256).ToListAsync(Stop), .. await db.Observations.Select(o => o.PageSha256).ToListAsync(Stop)];
        foreach (string? sha256 in named.Distinct()) Assert.NotNull(await blobs.GetAsync(sha256!, Stop));

        // The last run: its numbers are the shop's.
        SearchRunRow run = await db.SearchRuns.SingleAsync(r => r.Id == last, Stop);
        Assert.Equal((Products + 1, Products, Products, 0, seed), (run.Pages, run.Listings, run.Hits, run.Failed, seed));
        foreach (SearchRunRow any in await db.SearchRuns.Where(r => r.State == RunState.Finished).ToListAsync(Stop))
            Assert.Equal(await db.Frontier.CountAsync(f => f.RunId == any.Id && f.State == FrontierState.Done && f.Counted, Stop), any.Pages);
        Assert.True((await AuditLog.VerifyAsync(db, Stop)).Whole);
    }

    /// <summary>The files of the gallery, which was merged again and again: every picture, once, and found by itself.</summary>
    private async Task CheckGalleryAsync()
    {
        await using TouchstoneDb db = Open();
        var pictures = await db.ReferenceImages.Select(i => new { i.Id, i.ReferenceId, i.ImageSha256 }).ToListAsync(Stop);
        using ReferenceGallery gallery = OpenGallery();
        Assert.Null(gallery.Fault);
        Assert.Equal(Files * PerFile, gallery.Count);
        foreach (var picture in pictures)
        {
            Assert.True(gallery.Contains(picture.Id, picture.ImageSha256!), $"The gallery's files lack picture {picture.Id} (seed {Seed}).");
            Assert.Equal(picture.Id, Assert.Single(gallery.ImagesOf(picture.ReferenceId)).ReferenceImageId);
        }
    }

    /// <summary>Waits until nothing is left to do, and runs the search once more without a kill.</summary>
    private async Task<long> EndAsync(LoopbackSite shop)
    {
        await UntilAsync(async db => !await db.ImageJobs.AnyAsync(Stop) && !await db.SearchRuns.AnyAsync(r => r.State == RunState.Queued || r.State == RunState.Running, Stop)
            && !await db.LookBacks.AnyAsync(l => l.State == LookBackState.Queued || l.State == LookBackState.Running, Stop)
            && await db.Sequences.Where(s => s.Name == SequenceRow.LookBacks).Select(s => s.Value).SingleAsync(Stop) == await db.ReferenceChanges.MaxAsync(c => c.Number, Stop));
        long last = await QueueAsync(shop);
        await UntilAsync(db => db.SearchRuns.AnyAsync(r => r.Id == last && r.State == RunState.Finished, Stop));
        await UntilAsync(_ =>
        {
            using ReferenceGallery gallery = OpenGallery();
            return Task.FromResult(gallery.Count == Files * PerFile);
        });
        return last;
    }

    private async Task UntilAsync(Func<TouchstoneDb, Task<bool>> done)
    {
        await Eventually.IsSoAsync(
            async () =>
            {
                await using TouchstoneDb db = Open();
                return await done(db);
            },
            $"what was left was done (seed {Seed})");
    }

    /// <summary>Queues a run unless one waits or goes on; returns the newest run.</summary>
    private async Task<long> QueueAsync(LoopbackSite shop)
    {
        await using TouchstoneDb db = Open();
        var by = new VerbContext(db, "anna", TimeProvider.System);
        if (await db.Searches.FirstOrDefaultAsync(Stop) is not { } search)
        {
            VerbOutcome<SearchRunRow> created = await CreateSearch.RunAsync(by, new CreateSearch.Request("kills", [shop.Url("/")], null, null, null), Stop);
            return created.Value!.Id;
        }
        VerbOutcome<SearchRunRow> queued = await new QueueRun(search.Id).RunAsync(by, Stop);
        return queued.Value?.Id ?? await db.SearchRuns.MaxAsync(r => r.Id, Stop);
    }

    /// <summary>Time passes: what a killed process held is free. URLs over which two workers end are given up, which is no matter of this test.</summary>
    private async Task ExpireAsync()
    {
        await using TouchstoneDb db = Open();
        DateTimeOffset past = DateTimeOffset.UnixEpoch;
        await db.SearchRuns.Where(r => r.LeaseUntil != null).ExecuteUpdateAsync(s => s.SetProperty(r => r.LeaseUntil, past), Stop);
        await db.Frontier.Where(f => f.LeaseUntil != null).ExecuteUpdateAsync(s => s.SetProperty(f => f.LeaseUntil, past).SetProperty(f => f.Losses, 0), Stop);
        await db.HostLeases.ExecuteUpdateAsync(s => s.SetProperty(h => h.LeaseUntil, past), Stop);
        await db.ImageJobs.Where(j => j.LeaseUntil != null).ExecuteUpdateAsync(s => s.SetProperty(j => j.LeaseUntil, past).SetProperty(j => j.Attempts, 0), Stop);
    }

    private async Task<LoopbackSite> ShopAsync()
    {
        LoopbackSite shop = await LoopbackSite.StartAsync();
        shop.Html("/", CrawlHarness.List([.. Enumerable.Range(0, Products).Select(i => $"/p/{i}")]));
        for (int i = 0; i < Products; i++)
        {
            byte[] picture = Drawn.EditedCopy(Drawn.Package(i));
            string page = $$$"""<html><head><title>Package {{{i}}}</title><script type='application/ld+json'>{"@context":"https://schema.org","@type":"Product","name":"Package {{{i}}}","image":"{{{shop.Url($"/i/{i}.jpg")}}}","offers":{"@type":"Offer","price":"9.95","priceCurrency":"EUR"}}</script></head><body><h1>Package {{{i}}}</h1><p>9.95 EUR</p><button>Add to cart</button></body></html>""";
            shop.On($"/p/{i}", context => SlowlyAsync(context, System.Text.Encoding.UTF8.GetBytes(page), "text/html; charset=utf-8"));
            shop.On($"/i/{i}.jpg", context => SlowlyAsync(context, picture, "image/jpeg"));
        }
        return shop;

        static async Task SlowlyAsync(Microsoft.AspNetCore.Http.HttpContext context, byte[] body, string type)
        {
            await Task.Delay(30);
            context.Response.ContentType = type;
            await context.Response.Body.WriteAsync(body);
        }
    }

    private string WriteRegister(int file)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, $"register-{file}")).FullName;
        var lines = new List<string> { "id,title,brand,gtin,pictures" };
        for (int i = file * PerFile; i < (file + 1) * PerFile; i++)
        {
            File.WriteAllBytes(Path.Combine(folder, $"{i}.png"), ImageEncoder.Png(Drawn.Package(i)));
            lines.Add($"K-{i:000},Package {i},Glim,,{i}.png");
        }
        string table = Path.Combine(folder, "table.csv");
        File.WriteAllLines(table, lines);
        return table;
    }

    private async Task<Process> ServeAsync()
    {
        Process node = Start("serve", "--json", "--url", "http://127.0.0.1:0", "--allow-host", "127.0.0.1");
        string? line = await node.StandardOutput.ReadLineAsync(Stop);
        Assert.True(line is not null && JsonDocument.Parse(line).RootElement.TryGetProperty("urls", out _), $"The server ended at once (seed {Seed}).");
        return node;
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "touchstone.dll"), .. arguments, "--data", Data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["Politeness__MinInterval"] = "00:00:00", ["Gallery__MergeFrom"] = $"{PerFile}", ["Gallery__MergeEvery"] = "00:00:00.1" },
        };
        Process process = Process.Start(start)!;
        // A pipe that nobody reads would stop it.
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>kill -9.</summary>
    private static Process? Killed(Process process)
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        process.Dispose();
        return null;
    }

    /// <summary>The gallery as its files have it now.</summary>
    private ReferenceGallery OpenGallery()
    {
        ModelEntry model = ModelCatalog.Load().Find();
        return new ReferenceGallery(model, new GalleryFolder(Path.Combine(Data, "gallery", model.Id)));
    }

    private TouchstoneDb Open()
    {
        var builder = new DbContextOptionsBuilder<TouchstoneDb>();
        StorageSetup.Configure(builder, new StorageOptions { DataFolder = Data });
        return new TouchstoneDb(builder.Options);
    }
}

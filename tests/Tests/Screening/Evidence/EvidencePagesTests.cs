using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Capture;
using Touchstone.Crawling.Rendering;
using Touchstone.Screening;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Evidence;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Assets;
using Touchstone.Tests.Crawling;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.Evidence;

/// <summary>With the real browser and a shop on loopback; skipped visibly where no browser is installed.</summary>
public sealed class EvidencePagesTests : IAsyncLifetime
{
    private LoopbackSite site = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => site = await LoopbackSite.StartAsync();

    public async ValueTask DisposeAsync() => await site.DisposeAsync();

    [Fact]
    public async Task A_bundle_has_the_page_as_kept_and_as_today_with_screenshots_and_a_report()
    {
        if (new RenderingOptions().FindExecutable() is null) Assert.Skip("Chromium is not installed.");
        byte[] picture = ImageEncoder.Png(Drawn.Bottle());
        site.Html("/p", "<!doctype html><html><head><link rel='stylesheet' href='/look.css'></head><body><h1>Kappe f\u00fcr \u00c4nne \u2013 r\u00f8dgr\u00f8d, \ubaa8\uc790</h1><img src='/i.png'><div style='height: 7000px'></div><img src='/late.png' loading='lazy'></body></html>")
            .Text("/look.css", "h1 { color: rgb(1, 2, 3); }", "text/css").Bytes("/i.png", picture, "image/png").Bytes("/late.png", picture, "image/png");
        await using var crawl = new CrawlHarness(null, new RenderingOptions(), site);
        var tools = new EvidenceTools { Pages = new PageCapture(crawl.Fetcher, crawl.Renderer, TimeProvider.System), Printer = crawl.Renderer, Typeface = EmbeddedAssets.TypefaceAsData() };
        byte[] bundle = await ExportAsync(tools, site.Url("/p"), picture, "<h1>Kept</h1><script src='http://elsewhere.example/x.js'></script><img src='/i.png'>");

        EvidenceVerification found = await EvidenceCheck.RunAsync(new MemoryStream(bundle), null, null, Stop);
        Assert.True(found.Whole, found.Problem);
        EvidenceManifest manifest = ManifestOf(bundle);
        AbsentEvidence lacks = Assert.Single(manifest.Absent, x => !x.Path.StartsWith("profiles/", StringComparison.Ordinal));
        Assert.EndsWith("because it was not kept: http://elsewhere.example/x.js.", lacks.Why, StringComparison.Ordinal);
        EvidencePart[] shots = [.. manifest.Parts.Where(x => x.Path.StartsWith(EvidenceBundle.ScreenshotFolder, StringComparison.Ordinal))];
        Assert.Equal(2, shots.Length);
        Assert.All(shots, x => Assert.Equal("\u0089PNG", Encoding.Latin1.GetString(EvidenceCheckTests.PartOf(bundle, x.Path).AsSpan(0, 4))));
        Assert.Contains("kept bytes alone", shots[0].Description, StringComparison.Ordinal);
        Assert.Contains("as its shop showed it when this bundle was made", shots[1].Description, StringComparison.Ordinal);

        WarcPeer warc = await WarcPeer.ReadAsync(EvidenceCheckTests.WarcOf(bundle));
        Assert.Empty(warc.Problems);
        foreach (string path in (string[])["/p", "/look.css", "/i.png", "/late.png"]) Assert.Contains(warc.Records, x => x.Type == "response" && x.Url == site.Url(path));
        Assert.Contains(warc.Records, x => x.Type == "resource" && x.Url == $"urn:fullPage:{site.Url("/p")}");
        Assert.DoesNotContain(warc.Records, x => x.Url?.Contains("elsewhere", StringComparison.Ordinal) == true);

        string pdf = Encoding.Latin1.GetString(EvidenceCheckTests.PartOf(bundle, EvidenceBundle.ReportPath));
        Assert.StartsWith("%PDF-", pdf, StringComparison.Ordinal);
        Assert.Contains("/FontFile", pdf, StringComparison.Ordinal);
        Assert.Contains("/Subtype /Image", pdf, StringComparison.Ordinal);
        Assert.Contains("Inter", pdf, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("TOUCHSTONE_KEEP_EVIDENCE") is { } keep) await File.WriteAllBytesAsync(keep, bundle, Stop);
    }

    [Fact]
    public async Task Without_a_browser_the_manifest_says_what_is_absent_and_why()
    {
        await using var crawl = new CrawlHarness(null, new RenderingOptions { ExecutablePath = "/none" }, site);
        site.Html("/p", "<h1>Cap</h1>");
        var tools = new EvidenceTools { Pages = new PageCapture(crawl.Fetcher, crawl.Renderer, TimeProvider.System), Printer = crawl.Renderer };
        byte[] bundle = await ExportAsync(tools, site.Url("/p"), [1, 2], "<h1>Kept</h1>");
        EvidenceManifest manifest = ManifestOf(bundle);
        Assert.All(manifest.Absent.Where(x => x.Path.EndsWith(".png", StringComparison.Ordinal) || x.Path == EvidenceBundle.ReportPath), x => Assert.Contains("no Chromium", x.Why, StringComparison.Ordinal));
        Assert.Equal(3, manifest.Absent.Count(x => x.Why.Contains("no Chromium", StringComparison.Ordinal)));
        // The page of today is in the archive all the same.
        Assert.Contains((await WarcPeer.ReadAsync(EvidenceCheckTests.WarcOf(bundle))).Records, x => x.Type == "response" && x.Url == site.Url("/p"));
    }

    [Fact]
    public async Task A_shop_that_gives_the_page_no_more_is_said()
    {
        await using var crawl = new CrawlHarness(null, new RenderingOptions(), site);
        byte[] bundle = await ExportAsync(new EvidenceTools { Pages = new PageCapture(crawl.Fetcher, crawl.Renderer, TimeProvider.System) }, site.Url("/gone"), [1, 2], "<h1>Kept</h1>");
        Assert.Contains(ManifestOf(bundle).Absent, x => x.Path.StartsWith("screenshots/today-", StringComparison.Ordinal) && x.Why.Contains("404", StringComparison.Ordinal));
    }

    private static EvidenceManifest ManifestOf(byte[] bundle) => JsonSerializer.Deserialize<EvidenceManifest>(EvidenceCheckTests.PartOf(bundle, EvidenceManifest.Path), EvidenceParts.Json)!;

    private async Task<byte[]> ExportAsync(EvidenceTools tools, string url, byte[] picture, string page)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        ReferenceRow reference = await SampleHits.AddReferenceAsync(db, "Kasket til b\u00f8rn \u2013 \uc720\uc544\uc6a9 \ubaa8\uc790");
        HitRow hit = await SampleHits.AddAsync(db, reference, image: await blobs.PutAsync(picture, Stop));
        ObservationRow seen = await db.Observations.Include(x => x.Listing).Include(x => x.Images).SingleAsync(Stop);
        (seen.Listing!.Url, seen.PageSha256) = (url, await blobs.PutAsync(Encoding.UTF8.GetBytes(page), Stop));
        seen.Images.Single().Url = new Uri(new Uri(url), "/i.png").ToString();
        await db.SaveChangesAsync(Stop);
        var by = new VerbContext(db, "anna", TimeProvider.System);
        long caseId = (await new OpenCase([hit.Id]).RunAsync(by, Stop)).Value!.Case.Id;
        return await EvidenceCheckTests.HandOutAsync(new ExportEvidence(caseId, tools), by, blobs);
    }
}

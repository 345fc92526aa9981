using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Touchstone.Screening.Evidence;
using Touchstone.Screening.Storage;
using Touchstone.Server;
using Touchstone.Server.Security;
using Touchstone.Tests.Crawling;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.EndToEnd;

/// <summary>From an empty folder to the evidence of the first hit, in the console alone: a real server, browser, shop and mail server.</summary>
public sealed class FirstRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("touchstone-first-run-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_empty_folder_becomes_a_first_hit_with_evidence_in_the_console_alone()
    {
        await using MailServer mail = await MailServer.StartAsync();
        await using LoopbackSite shop = await ShopAsync();
        var options = new ServerOptions
        {
            Storage = new StorageOptions { DataFolder = _folder },
            Urls = ["http://127.0.0.1:0"],
            Crawling = x =>
            {
                x.Outbound.AllowedInternalHosts.Add("127.0.0.1");
                x.Politeness.MinInterval = TimeSpan.Zero;
            },
        };
        await using WebApplication app = TouchstoneServer.Build(options);
        FirstAdministrator administrator = (await TouchstoneServer.PrepareAsync(app, Stop))!;
        await app.StartAsync(Stop);
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await using TestBrowser browser = await TestBrowser.OpenAsync(new() { BaseURL = address, ViewportSize = new() { Width = 1280, Height = 900 } });
        IPage page = browser.Page;

        await SignInAsync(page, administrator);
        await page.GotoAsync("/searches/new");
        Assert.Contains("No reference is in the registers", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        await ImportAsync(page);
        await MailAsync(page, mail);
        await SearchAsync(page, shop.Url("/"));
        byte[] evidence = await DecideAsync(page);
        EvidenceVerification verified = await EvidenceCheck.RunAsync(new MemoryStream(evidence), null, null, Stop);
        Assert.True(verified.Whole, verified.Problem);
    }

    private static async Task SignInAsync(IPage page, FirstAdministrator administrator)
    {
        await page.GotoAsync("/");
        await page.FillAsync("[name='Input.UserName']", administrator.UserName);
        await page.FillAsync("[name='Input.Password']", administrator.Password);
        await page.ClickAsync("button[type=submit]");
        await TestBrowser.ArriveAsync(page, static x => new Uri(x).AbsolutePath == "/");
    }

    private static async Task ImportAsync(IPage page)
    {
        await page.GotoAsync("/references/import");
        await page.SetInputFilesAsync("[name=file]", new FilePayload { Name = "register.zip", MimeType = "application/zip", Buffer = Register() });
        ILocator form = page.Locator("form:has([name=file])");
        await form.Locator("[name='Input.Register']").FillAsync("first");
        await form.Locator("button[type=submit]").ClickAsync();
        await TestBrowser.ArriveAsync(page, static x => x.Contains("/references/imports/", StringComparison.Ordinal));
        string preview = await page.InnerTextAsync("main");
        Assert.Contains("The line has no title.", preview, StringComparison.Ordinal);
        Assert.Contains("Package with a lamp", preview, StringComparison.Ordinal);
        await page.ClickAsync("button[value=start]");
        await page.Locator(".badge.good").First.WaitForAsync();
    }

    private static async Task MailAsync(IPage page, MailServer mail)
    {
        await page.GotoAsync("/system/mail");
        await page.FillAsync("[name='Input.Host']", "127.0.0.1");
        await page.FillAsync("[name='Input.Port']", $"{mail.Port}");
        await page.FillAsync("[name='Input.From']", "desk@authority.example");
        await page.UncheckAsync("[name='Input.RequireTls']");
        await page.Locator("form:has([name='Input.Host']) button[type=submit]").ClickAsync();
        await page.Locator("[data-toast]", new() { HasText = "Saved." }).WaitForAsync();
        await page.FillAsync("[name='Test.To']", "anna@authority.example");
        await page.Locator("form:has([name='Test.To']) button[type=submit]").ClickAsync();
        await page.Locator("[role=alert].good").WaitForAsync();
        Assert.Equal("anna@authority.example", Assert.Single((await mail.ReceiveAsync(Stop)).To));
    }

    private static async Task SearchAsync(IPage page, string shop)
    {
        await page.GotoAsync("/searches/new");
        await page.FillAsync("[name='Input.ShopUrls']", shop);
        await page.Locator("form:has([name='Input.ShopUrls']) button[type=submit]").ClickAsync();
        await TestBrowser.ArriveAsync(page, static x => x.EndsWith("/searches/1", StringComparison.Ordinal));
        // The page follows the run by itself, and is read anew when it has ended.
        await page.Locator(".page-head .badge.good").WaitForAsync();
        await page.Locator("#run-hits a.row").First.ClickAsync();
        await TestBrowser.ArriveAsync(page, static x => x.Contains("/hits/1", StringComparison.Ordinal));
    }

    private static async Task<byte[]> DecideAsync(IPage page)
    {
        // A decision is made on what was looked at: the page refuses one that comes too soon.
        await page.WaitForTimeoutAsync(500);
        await page.Locator("button[value=OpenCase]").First.ClickAsync();
        await TestBrowser.ArriveAsync(page, static x => x.Contains("/cases/1", StringComparison.Ordinal));
        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("form[action='/cases/1/evidence'] button"));
        Assert.Equal("case-1-evidence.zip", download.SuggestedFilename);
        return await File.ReadAllBytesAsync(await download.PathAsync(), Stop);
    }

    private static byte[] Register()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("table.csv", Encoding.UTF8.GetBytes("id,title,pictures\nA-1,Package with a lamp,lamp.png\nA-2,,\n"));
            Add("lamp.png", ImageEncoder.Png(Drawn.Package(3)));

            void Add(string name, byte[] content)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }
        return bytes.ToArray();
    }

    /// <summary>A shop with one product, which shows an edited copy of the register's picture.</summary>
    private static async Task<LoopbackSite> ShopAsync()
    {
        LoopbackSite site = await LoopbackSite.StartAsync();
        site.Text("/robots.txt", "User-agent: *\nAllow: /\n").Bytes("/lamp.jpg", Drawn.EditedCopy(Drawn.Package(3)), "image/jpeg");
        string offer = $$$"""{"@context":"https://schema.org","@type":"Product","name":"Lamp","image":["{{{site.Url("/lamp.jpg")}}}"],"offers":{"@type":"Offer","price":"9.95","priceCurrency":"EUR"}}""";
        site.Html("/p/1", $"<html><head><title>Lamp</title><script type='application/ld+json'>{offer}</script></head><body><h1>Lamp</h1><p>9.95 EUR</p><button>Add to cart</button></body></html>");
        return site.Html("/", CrawlHarness.List("/p/1"));
    }
}

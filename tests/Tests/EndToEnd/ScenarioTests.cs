using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using Touchstone.Crawling.Rendering;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Evidence;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Cli;
using Touchstone.Tests.Crawling;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.EndToEnd;

/// <summary>
/// From an alert to a closed link and back: an alert is imported, two shops of two markets are searched, their offers become hits, a case, evidence and an order; the shop replies by
/// its link, the offer goes, and comes back in the other shop with an edited picture and another seller. Real program, browser, mail server, time-stamping authority and shops. Once
/// undisturbed, and once with the program killed all the while: <c>TOUCHSTONE_KILLS</c> says how often, <c>TOUCHSTONE_KILL_SEED</c> repeats a run.
/// </summary>
public sealed partial class ScenarioTests : IDisposable
{
    private const int Others = 3;
    private const string Seller = "Lamp House", OtherSeller = "Night Sky Trade", ShopMail = "legal@shop.example";

    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("TOUCHSTONE_KILLS") ?? "6", CultureInfo.InvariantCulture);
    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("TOUCHSTONE_KILL_SEED") ?? $"{Environment.TickCount & 0xffff}", CultureInfo.InvariantCulture);

    private readonly string folder = Directory.CreateTempSubdirectory("touchstone-scenario-").FullName;
    private readonly List<ReceivedMail> mails = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(folder, "data");

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_alert_ends_an_offer_and_its_return_is_linked_to_the_case(bool killed)
    {
        Assert.SkipUnless(new RenderingOptions().FindExecutable() is not null, "Chromium is missing: apt-get install -y chromium");
        await using MailServer mail = await MailServer.StartAsync();
        await using TimestampServer authority = await TimestampServer.StartAsync();
        await using LoopbackSite german = await LoopbackSite.StartAsync(), danish = await LoopbackSite.StartAsync();
        Offer(german, "de", 0, Seller, ImageEncoder.Jpeg(Drawn.Package(7), 88));
        Offer(danish, "da", 0, Seller, Drawn.EditedCopy(Drawn.Package(7)));
        for (int i = 1; i <= Others; i++)
        {
            Offer(german, "de", i, Seller, ImageEncoder.Jpeg(Drawn.Package(100 + i), 88));
            Offer(danish, "da", i, Seller, ImageEncoder.Jpeg(Drawn.Package(200 + i), 88));
        }
        Front(german, "de", Others);
        Front(danish, "da", Others);
        await ImportAsync();

        await using ServedInstallation served = await ServedInstallation.StartAsync(
            Data, ["--allow-host", "127.0.0.1", "--timestamp-authority", $"{authority.Url}"],
            ("Smtp__Host", "127.0.0.1"), ("Smtp__Port", $"{mail.Port}"), ("Smtp__From", "desk@authority.example"), ("Smtp__RequireTls", "false"), ("Politeness__MinInterval", "00:00:00"));
        if (killed) served.KillAgainAndAgain(Kills, new Random(Seed));

        long search = await SearchAsync(served, german, danish);
        long[] hits = await ConfirmAsync(served, german, danish);
        long opened = await OpenAsync(served, [hits[0]]);
        await EvidenceAsync(served, opened, authority);
        string link = await OrderAsync(served, mail, opened, hits[0]);
        german.Status("/p/0", 410);
        await ReplyAsync(served, link);
        await OutcomeAsync(served, opened);
        await CloseAsync(served, opened);
        Offer(danish, "da", 9, OtherSeller, ImageEncoder.Jpeg(ImageOperations.AdjustColour(ImageOperations.Crop(Drawn.Package(7), 30, 10, 340, 380), new ColourAdjustment { Gamma = 0.9f }), 70));
        Front(danish, "da", Others, 9);
        await ReturnAsync(served, search, opened, danish.Url("/p/9"));
        while (!served.KillsAreOver) await Task.Delay(100, Stop);
        await CheckAsync(served, mail, german, danish, killed);
    }

    private async Task ImportAsync()
    {
        File.WriteAllBytes(Path.Combine(folder, "lamp.png"), ImageEncoder.Png(Drawn.Package(7)));
        string table = Path.Combine(folder, "alerts.csv");
        await File.WriteAllLinesAsync(table, ["id,title,brand,gtin,pictures", "SR/00017/26,Night lamp,Glim,,lamp.png"], Stop);
        ProgramRun import = await ProgramRun.InAsync([], "references", "import", table, "--register", "alerts", "--kind", "alert", "--data", Data, "--json");
        Assert.True(import.ExitCode == 0, import.Error);
    }

    private static async Task<long> SearchAsync(ServedInstallation served, LoopbackSite german, LoopbackSite danish)
    {
        long search = await OnceAsync(served, "/api/v1/searches", x => (string?)x["name"] == "lamps", () => served.AskAsync(HttpMethod.Post, "/api/v1/searches", new { name = "lamps", shopUrls = new[] { german.Url("/"), danish.Url("/") } }));
        await FinishedAsync(served, search, 1);
        return search;
    }

    private static Task FinishedAsync(ServedInstallation served, long search, int runs) => served.UntilAsync(
        $"/api/v1/runs?search={search}", x => Items(x).Count(r => (string?)r["state"] == nameof(RunState.Finished)) >= runs && Items(x).All(r => (string?)r["state"] == nameof(RunState.Finished)), "The run's end");

    /// <summary>The alert's offer of each shop, confirmed, the German one first.</summary>
    private static async Task<long[]> ConfirmAsync(ServedInstallation served, LoopbackSite german, LoopbackSite danish)
    {
        var hits = new List<long>();
        JsonNode found = await served.GetAsync("/api/v1/hits?verdict=Match&limit=100");
        Assert.Equal(2, Items(found).Count());
        foreach (LoopbackSite shop in (LoopbackSite[])[german, danish])
        {
            JsonNode hit = Items(found).Single(x => (string?)x["listingUrl"] == shop.Url("/p/0"));
            long id = (long)hit["id"]!;
            await served.AskAsync(HttpMethod.Post, $"/api/v1/hits/{id}/decision", new { decision = "Confirm", note = "The alert's lamp." }, HttpStatusCode.Conflict);
            hits.Add(id);
        }
        return [.. hits];
    }

    private static Task<long> OpenAsync(ServedInstallation served, long[] hits) => OnceAsync(
        served, "/api/v1/cases", _ => true, () => served.AskAsync(HttpMethod.Post, "/api/v1/cases", new { hitIds = hits, title = "Night lamps", market = "DE" }, HttpStatusCode.Conflict));

    private static async Task EvidenceAsync(ServedInstallation served, long opened, TimestampServer authority)
    {
        (HttpStatusCode status, byte[] bundle) = await served.SendAsync(HttpMethod.Post, $"/api/v1/cases/{opened}/evidence", null);
        Assert.True(status == HttpStatusCode.OK, $"{status} {Encoding.UTF8.GetString(bundle, 0, Math.Min(500, bundle.Length))}");
        await using TouchstoneDb db = served.Open();
        var vouching = new System.Security.Cryptography.X509Certificates.X509Certificate2Collection();
        vouching.ImportFromPemFile(authority.CertificateFile);
        EvidenceVerification verified = await EvidenceCheck.RunAsync(new MemoryStream(bundle), db, vouching, Stop);
        Assert.True(verified is { Whole: true, Recorded: true, StampTrusted: true }, verified.Problem);
    }

    /// <summary>The order to the German shop; gives the path of its reply link.</summary>
    private async Task<string> OrderAsync(ServedInstallation served, MailServer mail, long opened, long hit)
    {
        await served.AskAsync(HttpMethod.Put, "/api/v1/operator", new
        {
            name = "Market Safety Authority", address = "Harbour 1, 2100 Copenhagen", contactName = "Anna Holm", contactEmail = "desk@authority.example", phone = (string?)null, legalBasis = "Regulation (EU) 2023/988, article 22", redress = "A complaint to the court of the seat.",
            territory = "The European Union", language = "en", role = "Authority", publicUrl = served.Address.ToString().TrimEnd('/'),
        });
        long notice = await OnceAsync(served, $"/api/v1/cases/{opened}/notices", _ => true, () => served.AskAsync(HttpMethod.Post, $"/api/v1/cases/{opened}/notices", new { kind = "AuthorityOrder", language = "de", hitIds = new[] { hit } }));
        await served.AskAsync(HttpMethod.Put, $"/api/v1/notices/{notice}", new
        {
            language = "de", way = "Email", recipient = ShopMail, recipientName = "Lamp House", reasons = "The lamp of alert SR/00017/26 is sold there: its plug gives an electric shock.", legalBasis = "Regulation (EU) 2023/988, article 22",
            redress = "A complaint to the court of the seat.", territory = "The European Union", measure = "Remove the offer.", goodFaith = true, respondBy = DateTime.UtcNow.AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), hitIds = new[] { hit },
        });
        // Sent once: a second sending is refused, also where the first one's answer was lost.
        await served.AskAsync(HttpMethod.Post, $"/api/v1/notices/{notice}/send", null, HttpStatusCode.Conflict);
        await served.UntilAsync($"/api/v1/notices/{notice}", x => (string?)x["receipt"]?["state"] == nameof(OutboxState.Delivered), "The order's receipt");
        ReceivedMail order;
        do mails.Add(order = await mail.ReceiveAsync(Stop));
        while (!order.To.Contains(ShopMail));
        Assert.Contains("application/pdf", order.Raw, StringComparison.OrdinalIgnoreCase);
        using var raw = new MemoryStream(Encoding.Latin1.GetBytes(order.Raw));
        using MimeMessage message = await MimeMessage.LoadAsync(raw, Stop);
        string text = message.TextBody ?? "";
        return ReplyLink().Match(text) is { Success: true } found ? found.Value : throw new InvalidOperationException($"The order names no reply link: {text}");
    }

    private static async Task ReplyAsync(ServedInstallation served, string link)
    {
        (HttpStatusCode seen, byte[] page) = await served.SendAsync(HttpMethod.Get, link, null);
        Assert.True(seen == HttpStatusCode.OK && Encoding.UTF8.GetString(page).Contains("<form", StringComparison.Ordinal), $"{seen}");
        (HttpStatusCode taken, _) = await served.SendAsync(HttpMethod.Post, link, () => new MultipartFormDataContent { { new StringContent("Removed"), "kind" }, { new StringContent("We took the lamp down today."), "text" }, { new StringContent(ShopMail), "email" } });
        Assert.Equal(HttpStatusCode.Found, taken);
    }

    private static async Task OutcomeAsync(ServedInstallation served, long opened)
    {
        JsonNode notices = await served.UntilAsync($"/api/v1/cases/{opened}/notices", x => Items(x).Any(n => (string?)n["outcome"] == "Removed"), "That the offer is gone");
        Assert.Single(Items(notices));
        JsonNode watches = await served.UntilAsync($"/api/v1/watches?caseId={opened}&standing=true", x => Items(x).Any(), "The watch");
        Assert.Single(Items(watches));
    }

    private static async Task CloseAsync(ServedInstallation served, long opened)
    {
        if ((string?)(await served.GetAsync($"/api/v1/cases/{opened}"))["state"] != nameof(CaseState.Closed))
            await served.AskAsync(HttpMethod.Post, $"/api/v1/cases/{opened}/close", new { outcome = "OffersRemoved", reason = "The shop took it down." }, HttpStatusCode.Conflict);
        Assert.Equal(nameof(CaseState.Closed), (string?)(await served.GetAsync($"/api/v1/cases/{opened}"))["state"]);
    }

    private static async Task ReturnAsync(ServedInstallation served, long search, long opened, string url)
    {
        await served.AskAsync(HttpMethod.Post, $"/api/v1/searches/{search}/runs", null, HttpStatusCode.Conflict);
        await FinishedAsync(served, search, 2);
        JsonNode returns = await served.UntilAsync($"/api/v1/returns?caseId={opened}", x => Items(x).Any(), "The return");
        JsonNode came = Assert.Single(Items(returns));
        long hit = (long)came["hitId"]!;
        string? at = (string?)(await served.GetAsync($"/api/v1/hits/{hit}"))["hit"]!["listingUrl"];
        Assert.True(at == url, $"{at} is told as the return instead of {url}: {came.ToJsonString()} (seed {Seed})");
        JsonNode told = await served.GetAsync($"/api/v1/cases/{opened}");
        Assert.Equal(nameof(CaseState.Closed), (string?)told["state"]);
        Assert.Contains(told["events"]!.AsArray(), x => ((string?)x!["text"])?.Contains("returned", StringComparison.OrdinalIgnoreCase) == true || ((string?)x["kind"])?.Contains("Return", StringComparison.Ordinal) == true);
    }

    /// <summary>Nothing acknowledged is lost, and nothing was fetched or sent more often than once and once more for each time that the program was killed over it.</summary>
    private async Task CheckAsync(ServedInstallation served, MailServer mail, LoopbackSite german, LoopbackSite danish, bool killed)
    {
        await using TouchstoneDb db = served.Open();
        Assert.True((await AuditLog.VerifyAsync(db, Stop)).Whole);
        Assert.Equal(1, await db.Cases.CountAsync(Stop));
        Assert.Equal(3, await db.Hits.CountAsync(h => h.Verdict == Verdict.Match, Stop));
        Assert.Equal(await db.Screenings.Select(s => new { s.ObservationId, s.InputHash }).Distinct().CountAsync(Stop), await db.Screenings.CountAsync(Stop));
        Assert.Equal(0, await db.Outbox.CountAsync(x => x.State == OutboxState.Dead, Stop));
        mails.AddRange(await mail.StopAsync());
        int orders = mails.Count(x => x.To.Contains(ShopMail));
        Assert.InRange(orders, 1, killed ? 2 : 1);
        // In two runs; and what was removed also for the evidence and to see that it is gone.
        var asked = german.Requests.Concat(danish.Requests.Select(x => $"danish {x}")).Where(x => x.Contains("/p/", StringComparison.Ordinal)).CountBy(x => x).ToList();
        Assert.All(asked, x => Assert.True(x.Value <= (x.Key == "/p/0" ? 4 : 2) * (killed ? 2 : 1), $"{x.Key} was asked for {x.Value} times (seed {Seed})."));
        TestContext.Current.TestOutputHelper?.WriteLine($"TOUCHSTONE_KILL_SEED={Seed}: killed {served.Kills} times, {served.Unanswered} requests without an answer, {orders} orders arrived, pages asked for {string.Join(", ", asked.Select(x => $"{x.Key} {x.Value}"))}");
    }

    /// <summary>Does it unless it is there; the first item's id.</summary>
    private static async Task<long> OnceAsync(ServedInstallation served, string list, Func<JsonNode, bool> isIt, Func<Task<JsonNode>> make)
    {
        if (!Items(await served.GetAsync(list)).Any(isIt)) await make();
        return (long)Items(await served.GetAsync(list)).Single(isIt)["id"]!;
    }

    private static IEnumerable<JsonNode> Items(JsonNode answer) => ((answer as JsonArray) ?? answer["items"]!.AsArray()).Select(x => x!);

    private static void Front(LoopbackSite shop, string language, int others, params int[] more)
    {
        string links = string.Concat(Enumerable.Range(0, others + 1).Concat(more).Select(i => $"<li><a href='/p/{i}'>{i}</a></li>"));
        shop.Html("/", $"<html lang='{language}'><head><title>Shop</title></head><body><h1>Shop</h1><ul>{links}</ul></body></html>");
    }

    private static LoopbackSite Offer(LoopbackSite shop, string language, int number, string seller, byte[] picture)
    {
        (string name, string currency, string buy, string sends) = language == "de" ? ($"Nachtlampe {number}", "EUR", "In den Warenkorb", "Versand nach Deutschland") : ($"Natlampe {number}", "DKK", "Læg i kurv", "Levering i Danmark");
        string json = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["@context"] = "https://schema.org", ["@type"] = "Product", ["name"] = name, ["image"] = shop.Url($"/i/{number}.jpg"),
            ["offers"] = new Dictionary<string, object> { ["@type"] = "Offer", ["price"] = "9.95", ["priceCurrency"] = currency, ["availability"] = "https://schema.org/InStock", ["seller"] = new Dictionary<string, object> { ["@type"] = "Organization", ["name"] = seller } },
        });
        shop.Html($"/p/{number}", $"<html lang='{language}'><head><title>{name}</title><script type='application/ld+json'>{json}</script></head><body><h1>{name}</h1><img src='/i/{number}.jpg'><p>9,95 {currency}</p><button>{buy}</button><p>{sends}</p></body></html>");
        return shop.Bytes($"/i/{number}.jpg", picture, "image/jpeg");
    }

    [GeneratedRegex("/r/[A-Za-z0-9_-]{64}")]
    private static partial Regex ReplyLink();
}

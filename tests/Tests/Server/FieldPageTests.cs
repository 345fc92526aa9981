using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server;
using Touchstone.Server.Security;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Server;

/// <summary>The officer's page: in a real browser without a connection and over a dead server, and by HTTP.</summary>
[Collection(ServerSet.Name)]
public sealed partial class FieldPageTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_photo_outlives_a_dead_connection_a_reload_and_a_killed_server_and_is_sent_once()
    {
        await using var station = new Station();
        await station.StartAsync();
        await using Phone phone = await Phone.OpenAsync(station.Address, serviceWorkers: true);
        IPage page = phone.Page;
        await phone.ReadyAsync();
        await page.WaitForFunctionAsync("async () => (await caches.match('/field')) && (await caches.match(document.querySelector('script[src*=field-queue]').src))");

        // What says that it is not to be stored is not: here a file of an older version.
        await page.EvaluateAsync("fetch('/assets/older/base.css')");
        Assert.True(await page.EvaluateAsync<bool>("caches.match('/assets/older/base.css').then(x => !x)"));

        await page.Context.SetOfflineAsync(true);
        await phone.PickAsync("one.png", ImageEncoder.Png(Drawn.Package(7)));
        await page.FillAsync("#place", "Gate 4");
        await page.ClickAsync("#send");
        await page.Locator("#state", new() { HasText = "There is no connection" }).WaitForAsync();
        await station.StopAsync();
        await page.Context.SetOfflineAsync(false);
        await page.ReloadAsync();
        await phone.ReadyAsync();
        Assert.Equal(1, await page.Locator("#things li[data-state=waiting]").CountAsync());

        await station.StartAsync();
        await page.EvaluateAsync("fieldQueue.work()");
        await page.Locator("#things li[data-state=sent]").WaitForAsync();
        await using (TouchstoneDb db = await station.OpenAsync())
        {
            CaptureRow capture = await db.Captures.SingleAsync(Stop);
            Assert.Equal(("Gate 4", "demo"), (capture.Place, capture.TakenBy));
        }

        // The same photo is known by its content; two taps send one thing.
        await phone.PickAsync("again.png", ImageEncoder.Png(Drawn.Package(7)));
        await page.Locator("#said", new() { HasText = "was sent before" }).WaitForAsync();
        await phone.PickAsync("two.png", ImageEncoder.Png(Drawn.Package(8)));
        await page.Locator("#photos li").WaitForAsync();
        await page.DblClickAsync("#send");
        await TestBrowser.ArriveAsync(page, static x => Regex.IsMatch(x, "/field/[0-9]+$"));
        await using TouchstoneDb after = await station.OpenAsync();
        Assert.Equal(2, await after.Captures.CountAsync(Stop));
    }

    [Fact]
    public async Task Two_windows_without_a_connection_show_and_send_the_same_thing()
    {
        await using Phone phone = await Phone.OpenAsync(server.Address, serviceWorkers: false, server.KeyOf(AccountRole.Caseworker));
        IPage page = phone.Page, other = await page.Context.NewPageAsync();
        await other.GotoAsync($"{server.Address}field");
        await phone.ReadyAsync();
        await other.Locator("[data-field=ready]").WaitForAsync();
        await page.Context.SetOfflineAsync(true);
        await phone.PickAsync("front.png", ImageEncoder.Png(Drawn.Package(19)));
        await other.Locator("#photos li").WaitForAsync();
        await other.SetInputFilesAsync("#picker", new FilePayload { Name = "back.png", MimeType = "image/png", Buffer = ImageEncoder.Png(Drawn.Package(13)) });
        await page.Locator("#photos li").Nth(1).WaitForAsync();
        await page.ClickAsync("#send");
        await other.Locator("#things li[data-state=waiting]").WaitForAsync();
        Assert.Equal(0, await other.Locator("#photos li").CountAsync());
        await page.Context.SetOfflineAsync(false);
        await TestBrowser.ArriveAsync(page, static x => Regex.IsMatch(x, "/field/[0-9]+$"));
        Assert.Equal(2, await page.Locator(".result-head img").CountAsync());
        await other.Locator("#things li[data-state=sent]").WaitForAsync();
    }

    [Fact]
    public async Task A_photo_is_never_sent_as_somebody_elses_who_signed_in_meanwhile()
    {
        await using Phone phone = await Phone.OpenAsync(server.Address, serviceWorkers: false, server.KeyOf(AccountRole.Caseworker));
        IPage page = phone.Page;
        await phone.ReadyAsync();
        await page.FillAsync("#note", "parcel 7");
        await page.ReloadAsync();
        await phone.ReadyAsync();
        Assert.Equal("parcel 7", await page.InputValueAsync("#note"));
        await phone.PickAsync("front.png", ImageEncoder.Png(Drawn.Package(23)));
        await page.Locator("#photos li").WaitForAsync();
        await page.Context.SetExtraHTTPHeadersAsync(new Dictionary<string, string> { ["Authorization"] = $"Bearer {server.KeyOf(AccountRole.Administrator)}" });
        await page.ClickAsync("#send");
        await page.Locator("#state", new() { HasText = "Somebody else is signed in by now." }).WaitForAsync();
        await page.Locator("#things li[data-state=waiting]").WaitForAsync();
        await page.Context.SetExtraHTTPHeadersAsync(new Dictionary<string, string> { ["Authorization"] = $"Bearer {server.KeyOf(AccountRole.Caseworker)}" });
        await page.EvaluateAsync("dispatchEvent(new Event('online'))");
        await page.Locator("#state").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await TestBrowser.ArriveAsync(page, static x => Regex.IsMatch(x, "/field/[0-9]+$"));
        await using TouchstoneDb db = await server.OpenAsync();
        Assert.Equal("key:test-Caseworker", (await db.Captures.OrderByDescending(x => x.Id).FirstAsync(x => x.Note == "parcel 7", Stop)).TakenBy);
    }

    [Fact]
    public async Task What_is_no_picture_is_refused_when_it_is_chosen_and_times_are_of_24_hours()
    {
        await using Phone phone = await Phone.OpenAsync(server.Address, serviceWorkers: false, server.KeyOf(AccountRole.Caseworker));
        IPage page = phone.Page;
        await phone.ReadyAsync();
        await phone.PickAsync("letter.png", "Dear all,\nthis is no picture."u8.ToArray());
        await page.Locator("#said", new() { HasText = "“letter.png” is no picture that can be compared. Pictures are read as JPEG" }).WaitForAsync();
        Assert.Equal(0, await page.Locator("#photos li").CountAsync());
        await page.Clock.SetFixedTimeAsync(new DateTime(2026, 5, 4, 15, 7, 0, DateTimeKind.Local));
        await page.Context.SetOfflineAsync(true);
        await phone.PickAsync("one.png", ImageEncoder.Png(Drawn.Package(17)));
        await page.Locator("#photos li").WaitForAsync();
        await page.ClickAsync("#send");
        await page.Locator("#things li small", new() { HasTextRegex = new Regex("^15:07$") }).WaitForAsync();
    }

    [Fact]
    public async Task A_phone_without_room_says_so_in_words_and_shows_no_photo_that_it_did_not_keep()
    {
        await using Phone phone = await Phone.OpenAsync(server.Address, serviceWorkers: false, server.KeyOf(AccountRole.Caseworker));
        IPage page = phone.Page;
        await phone.ReadyAsync();
        await page.EvaluateAsync("() => { const put = IDBObjectStore.prototype.put; window.roomy = () => false; IDBObjectStore.prototype.put = function (...x) { if (!window.roomy(x[0])) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError'); return put.apply(this, x); }; }");
        await phone.PickAsync("one.png", ImageEncoder.Png(Drawn.Package(29)));
        await page.Locator("#said", new() { HasText = "This phone has no room left for photos" }).WaitForAsync();
        Assert.DoesNotContain("quota", await page.InnerTextAsync("#said"), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("#photos li").CountAsync());
        await page.EvaluateAsync("void (window.roomy = () => true)");
        await phone.PickAsync("one.png", ImageEncoder.Png(Drawn.Package(29)));
        await page.Locator("#photos li").WaitForAsync();
        await page.EvaluateAsync("void (window.roomy = () => false)");
        await page.ClickAsync("#send");
        await page.Locator("#said", new() { HasText = "This phone has no room left: the photos above are kept and not sent yet." }).WaitForAsync();
        Assert.Equal(1, await page.Locator("#photos li").CountAsync());
        // The photo is sent, and the answer finds no room: it waits, and is the same capture when it is sent again.
        await page.EvaluateAsync("void (window.roomy = thing => !thing.capture)");
        await page.ClickAsync("#send");
        await page.Locator("#state", new() { HasText = "This phone could not keep the server's answer" }).WaitForAsync();
        await page.Locator("#things li[data-state=waiting]").WaitForAsync();
        await using TouchstoneDb db = await server.OpenAsync();
        int before = await db.Captures.CountAsync(Stop);
        await page.EvaluateAsync("void (window.roomy = () => true)");
        await page.Locator("#state button").ClickAsync();
        await TestBrowser.ArriveAsync(page, static x => Regex.IsMatch(x, "/field/[0-9]+$"));
        Assert.Equal(before, await db.Captures.CountAsync(Stop));
    }

    [Fact]
    public async Task Without_scripts_the_browsers_own_control_names_the_photos_and_what_is_no_picture_is_refused()
    {
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, 390, scripts: false);
        IPage page = browser.Page;
        await page.GotoAsync($"{server.Address}field");
        Assert.True((await page.Locator("#picker").BoundingBoxAsync())!.Height > 20);
        await page.SetInputFilesAsync("#picker", new FilePayload { Name = "letter.jpg", MimeType = "image/jpeg", Buffer = "Dear all,"u8.ToArray() });
        await page.FillAsync("#note", "Parcel 12");
        await page.ClickAsync("#send");
        Assert.Contains("“letter.jpg” is no picture that can be compared.", await page.Locator(".notice.danger").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal("Parcel 12", await page.InputValueAsync("#note"));
        await page.SetInputFilesAsync("#picker", new FilePayload { Name = "lamp.png", MimeType = "image/png", Buffer = [.. Drawn.EditedCopy(Drawn.Package(7)), 9] });
        await page.ClickAsync("#send");
        Assert.Contains("1 photo", await page.Locator("dl.facts").First.InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Matches_and_what_is_only_to_be_checked_are_counted_apart()
    {
        using HttpClient officer = server.Client(AccountRole.Caseworker);
        long id = await CaptureAsync(officer, [.. Drawn.EditedCopy(Drawn.Package(7)), 3], $"review-{Guid.NewGuid():N}", null);
        await using TouchstoneDb db = await server.OpenAsync();
        await db.Matches.Where(x => x.Screening!.CaptureId == id).ExecuteUpdateAsync(x => x.SetProperty(m => m.Verdict, Verdict.Review), Stop);
        string html = await officer.GetStringAsync(new Uri($"/field/{id}", UriKind.Relative), Stop);
        Assert.Contains("<h1>1 reference may match</h1>", html, StringComparison.Ordinal);
        Assert.Contains("to be checked", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_server_is_waited_for_and_photos_of_one_thing_are_compared_together()
    {
        await using Phone phone = await Phone.OpenAsync(server.Address, serviceWorkers: false, server.KeyOf(AccountRole.Caseworker));
        IPage page = phone.Page;
        int refused = 0;
        await page.RouteAsync("**/api/v1/field/captures?*", route => ++refused == 1
            ? route.FulfillAsync(new() { Status = 503, Headers = new Dictionary<string, string> { ["Retry-After"] = "2" }, Body = "{}" })
            : route.ContinueAsync());
        await phone.ReadyAsync();
        await phone.PickAsync("front.png", Drawn.EditedCopy(Drawn.Package(7)));
        await page.Locator("#photos li").WaitForAsync();
        await page.ReloadAsync();
        await phone.ReadyAsync();
        Assert.Equal(1, await page.Locator("#photos li").CountAsync());
        await phone.PickAsync("back.png", ImageEncoder.Png(Drawn.Package(11)));
        await page.Locator("#photos li").Nth(1).WaitForAsync();
        await page.ClickAsync("#send");
        await page.Locator("#state", new() { HasText = "busy" }).WaitForAsync();
        await TestBrowser.ArriveAsync(page, static x => Regex.IsMatch(x, "/field/[0-9]+$"));
        Assert.Equal(2, await page.Locator(".result-head img").CountAsync());
        Assert.Contains("stop its release", await page.Locator(".match-todo").First.InnerTextAsync(), StringComparison.Ordinal);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The page is wider than the phone.");
    }

    [Fact]
    public async Task The_result_says_what_to_do_shows_the_message_before_it_is_sent_and_how_far_it_came()
    {
        using HttpClient officer = server.Client(AccountRole.Caseworker);
        long id = await CaptureAsync(officer, Drawn.EditedCopy(Drawn.Package(7)), $"message-{Guid.NewGuid():N}", null);
        string html = WebUtility.HtmlDecode(await officer.GetStringAsync(new Uri($"/field/{id}", UriKind.Relative), Stop));
        Assert.Contains("Secure the thing", html, StringComparison.Ordinal);
        Assert.Contains("No mail server is set up here", html, StringComparison.Ordinal);
        string preview = WebUtility.HtmlDecode(await officer.GetStringAsync(new Uri($"/field/{id}?message={server.ReferenceId}", UriKind.Relative), Stop));
        Assert.Contains("A picture can only match", preview, StringComparison.Ordinal);
        // What there is nobody to write to about is offered to nobody.
        Assert.DoesNotContain("Input.ReferenceId", await officer.GetStringAsync(new Uri($"/field/{id}?message=4711", UriKind.Relative), Stop), StringComparison.Ordinal);
        Assert.Empty(await MessagesAsync(officer, id));

        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = "notify", ["__RequestVerificationToken"] = Token().Match(preview).Groups[1].Value, ["Input.ReferenceId"] = $"{server.ReferenceId}", ["Input.Note"] = "Parcel 12" });
        using HttpResponseMessage sent = await officer.PostAsync(new Uri($"/field/{id}", UriKind.Relative), form, Stop);
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        JsonElement message = Assert.Single(await MessagesAsync(officer, id));
        Assert.Equal("Pending", message.GetProperty("state").GetString());
        string after = WebUtility.HtmlDecode(await officer.GetStringAsync(new Uri($"/field/{id}", UriKind.Relative), Stop));
        Assert.Contains($"The message to {ServerFixture.OwnerMail} waits: no mail server is set up here.", after, StringComparison.Ordinal);
        Assert.DoesNotContain("on its way", after, StringComparison.Ordinal);
        await using TouchstoneDb db = await server.OpenAsync();
        OutboxRow row = await db.Outbox.SingleAsync(x => x.Id == message.GetProperty("messageId").GetInt64(), Stop);
        Assert.Contains("Parcel 12", row.Body, StringComparison.Ordinal);
        await db.Outbox.Where(x => x.Id == row.Id).ExecuteUpdateAsync(x => x.SetProperty(m => m.State, OutboxState.Delivered).SetProperty(m => m.DeliveredAt, TimeProvider.System.GetUtcNow()), Stop);
        Assert.Contains("The mail server took the message", await officer.GetStringAsync(new Uri($"/field/{id}", UriKind.Relative), Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_scripts_the_form_sends_the_photos_itself_and_each_thing_gives_one_hit()
    {
        using HttpClient officer = server.Client(AccountRole.Caseworker);
        using HttpResponseMessage read = await officer.GetAsync(new Uri("/field", UriKind.Relative), Stop);
        Assert.False(read.Headers.CacheControl!.NoStore, "The page's own worker keeps it, so the page must say that it may be kept.");
        string page = await read.Content.ReadAsStringAsync(Stop);
        byte[] photo = [.. Drawn.EditedCopy(Drawn.Package(7)), 7];
        long first = await SendAsync(photo, [.. photo, 0]);
        Assert.Equal(first, await SendAsync(photo));
        await using TouchstoneDb db = await server.OpenAsync();
        Assert.Equal(2, await db.Captures.CountAsync(x => x.Id == first || x.ThingId == first, Stop));
        // The photos of one form are one question, asked once.
        Assert.Equal(1, await db.Screenings.CountAsync(x => x.CaptureId == first, Stop));
        Assert.Equal(1, await db.Hits.CountAsync(x => x.CaptureId == first && x.ReferenceId == server.ReferenceId, Stop));

        async Task<long> SendAsync(params byte[][] photos)
        {
            using var form = new MultipartFormDataContent { { new StringContent("take"), "_handler" }, { new StringContent(Token().Match(page).Groups[1].Value), "__RequestVerificationToken" }, { new StringContent("Gate 9"), "place" } };
            foreach (byte[] bytes in photos) form.Add(new ByteArrayContent(bytes) { Headers = { { "Content-Type", "image/png" } } }, "photos", "photo.png");
            using HttpResponseMessage sent = await officer.PostAsync(new Uri("/field", UriKind.Relative), form, Stop);
            Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
            return long.Parse(sent.Headers.Location!.OriginalString.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task A_further_photo_waits_for_the_first_of_its_thing()
    {
        using HttpClient officer = server.Client(AccountRole.Caseworker);
        string thing = $"thing-{Guid.NewGuid():N}";
        using HttpResponseMessage early = await PostAsync(officer, [1, 2, 3], $"{thing}-2", thing);
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        long first = await CaptureAsync(officer, ImageEncoder.Png(Drawn.Package(31)), thing, thing);
        Assert.Equal(first, await CaptureAsync(officer, ImageEncoder.Png(Drawn.Package(32)), $"{thing}-2", thing));
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient officer, byte[] photo, string key, string? thing)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/field/captures?place=Gate+4{(thing is null ? "" : $"&thing={thing}")}") { Content = new ByteArrayContent(photo) { Headers = { { "Content-Type", "image/png" } } } };
        request.Headers.Add("Idempotency-Key", key);
        return officer.SendAsync(request, Stop);
    }

    private static async Task<long> CaptureAsync(HttpClient officer, byte[] photo, string key, string? thing)
    {
        using HttpResponseMessage response = await PostAsync(officer, photo, key, thing);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetInt64();
    }

    private static async Task<JsonElement[]> MessagesAsync(HttpClient officer, long capture) =>
        [.. (await officer.GetFromJsonAsync<JsonElement>($"/api/v1/field/captures/{capture}/notifications", Stop)).EnumerateArray()];

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();

    /// <summary>A server of its own that is stopped and started again on the same port, over the same folder.</summary>
    private sealed class Station : IAsyncDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("touchstone-field-").FullName;
        private WebApplication? app;

        public Uri Address { get; } = new($"http://127.0.0.1:{FreePort()}/");

        public async Task StartAsync()
        {
            app = TouchstoneServer.Build(new ServerOptions { Storage = new StorageOptions { DataFolder = folder }, Urls = [Address.AbsoluteUri], DemoSignIn = true });
            await TouchstoneServer.PrepareAsync(app);
            await app.StartAsync();
        }

        public async Task StopAsync()
        {
            if (app is not null) await app.DisposeAsync();
            app = null;
        }

        public Task<TouchstoneDb> OpenAsync() => app!.Services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync();

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            Directory.Delete(folder, recursive: true);
        }

        private static int FreePort()
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return ((IPEndPoint)socket.LocalEndPoint!).Port;
        }
    }

    /// <summary>A phone's browser at the field page.</summary>
    private sealed class Phone(TestBrowser browser) : IAsyncDisposable
    {
        public IPage Page => browser.Page;

        public static async Task<Phone> OpenAsync(Uri address, bool serviceWorkers, string? key = null)
        {
            TestBrowser browser = await TestBrowser.OpenAsync(new()
            {
                ViewportSize = new() { Width = 390, Height = 844 },
                ServiceWorkers = serviceWorkers ? ServiceWorkerPolicy.Allow : ServiceWorkerPolicy.Block,
                ExtraHTTPHeaders = key is null ? null : new Dictionary<string, string> { ["Authorization"] = $"Bearer {key}" },
            });
            await browser.Page.GotoAsync($"{address}field");
            return new Phone(browser);
        }

        public Task ReadyAsync() => Page.Locator("[data-field=ready]").WaitForAsync();

        public Task PickAsync(string name, byte[] photo) => Page.SetInputFilesAsync("#picker", new FilePayload { Name = name, MimeType = "image/png", Buffer = photo });

        public ValueTask DisposeAsync() => browser.DisposeAsync();
    }
}

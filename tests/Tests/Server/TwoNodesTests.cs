using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server;
using Touchstone.Server.Security;
using Touchstone.Tests.Cli;
using Touchstone.Tests.Crawling;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Server;

/// <summary>Two real nodes on one PostgreSQL and one S3-compatible storage; each has nothing else in common with the other.</summary>
public sealed class TwoNodesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("touchstone-nodes-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_taken_in_is_matched_by_both_and_lost_by_neither_when_it_is_killed()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using ObjectStore objects = await ObjectStore.StartAsync();
        string[] shared = ["--postgresql", database.Storage.ConnectionString!, "--blobs", objects.Url];
        using Node first = await Node.StartAsync(Path.Combine(_folder, "first"), shared);
        using Node second = await Node.StartAsync(Path.Combine(_folder, "second"), shared);
        string key = await KeyAsync(database.Storage);

        await ImportAsync("A-1", Drawn.Package(3), shared);
        Assert.Equal("A-1", await second.MatchAsync(key, Drawn.EditedCopy(Drawn.Package(3))));
        Assert.Equal("A-1", await first.MatchAsync(key, Drawn.EditedCopy(Drawn.Package(3))));

        first.Kill();
        await ImportAsync("A-2", Drawn.Package(5), shared);
        Assert.Equal("A-2", await second.MatchAsync(key, Drawn.EditedCopy(Drawn.Package(5))));
        second.Kill();
        using Node again = await Node.StartAsync(Path.Combine(_folder, "first"), shared);
        Assert.Equal("A-2", await again.MatchAsync(key, Drawn.EditedCopy(Drawn.Package(5))));
        Assert.Equal("A-1", await again.MatchAsync(key, Drawn.EditedCopy(Drawn.Package(3))));

        await using TouchstoneDb db = database.CreateDbContext();
        Assert.Equal(["A-1", "A-2"], await db.References.OrderBy(r => r.ExternalId).Select(r => r.ExternalId).ToListAsync(Token));
        Assert.False(Directory.Exists(Path.Combine(_folder, "first", "blobs")));
    }

    [Fact]
    public async Task A_cookie_of_one_is_read_by_the_other()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        string[] shared = ["--postgresql", database.Storage.ConnectionString!];
        using Node first = await Node.StartAsync(Path.Combine(_folder, "first"), shared);
        using Node second = await Node.StartAsync(Path.Combine(_folder, "second"), shared);
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, CheckCertificateRevocationList = true };
        using var client = new HttpClient(handler);
        string page = await client.GetStringAsync(new Uri(first.Address, "/sign-in"), Token);
        Dictionary<string, string> form = HiddenFields(page);
        form["Input.UserName"] = first.Administrator!.Value.GetProperty("userName").GetString()!;
        form["Input.Password"] = first.Administrator.Value.GetProperty("password").GetString()!;
        using HttpResponseMessage signedIn = await client.PostAsync(new Uri(first.Address, "/sign-in"), new FormUrlEncodedContent(form), Token);
        Assert.Contains(handler.CookieContainer.GetCookies(first.Address), c => c.Name == "touchstone-session");
        // Ports do not count for cookies: the container offers it to the other node as well.
        using HttpResponseMessage seen = await client.GetAsync(new Uri(second.Address, "/api/v1/system"), Token);
        Assert.True(seen.IsSuccessStatusCode, $"{seen.StatusCode}");
    }

    [Fact]
    public async Task A_run_whose_node_is_killed_goes_on_at_the_other_and_pages_are_shared_at_the_hosts_pace()
    {
        const int products = 8;
        TimeSpan pace = TimeSpan.FromSeconds(.4);
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using ObjectStore objects = await ObjectStore.StartAsync();
        await using LoopbackSite shop = await LoopbackSite.StartAsync();
        var asked = new ConcurrentQueue<(string Path, long At)>();
        Serve(shop, asked, "/robots.txt", "User-agent: *\nAllow: /\n", "text/plain");
        Serve(shop, asked, "/", CrawlHarness.List([.. Enumerable.Range(0, products).Select(i => $"/p/{i}")]), "text/html; charset=utf-8");
        for (int i = 0; i < products; i++) Serve(shop, asked, $"/p/{i}", CrawlHarness.Product($"Package {i}"), "text/html; charset=utf-8");
        string[] shared = ["--postgresql", database.Storage.ConnectionString!, "--blobs", objects.Url, "--allow-host", "127.0.0.1"];
        (string, string) setting = ("Politeness__MinInterval", $"{pace}");
        using Node first = await Node.StartAsync(Path.Combine(_folder, "first"), shared, setting);
        using Node second = await Node.StartAsync(Path.Combine(_folder, "second"), shared, setting);

        // Two runs of one shop at once, wherever they are taken.
        long[] runs = [await QueueAsync(database, shop), await QueueAsync(database, shop)];
        await Eventually.IsSoAsync(() => Task.FromResult(asked.Count(a => a.Path.StartsWith("/p/", StringComparison.Ordinal)) >= 3), "three products were asked for");
        await using TouchstoneDb db = database.CreateDbContext();
        string holder = (await db.SearchRuns.Where(r => r.Id == runs[0]).Select(r => r.LeaseOwner).SingleAsync(Token))!;
        Node killed = holder.Contains($"/{first.ProcessId}/", StringComparison.Ordinal) ? first : second;
        Assert.Contains($"/{killed.ProcessId}/", holder, StringComparison.Ordinal);
        killed.Kill();
        // Time passes: what the killed node held is free.
        DateTimeOffset? past = DateTimeOffset.UnixEpoch;
        await db.SearchRuns.Where(r => r.LeaseUntil != null && r.LeaseOwner!.Contains($"/{killed.ProcessId}/")).ExecuteUpdateAsync(s => s.SetProperty(r => r.LeaseUntil, past), Token);
        await db.Frontier.Where(f => f.LeaseUntil != null && f.LeaseOwner!.Contains($"/{killed.ProcessId}/")).ExecuteUpdateAsync(s => s.SetProperty(f => f.LeaseUntil, past), Token);
        await db.HostLeases.Where(h => h.LeaseOwner!.Contains($"/{killed.ProcessId}/")).ExecuteUpdateAsync(s => s.SetProperty(h => h.LeaseUntil, past), Token);
        await Eventually.IsSoAsync(async () => await db.SearchRuns.CountAsync(r => runs.Contains(r.Id) && r.State == RunState.Finished, Token) == 2, "both runs ended");

        foreach (SearchRunRow run in await db.SearchRuns.AsNoTracking().Where(r => runs.Contains(r.Id)).ToListAsync(Token))
            Assert.Equal((products + 1, products, 0), (run.Pages, run.Listings, run.Failed));
        Assert.Equal(products, await db.Listings.CountAsync(Token));
        Assert.Equal(products, await db.Observations.CountAsync(Token));
        // Each page once for both runs; one that was on its way when its node was killed is asked for once more.
        string[] pages = [.. asked.Select(a => a.Path).Where(p => p != "/robots.txt")];
        Assert.All(pages.CountBy(p => p), page => Assert.InRange(page.Value, 1, 2));
        Assert.InRange(pages.Length, products + 1, products + 3);
        long[] at = [.. asked.Where(a => a.Path != "/robots.txt").Select(a => a.At).Order()];
        for (int i = 1; i < at.Length; i++) Assert.True(Stopwatch.GetElapsedTime(at[i - 1], at[i]) > pace * .8, $"Two requests came within {Stopwatch.GetElapsedTime(at[i - 1], at[i])}.");
    }

    [Fact]
    public async Task A_run_that_is_paused_and_resumed_is_read_by_one_worker_also_where_its_node_is_killed_while_it_is_held()
    {
        const int products = 12;
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using ObjectStore objects = await ObjectStore.StartAsync();
        await using LoopbackSite shop = await LoopbackSite.StartAsync();
        var asked = new ConcurrentQueue<(string Path, long At)>();
        Serve(shop, asked, "/robots.txt", "User-agent: *\nAllow: /\n", "text/plain");
        Serve(shop, asked, "/", CrawlHarness.List([.. Enumerable.Range(0, products).Select(i => $"/p/{i}")]), "text/html; charset=utf-8");
        for (int i = 0; i < products; i++) Serve(shop, asked, $"/p/{i}", CrawlHarness.Product($"Package {i}"), "text/html; charset=utf-8");
        string[] shared = ["--postgresql", database.Storage.ConnectionString!, "--blobs", objects.Url, "--allow-host", "127.0.0.1"];
        (string, string) setting = ("Politeness__MinInterval", "00:00:00.8");
        using Node first = await Node.StartAsync(Path.Combine(_folder, "first"), shared, setting);
        using Node second = await Node.StartAsync(Path.Combine(_folder, "second"), shared, setting);
        int Products() => asked.Count(a => a.Path.StartsWith("/p/", StringComparison.Ordinal));
        long run = await QueueAsync(database, shop);
        await using TouchstoneDb db = database.CreateDbContext();
        var by = new VerbContext(db, "anna", TimeProvider.System);
        long search = await db.SearchRuns.Where(r => r.Id == run).Select(r => r.SearchId).SingleAsync(Token);
        async Task<string> HolderAsync()
        {
            await Eventually.IsSoAsync(() => db.SearchRuns.AnyAsync(r => r.Id == run && r.LeaseUntil != null, Token), "somebody holds the run");
            return (await db.SearchRuns.Where(r => r.Id == run).Select(r => r.LeaseOwner).SingleAsync(Token))!;
        }

        // It goes on at once: whoever held it has not heard of the pause yet, and may be given nothing of what the next one reads.
        await Eventually.IsSoAsync(() => Task.FromResult(Products() >= 2), "two products were asked for");
        string early, late;
        int done, tries = 0;
        do
        {
            Assert.True(tries++ < 5, "The worker that held the run heard of each pause and took the run again itself.");
            early = await HolderAsync();
            Assert.True((await new PauseSearch(search, null).RunAsync(by, Token)).Done);
            Assert.True((await new ResumeSearch(search, null).RunAsync(by, Token)).Done);
            db.ChangeTracker.Clear();
            done = await db.Frontier.CountAsync(f => f.RunId == run && f.LeaseOwner == early && f.State == FrontierState.Done, Token);
            late = await HolderAsync();
        }
        while (early == late);
        // Time passes: the host is free, should the first node still have it.
        DateTimeOffset? past = DateTimeOffset.UnixEpoch;
        await db.HostLeases.ExecuteUpdateAsync(s => s.SetProperty(h => h.LeaseUntil, past), Token);
        int before = Products();
        await Eventually.IsSoAsync(() => Task.FromResult(Products() >= before + 3), "three more were asked for");
        Assert.Equal(done, await db.Frontier.CountAsync(f => f.RunId == run && f.LeaseOwner == early && f.State == FrontierState.Done, Token));
        Assert.False(await db.Frontier.AnyAsync(f => f.RunId == run && f.LeaseOwner == early && f.State == FrontierState.Leased, Token));

        db.ChangeTracker.Clear();
        Assert.True((await new PauseSearch(search, null).RunAsync(by, Token)).Done);
        Node killed = late.Contains($"/{first.ProcessId}/", StringComparison.Ordinal) ? first : second;
        killed.Kill();
        await db.HostLeases.ExecuteUpdateAsync(s => s.SetProperty(h => h.LeaseUntil, past), Token);
        Assert.True((await new ResumeSearch(search, null).RunAsync(by, Token)).Done);
        await Eventually.IsSoAsync(() => db.SearchRuns.AnyAsync(r => r.Id == run && r.State == RunState.Finished, Token), "the run ended");
        SearchRunRow ended = await db.SearchRuns.AsNoTracking().SingleAsync(r => r.Id == run, Token);
        Assert.Equal((products + 1, products, 0), (ended.Pages, ended.Listings, ended.Failed));
        Assert.False(await db.Frontier.AnyAsync(f => f.RunId == run && f.Losses > 0, Token));
        Assert.All(asked.Select(a => a.Path).Where(p => p != "/robots.txt").CountBy(p => p), page => Assert.InRange(page.Value, 1, 3));
    }

    private static void Serve(LoopbackSite shop, ConcurrentQueue<(string Path, long At)> asked, string path, string text, string type) => shop.On(path, async context =>
    {
        asked.Enqueue((path, Stopwatch.GetTimestamp()));
        context.Response.ContentType = type;
        await context.Response.WriteAsync(text);
    });

    private static async Task<long> QueueAsync(TestDatabase database, LoopbackSite shop)
    {
        await using TouchstoneDb db = database.CreateDbContext();
        return (await CreateSearch.RunAsync(new VerbContext(db, "anna", TimeProvider.System), new CreateSearch.Request(null, [shop.Url("/")], null, null, null), Token)).Value!.Id;
    }

    private static Dictionary<string, string> HiddenFields(string page)
    {
        using var document = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(page);
        return document.QuerySelector("form:has([name='Input.UserName'])")!.QuerySelectorAll("input[type=hidden]").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "", StringComparer.Ordinal);
    }

    private async Task ImportAsync(string id, RgbImage picture, string[] shared)
    {
        string register = Directory.CreateDirectory(Path.Combine(_folder, id)).FullName;
        await File.WriteAllBytesAsync(Path.Combine(register, $"{id}.png"), ImageEncoder.Png(picture), Token);
        await File.WriteAllTextAsync(Path.Combine(register, "table.csv"), $"id,title,brand,gtin,pictures\n{id},Package {id},Glim,,{id}.png\n", Token);
        ProgramRun run = await ProgramRun.OfAsync(["references", "import", Path.Combine(register, "table.csv"), "--register", "nodes", "--kind", "alert", "--data", Path.Combine(_folder, "import"), "--json", .. shared]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(1, run.Json.GetProperty("pictures").GetProperty("stored").GetInt32());
    }

    private static async Task<string> KeyAsync(StorageOptions storage)
    {
        var builder = new DbContextOptionsBuilder<AccountsDb>();
        StorageSetup.Configure(builder, storage);
        return (await new ApiKeys(new Accounts(builder.Options), new AccountAudit(new ServerOptions { Storage = storage }, TimeProvider.System), TimeProvider.System).CreateAsync("test", AccountRole.Administrator, "test", null, Token)).Key;
    }

    private sealed class Accounts(DbContextOptions<AccountsDb> options) : IDbContextFactory<AccountsDb>
    {
        public AccountsDb CreateDbContext() => new(options);
    }

    /// <summary>A process of <c>touchstone serve</c>.</summary>
    private sealed class Node : IDisposable
    {
        private readonly Process _process;
        private readonly HttpClient _client = new();

        private Node(Process process, JsonElement said)
        {
            _process = process;
            Address = new Uri(said.GetProperty("urls")[0].GetString()!);
            Administrator = said.GetProperty("administrator") is { ValueKind: JsonValueKind.Object } made ? made : null;
        }

        public Uri Address { get; }

        public int ProcessId => _process.Id;

        /// <summary>The first administrator, where this node made one.</summary>
        public JsonElement? Administrator { get; }

        public static async Task<Node> StartAsync(string folder, string[] shared, params (string Name, string Value)[] settings)
        {
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "touchstone.dll"), "serve", "--json", "--url", "http://127.0.0.1:0", "--data", folder, .. shared]) { RedirectStandardOutput = true };
            foreach ((string name, string value) in settings) start.Environment[name] = value;
            Process process = Process.Start(start)!;
            string line = await process.StandardOutput.ReadLineAsync(Token) ?? throw new InvalidOperationException("The node ended at once.");
            return new Node(process, JsonDocument.Parse(line).RootElement);
        }

        /// <summary>The external number of the reference that a picture matches; waits for the node to follow.</summary>
        public async Task<string> MatchAsync(string key, byte[] picture)
        {
            for (int attempt = 0; ; attempt++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, "/api/v1/screenings")) { Content = new ByteArrayContent(picture) };
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
                using HttpResponseMessage response = await _client.SendAsync(request, Token);
                JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>(Token);
                if (answer.TryGetProperty("matches", out JsonElement matches) && matches.EnumerateArray().FirstOrDefault(m => m.GetProperty("verdict").GetString() == "Match") is { ValueKind: JsonValueKind.Object } match)
                    return match.GetProperty("externalId").GetString()!;
                if (attempt == 600) return answer.ToString();
                await Task.Delay(500, Token);
            }
        }

        /// <summary>kill -9.</summary>
        public void Kill()
        {
            _process.Kill();
            _process.WaitForExit();
        }

        public void Dispose()
        {
            if (!_process.HasExited) Kill();
            _process.Dispose();
            _client.Dispose();
        }
    }
}

using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Server;
using Touchstone.Server.Security;
using Touchstone.Tests.Cli;
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

    private static Dictionary<string, string> HiddenFields(string page)
    {
        using var document = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(page);
        return document.QuerySelectorAll("input[type=hidden]").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "", StringComparer.Ordinal);
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

        /// <summary>The first administrator, where this node made one.</summary>
        public JsonElement? Administrator { get; }

        public static async Task<Node> StartAsync(string folder, string[] shared)
        {
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "touchstone.dll"), "serve", "--json", "--url", "http://127.0.0.1:0", "--data", folder, .. shared]) { RedirectStandardOutput = true };
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
                if (attempt == 60) return answer.ToString();
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

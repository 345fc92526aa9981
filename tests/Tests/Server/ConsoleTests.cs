using System.Net;
using System.Text.RegularExpressions;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server;
using Touchstone.Server.Security;
using Touchstone.Screening.Storage;

namespace Touchstone.Tests.Server;

[Collection(ServerSet.Name)]
public sealed class ConsoleTests(ServerFixture server)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/hits")]
    [InlineData("/cases")]
    [InlineData("/searches")]
    [InlineData("/searches/new")]
    [InlineData("/references")]
    [InlineData("/system")]
    [InlineData("/system/profile")]
    [InlineData("/system/mail")]
    [InlineData("/system/messages")]
    [InlineData("/system/jobs")]
    [InlineData("/system/mandates")]
    [InlineData("/finding")]
    [InlineData("/finding/words?language=ko")]
    [InlineData("/finding/left-out")]
    [InlineData("/finding/services")]
    [InlineData("/references/import")]
    [InlineData("/references/registers")]
    [InlineData("/audit?verify=1")]
    [InlineData("/accounts")]
    [InlineData("/account")]
    [InlineData("/field")]
    public async Task Each_page_shows_and_holds_to_its_content_policy(string path)
    {
        using HttpClient client = server.Client(AccountRole.Administrator);
        using HttpResponseMessage response = await client.GetAsync(path);
        string html = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, html);
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        // What the policy forbids would be silently dead in a browser.
        Assert.DoesNotMatch(@"<script(?![^>]*\ssrc=)", html);
        Assert.DoesNotMatch(@"\sstyle=""", html);
        Assert.DoesNotMatch(@"\son[a-z]+=""", html);
    }

    [Fact]
    public async Task The_settings_of_the_start_are_in_the_audit_log_and_the_signed_head_is_handed_out()
    {
        using HttpClient client = server.Client(AccountRole.Administrator);
        string settings = await client.GetStringAsync("/api/v1/audit?action=settings.changed");
        Assert.Contains("MinInterval", settings, StringComparison.Ordinal);
        string head = await client.GetStringAsync("/api/v1/audit/head");
        using var content = new StringContent(head, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage checkedHead = await client.PostAsync("/api/v1/audit/verification", content);
        Assert.Contains("\"whole\":true", await checkedHead.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var wrong = new StringContent(head.Replace("\"entries\":", "\"entries\":1", StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage refused = await client.PostAsync("/api/v1/audit/verification", wrong);
        Assert.Contains("\"whole\":false", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("is signed by the key", await client.GetStringAsync("/system"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Web_components_are_loaded_where_one_is_used()
    {
        using HttpClient client = server.Client(AccountRole.Caseworker);
        Assert.Contains("/components.js\" type=\"module\"", await client.GetStringAsync($"/hits/{server.HitIds[0]}?state=any"), StringComparison.Ordinal);
        foreach (string path in (string[])["/", "/hits/wall", "/field", "/sign-in"]) Assert.DoesNotContain("components.js", await client.GetStringAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_address_is_answered_in_the_readers_language_without_a_programs_words()
    {
        using HttpClient client = server.Client(AccountRole.Viewer);
        client.DefaultRequestHeaders.Add("Accept-Language", "de");
        using HttpResponseMessage response = await client.GetAsync("/cases?after=zzz");
        string html = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("<html lang=\"de\"", html, StringComparison.Ordinal);
        Assert.Contains("Die Adresse sagt", html, StringComparison.Ordinal);
        Assert.DoesNotContain("it must be", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_signed_in_and_out_is_a_choice_of_the_audit_page()
    {
        using HttpClient client = server.Client(AccountRole.Administrator);
        using HttpResponseMessage wrong = await SignInAsync(server.Client(null), "nobody-here", "not the password");
        Assert.Contains("/audit?action=sign-ins", await client.GetStringAsync("/system"), StringComparison.Ordinal);
        string html = await client.GetStringAsync("/audit?action=sign-ins");
        Assert.Contains("title=\"account.sign-in-failed\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("title=\"settings.changed\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Foreign_text_is_shown_as_text()
    {
        using HttpClient client = server.Client(AccountRole.Viewer);
        string html = await client.GetStringAsync($"/references/{server.ReferenceId}");
        Assert.Contains("Toy &lt;b&gt;lamp&lt;/b&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Toy <b>lamp</b>", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/hits/999999", "There is no such hit.")]
    [InlineData("/references/999999", "There is no such reference.")]
    [InlineData("/references/imports/999999", "There is no such import.")]
    [InlineData("/cases/999999", "There is no such case.")]
    [InlineData("/notices/999999", "There is no such notice.")]
    [InlineData("/searches/999999", "There is no such search.")]
    [InlineData("/searches/999999/changes", "There is no such search.")]
    [InlineData("/finding/999999", "There is no such finding.")]
    [InlineData("/shops/999999", "There is no such shop.")]
    [InlineData("/sellers/999999", "There is no such seller.")]
    [InlineData("/watches/999999", "There is no such watch.")]
    [InlineData("/nothing", "There is nothing here")]
    public async Task What_is_not_there_is_said_in_the_pages_own_words(string path, string words)
    {
        using HttpClient client = server.Client(AccountRole.Viewer);
        using HttpResponseMessage response = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains(words, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_sees_no_way_to_change()
    {
        using HttpClient client = server.Client(AccountRole.Viewer);
        Assert.DoesNotContain("value=\"Confirm\"", await client.GetStringAsync($"/hits/{server.HitIds[0]}?state=any"), StringComparison.Ordinal);
        using HttpResponseMessage accounts = await client.GetAsync("/accounts");
        Assert.Equal(HttpStatusCode.Forbidden, accounts.StatusCode);
    }

    [Fact]
    public async Task The_first_administrator_signs_in_and_decides_a_hit_with_a_form()
    {
        using HttpClient browser = server.Client(null);
        using HttpResponseMessage wrong = await SignInAsync(browser, server.FirstAdministrator.UserName, "not the password");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using HttpResponseMessage right = await SignInAsync(browser, server.FirstAdministrator.UserName, server.FirstAdministrator.Password);
        Assert.Equal(HttpStatusCode.Redirect, right.StatusCode);

        long hit = await server.AddHitAsync(0.5);
        string page = await browser.GetStringAsync($"/hits/{hit}");
        using HttpResponseMessage decided = await PostAsync(browser, $"/hits/{hit}", page, "decide", new() { ["Input.HitId"] = $"{hit}", ["Input.Seen"] = "New", ["Input.Action"] = "Reject" });
        Assert.Equal(HttpStatusCode.Redirect, decided.StatusCode);
        Assert.Contains("rejected", await browser.GetStringAsync($"/hits/{hit}?state=any"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        using HttpClient client = server.Client(AccountRole.Caseworker);
        using var content = new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = "decide", ["Input.HitId"] = $"{server.HitIds[0]}", ["Input.Action"] = "Confirm" });
        using HttpResponseMessage response = await client.PostAsync($"/hits/{server.HitIds[0]}", content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Thumbnails_are_small_and_pictures_cannot_run()
    {
        using HttpClient client = server.Client(AccountRole.Viewer);
        string sha256 = BlobName.Of(server.Picture);
        using HttpResponseMessage whole = await client.GetAsync($"/images/{sha256}");
        Assert.Equal(server.Picture, await whole.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", whole.Content.Headers.ContentType!.MediaType);
        Assert.Contains("sandbox", whole.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        using HttpResponseMessage small = await client.GetAsync($"/images/{sha256}?w=64");
        Assert.Equal("image/jpeg", small.Content.Headers.ContentType!.MediaType);
        Assert.True((await small.Content.ReadAsByteArrayAsync()).Length < server.Picture.Length);
        Assert.True(small.Headers.CacheControl!.MaxAge > TimeSpan.FromDays(300));
        using HttpResponseMessage huge = await client.GetAsync($"/images/{sha256}?w=99999");
        Assert.Equal(HttpStatusCode.BadRequest, huge.StatusCode);

        // What is missing now may come: no browser keeps that.
        string missing = Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N");
        await using (TouchstoneDb db = await server.OpenAsync())
        {
            db.Images.Add(new ImageRow { Sha256 = missing, Bytes = 4, MediaType = "image/png", Width = 1, Height = 1, StoredAt = TimeProvider.System.GetUtcNow() });
            await db.SaveChangesAsync();
        }
        using HttpResponseMessage absent = await client.GetAsync($"/images/{missing}?w=64");
        Assert.Equal((HttpStatusCode.NotFound, null), (absent.StatusCode, absent.Headers.CacheControl?.MaxAge));
    }

    [Fact]
    public async Task Ready_once_the_index_follows_the_registers()
    {
        using HttpClient client = server.Client(null);
        Assert.Equal("Healthy", await client.GetStringAsync("/health/live"));
        Assert.Contains("\"index\":{\"status\":\"Healthy\"", await client.GetStringAsync("/health/ready"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_error_of_the_options_is_told_at_once()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => TouchstoneServer.Build(new ServerOptions { Storage = new StorageOptions { DataFolder = "" }, Urls = ["nowhere"], Roles = ServerRoles.None }));
        Assert.Contains("DataFolder", error.Message, StringComparison.Ordinal);
        Assert.Contains("'nowhere'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Roles", error.Message, StringComparison.Ordinal);
    }

    internal static async Task<HttpResponseMessage> SignInAsync(HttpClient browser, string name, string password) =>
        await PostAsync(browser, "/sign-in", await browser.GetStringAsync("/sign-in"), "sign-in", new() { ["Input.UserName"] = name, ["Input.Password"] = password });

    private static async Task<HttpResponseMessage> PostAsync(HttpClient browser, string path, string page, string handler, Dictionary<string, string> fields)
    {
        fields["_handler"] = handler;
        fields["__RequestVerificationToken"] = Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        using var content = new FormUrlEncodedContent(fields);
        return await browser.PostAsync(path, content);
    }
}

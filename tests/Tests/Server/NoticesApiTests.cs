using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.BlockLists;
using Touchstone.Screening.Storage;
using Touchstone.Server.Security;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>From a confirmed hit to a reply and an appeal, over HTTP.</summary>
[Collection(ServerSet.Name)]
public sealed class NoticesApiTests(ServerFixture server)
{
    private static readonly byte[] Html = [.. "<script>"u8];

    private const string Public = "https://touchstone.example";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_notice_is_drafted_previewed_sent_answered_by_its_link_and_its_appeal_decided_by_another()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker), administrator = server.Client(AccountRole.Administrator), stranger = server.Client(null);
        await SetOperatorAsync(administrator);
        (long caseId, long hit) = await OpenCaseAsync(worker);
        JsonElement draft = await JsonAsync(await worker.PostAsJsonAsync($"/api/v1/cases/{caseId}/notices", new { kind = "ShopRequest", language = "da" }, Stop), HttpStatusCode.Created);
        long id = draft.GetProperty("id").GetInt64();
        string[] missing = [.. (await worker.GetFromJsonAsync<JsonElement>($"/api/v1/notices/{id}/preview", Stop)).GetProperty("missing").EnumerateArray().Select(x => x.GetString()!)];
        Assert.Contains(missing, x => x.Contains("no recipient", StringComparison.Ordinal));
        using HttpResponseMessage early = await worker.PostAsync(new Uri($"/api/v1/notices/{id}/send", UriKind.Relative), null, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, early.StatusCode);

        object wording = new { language = "da", way = "Email", recipient = "contact@shop.example", recipientName = "Shop", reasons = "Farligt.", legalBasis = (string?)null, redress = (string?)null, territory = "Danmark", measure = "Fjern tilbuddet", goodFaith = false, respondBy = TimeProvider.System.GetUtcNow().AddDays(9).ToString("yyyy-MM-dd") };
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(worker, HttpMethod.Put, $"/api/v1/notices/{id}", wording, "\"7\"")).StatusCode);
        using HttpResponseMessage edited = await SendAsync(worker, HttpMethod.Put, $"/api/v1/notices/{id}", wording, "\"1\"");
        Assert.Equal(HttpStatusCode.OK, edited.StatusCode);
        JsonElement preview = await worker.GetFromJsonAsync<JsonElement>($"/api/v1/notices/{id}/preview", Stop);
        Assert.Empty(preview.GetProperty("missing").EnumerateArray());
        Assert.Contains("Farligt.", preview.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain($"{Public}/r/A", preview.GetProperty("text").GetString(), StringComparison.Ordinal);
        using HttpResponseMessage pdf = await worker.GetAsync(new Uri($"/api/v1/notices/{id}/preview.pdf", UriKind.Relative), Stop);
        Assert.Contains(pdf.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.Conflict]);
        if (pdf.IsSuccessStatusCode) Assert.Contains("Farligt.", PdfText.Of(await pdf.Content.ReadAsByteArrayAsync(Stop)), StringComparison.Ordinal);

        using HttpClient viewer = server.Client(AccountRole.Viewer);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PostAsync(new Uri($"/api/v1/notices/{id}/send", UriKind.Relative), null, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(worker, HttpMethod.Post, $"/api/v1/notices/{id}/send", null, edited.Headers.ETag!.Tag)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await worker.PostAsync(new Uri($"/api/v1/notices/{id}/send", UriKind.Relative), null, Stop)).StatusCode);
        JsonElement sent = await worker.GetFromJsonAsync<JsonElement>($"/api/v1/notices/{id}", Stop);
        // The recipient alone has the secret part of the link.
        Assert.EndsWith($"{Public}/r/…", sent.GetProperty("text").GetString()!.Split('\n').Single(x => x.Contains("/r/", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.GetAsync(new Uri($"/api/v1/notices/{id}/pdf", UriKind.Relative), Stop)).StatusCode);
        await using TouchstoneDb db = await server.OpenAsync();
        string text = (await db.Outbox.SingleAsync(x => x.Key == $"notice/{id}", Stop)).Body;
        string path = new Uri(text[text.IndexOf($"{Public}/r/", StringComparison.Ordinal)..].Split('\r', '\n', ' ')[0]).AbsolutePath;

        await ReplyAsync(stranger, path, caseId, hit);
        JsonElement answered = await worker.GetFromJsonAsync<JsonElement>($"/api/v1/notices/{id}", Stop);
        Assert.Equal("Refused", answered.GetProperty("outcome").GetString());
        long reply = answered.GetProperty("replies")[0].GetProperty("id").GetInt64();
        using HttpResponseMessage file = await worker.GetAsync(new Uri($"/api/v1/notices/{id}/replies/{reply}/attachment", UriKind.Relative), Stop);
        Assert.Equal(("application/octet-stream", "attachment"), (file.Content.Headers.ContentType!.MediaType, file.Content.Headers.ContentDisposition!.DispositionType));
        Assert.Equal("<script>", await file.Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.Conflict, (await worker.PostAsJsonAsync($"/api/v1/notices/{id}/replies/{reply}/decision", new { upheld = false, decision = "x" }, Stop)).StatusCode);
        // A key is nobody who could look at it again.
        Assert.Equal(HttpStatusCode.Conflict, (await administrator.PostAsJsonAsync($"/api/v1/notices/{id}/replies/{reply}/decision", new { upheld = false, decision = "x" }, Stop)).StatusCode);
        using HttpClient person = server.Client(null);
        using (HttpResponseMessage signedIn = await ConsoleTests.SignInAsync(person, server.FirstAdministrator.UserName, server.FirstAdministrator.Password)) Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        (string, string)[] decision = [("Appeal.Reply", $"{reply}"), ("Appeal.Upheld", "false"), ("Appeal.Decision", "The label differs.")];
        Assert.Contains("Say whether the notice stands", await PostedForm.SeenAsync(person, $"/notices/{id}", "decide", [decision[0], ("Appeal.Upheld", ""), decision[2]], Stop), StringComparison.Ordinal);
        Assert.Contains("The appeal is decided.", await PostedForm.SeenAsync(person, $"/notices/{id}", "decide", decision, Stop), StringComparison.Ordinal);
        string page = WebUtility.HtmlDecode(await administrator.GetStringAsync(new Uri($"/notices/{id}", UriKind.Relative), Stop));
        Assert.Contains("The label differs.", page, StringComparison.Ordinal);
        Assert.Contains("The notice is taken back", page, StringComparison.Ordinal);
        string told = WebUtility.HtmlDecode(await stranger.GetStringAsync(new Uri(path, UriKind.Relative), Stop));
        Assert.Contains("Du får medhold", told, StringComparison.Ordinal);
        Assert.Contains("Begrundelse: The label differs.", told, StringComparison.Ordinal);
        Assert.Contains("DROP <b>everything</b>", page, StringComparison.Ordinal);
        Assert.Contains($"/notices/{id}", await worker.GetStringAsync(new Uri($"/cases/{caseId}", UriKind.Relative), Stop), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await worker.DeleteAsync(new Uri($"/api/v1/notices/{id}/reply-link", UriKind.Relative), Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(new Uri(path, UriKind.Relative), Stop)).StatusCode);
    }

    [Fact]
    public async Task Feeds_are_for_their_own_role_stay_the_same_until_the_list_changes_and_are_signed()
    {
        using HttpClient feed = server.Client(AccountRole.Feed), gate = server.Client(AccountRole.Gate), worker = server.Client(AccountRole.Caseworker), stranger = server.Client(null);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(new Uri("/feeds/blocklist.json", UriKind.Relative), Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await gate.GetAsync(new Uri("/feeds/blocklist.json", UriKind.Relative), Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await feed.GetAsync(new Uri("/api/v1/hits", UriKind.Relative), Stop)).StatusCode);
        string host = $"h{Guid.NewGuid():N}.example";
        JsonElement listed = await JsonAsync(await worker.PostAsJsonAsync("/api/v1/block-list/hosts", new { host, reason = "Fakes only." }, Stop), HttpStatusCode.OK);
        foreach (string ending in (string[])["json", "rpz", "csv"])
        {
            using HttpResponseMessage first = await feed.GetAsync(new Uri($"/feeds/blocklist.{ending}", UriKind.Relative), Stop);
            byte[] content = await first.Content.ReadAsByteArrayAsync(Stop);
            Assert.Contains(host, Encoding.UTF8.GetString(content), StringComparison.Ordinal);
            using HttpResponseMessage signature = await feed.GetAsync(new Uri($"/feeds/blocklist.{ending}.sig", UriKind.Relative), Stop);
            string key = await feed.GetStringAsync(new Uri("/feeds/key", UriKind.Relative), Stop), signed = await signature.Content.ReadAsStringAsync(Stop);
            // Another test may have changed the list in between.
            if (signature.Headers.ETag!.Tag == first.Headers.ETag!.Tag) Assert.True(BlockFeed.IsSigned(content, signed, key));
        }
        long sequence = listed.GetProperty("sequence").GetInt64();
        using HttpResponseMessage removal = await worker.PostAsJsonAsync($"/api/v1/block-list/{listed.GetProperty("id").GetInt64()}/removal", new { reason = "A mistake." }, Stop);
        Assert.Equal(HttpStatusCode.OK, removal.StatusCode);
        JsonElement since = await feed.GetFromJsonAsync<JsonElement>($"/feeds/blocklist.json?since={sequence}", Stop);
        Assert.Contains(since.GetProperty("removed").EnumerateArray(), x => x.GetProperty("value").GetString() == host);
        Assert.Equal(HttpStatusCode.BadRequest, (await feed.GetAsync(new Uri("/feeds/blocklist.json?since=-1", UriKind.Relative), Stop)).StatusCode);
        using HttpResponseMessage now = await feed.GetAsync(new Uri("/feeds/blocklist.rpz", UriKind.Relative), Stop);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/feeds/blocklist.rpz");
        again.Headers.IfNoneMatch.Add(now.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await feed.SendAsync(again, Stop)).StatusCode);
    }

    [Fact]
    public async Task A_template_is_tried_and_changed_by_an_administrator_by_its_version()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker), administrator = server.Client(AccountRole.Administrator);
        const string Path = "/api/v1/notice-templates/StatementOfReasons/ko";
        using HttpResponseMessage read = await worker.GetAsync(new Uri(Path, UriKind.Relative), Stop);
        Assert.Equal("\"0\"", read.Headers.ETag!.Tag);
        JsonElement tried = await JsonAsync(await worker.PostAsJsonAsync($"{Path}/trial", new { source = "Subject: x\n\n{{ nothing }}" }, Stop), HttpStatusCode.OK);
        Assert.Equal(3, tried.GetProperty("problem").GetProperty("line").GetInt32());
        Assert.Equal(HttpStatusCode.Forbidden, (await worker.PutAsJsonAsync(Path, new { source = "Subject: x\n\nText" }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await administrator.PutAsJsonAsync(Path, new { source = "Subject: x\n\n{{ nothing }}" }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(administrator, HttpMethod.Put, Path, new { source = "Subject: x\n\nText" }, "\"0\"")).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(administrator, HttpMethod.Delete, Path, null, "\"0\"")).StatusCode);
        using HttpResponseMessage back = await SendAsync(administrator, HttpMethod.Delete, Path, null, "\"1\"");
        Assert.True((await back.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("builtIn").GetBoolean());
        Assert.Equal(HttpStatusCode.NotFound, (await worker.GetAsync(new Uri("/api/v1/notice-templates/StatementOfReasons/xx", UriKind.Relative), Stop)).StatusCode);
    }

    private static async Task ReplyAsync(HttpClient stranger, string path, long caseId, long hit)
    {
        using HttpResponseMessage page = await stranger.GetAsync(new Uri(path, UriKind.Relative), Stop);
        string html = await page.Content.ReadAsStringAsync(Stop);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("<html lang=\"da\">", html, StringComparison.Ordinal);
        Assert.Contains("Farligt.", html, StringComparison.Ordinal);
        Assert.DoesNotContain($"/cases/{caseId}", html, StringComparison.Ordinal);
        Assert.DoesNotContain($"/hits/{hit}", html, StringComparison.Ordinal);
        Assert.DoesNotContain("test-Caseworker", html, StringComparison.Ordinal);
        Assert.False(page.Headers.Contains("Set-Cookie"));
        Assert.Equal("noindex, nofollow", page.Headers.GetValues("X-Robots-Tag").Single());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(new Uri($"{path}x", UriKind.Relative), Stop)).StatusCode);

        using var empty = new MultipartFormDataContent { { new StringContent("Appeal"), "kind" }, { new StringContent(" "), "text" } };
        Assert.Equal(HttpStatusCode.BadRequest, (await stranger.PostAsync(new Uri(path, UriKind.Relative), empty, Stop)).StatusCode);
        using var foreign = new HttpRequestMessage(HttpMethod.Post, path) { Content = new MultipartFormDataContent { { new StringContent("Removed"), "kind" }, { new StringContent("x"), "text" } } };
        foreign.Headers.Add("Origin", "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.SendAsync(foreign, Stop)).StatusCode);
        using var appeal = new MultipartFormDataContent { { new StringContent("Appeal"), "kind" }, { new StringContent("DROP <b>everything</b>"), "text" }, { new StringContent("seller@shop.example"), "email" }, { new ByteArrayContent(Html), "file", "a.html" } };
        using HttpResponseMessage taken = await stranger.PostAsync(new Uri(path, UriKind.Relative), appeal, Stop);
        Assert.Equal(HttpStatusCode.Redirect, taken.StatusCode);
        Assert.Contains("Dit svar er modtaget.", await stranger.GetStringAsync(taken.Headers.Location!, Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_change_of_the_operator_does_not_name_stays()
    {
        using HttpClient administrator = server.Client(AccountRole.Administrator);
        await SetOperatorAsync(administrator);
        JsonElement changed = await JsonAsync(await administrator.PutAsJsonAsync("/api/v1/operator", new { phone = "+45 12" }, Stop), HttpStatusCode.OK);
        Assert.Equal(("Safety Authority", "+45 12", "The courts", "da"), (changed.GetProperty("name").GetString(), changed.GetProperty("phone").GetString(), changed.GetProperty("redress").GetString(), changed.GetProperty("language").GetString()));
        JsonElement without = await JsonAsync(await administrator.PutAsJsonAsync("/api/v1/operator", new { phone = "" }, Stop), HttpStatusCode.OK);
        Assert.Equal(JsonValueKind.Null, without.GetProperty("phone").ValueKind);
        using HttpResponseMessage marketplace = await administrator.PutAsJsonAsync("/api/v1/operator", new { role = "Marketplace" }, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, marketplace.StatusCode);
    }

    private static async Task SetOperatorAsync(HttpClient administrator)
    {
        object wish = new { name = "Safety Authority", address = "Street 1", contactName = "A. Person", contactEmail = "contact@authority.example", phone = (string?)null, legalBasis = "Regulation (EU) 2023/988", redress = "The courts", territory = "Denmark", language = "da", publicUrl = Public, role = "Authority", hosts = Array.Empty<string>() };
        using HttpResponseMessage set = await administrator.PutAsJsonAsync("/api/v1/operator", wish, Stop);
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
    }

    private async Task<(long CaseId, long Hit)> OpenCaseAsync(HttpClient worker)
    {
        long hit = await server.AddHitAsync();
        using HttpResponseMessage decided = await worker.PostAsJsonAsync($"/api/v1/hits/{hit}/decision", new { decision = "Confirm" }, Stop);
        Assert.Equal(HttpStatusCode.OK, decided.StatusCode);
        return ((await JsonAsync(await worker.PostAsJsonAsync("/api/v1/cases", new { hitIds = new[] { hit }, market = "DK" }, Stop), HttpStatusCode.Created)).GetProperty("id").GetInt64(), hit);
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        using (answer)
        {
            string body = await answer.Content.ReadAsStringAsync(Stop);
            Assert.True(expected == answer.StatusCode, $"{answer.StatusCode}: {body}");
            return JsonDocument.Parse(body).RootElement;
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, object? body, string version)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.IfMatch.Add(new EntityTagHeaderValue(version));
        return await client.SendAsync(request, Stop);
    }
}

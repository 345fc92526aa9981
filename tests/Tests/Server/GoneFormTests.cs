using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>Somebody sends a form of a page that changed meanwhile: they are told what happened, on the page, and never get a bare 400.</summary>
[Collection(ServerSet.Name)]
public sealed partial class GoneFormTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/hits", "decide")]
    [InlineData("/hits/wall", "wall")]
    public async Task The_last_hit_of_a_queue_was_decided_by_another(string path, string form)
    {
        HitRow hit = await AddAsync();
        using HttpClient client = server.Client(AccountRole.Caseworker), other = server.Client(AccountRole.Administrator);
        string page = $"{path}?reference={hit.ReferenceId}", html = await client.GetStringAsync(page, Stop);
        await DecideAsync(other, hit.Id);
        Dictionary<string, string> fields = form == "decide"
            ? new() { ["Input.HitId"] = $"{hit.Id}", ["Input.Seen"] = "New", ["Input.SeenMatch"] = $"{hit.MatchId}" }
            : new() { ["hits"] = $"{hit.Id}:New:{hit.MatchId}" };
        string said = await SendAsync(client, page, html, form, new(fields) { ["Input.Action"] = "Reject", ["Input.Note"] = "my own words" });
        Assert.Contains($"Hit {hit.Id} is confirmed by now", said, StringComparison.Ordinal);
        if (form == "decide") Assert.Contains("value=\"my own words\"", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_was_taken_back_already()
    {
        HitRow hit = await AddAsync();
        using HttpClient client = server.Client(AccountRole.Caseworker);
        await DecideAsync(client, hit.Id);
        string page = $"/hits?reference={hit.ReferenceId}", html = await client.GetStringAsync(page, Stop);
        Dictionary<string, string> fields = new() { ["Undo.Decision"] = Regex.Match(html, "name=\"Undo.Decision\" value=\"([0-9]+)\"").Groups[1].Value };
        Assert.Contains("1 decision was taken back.", await SendAsync(client, page, html, "undo", fields), StringComparison.Ordinal);
        Assert.Contains($"Hit {hit.Id} is undecided again already", await SendAsync(client, page, html, "undo", fields), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("assign", "Assign.To", "key:test-Caseworker")]
    [InlineData("add-hit", "Hit.Id", "1")]
    [InlineData("merge", "Merge.Into", "1")]
    [InlineData("close", "Close.Outcome", "NotPursued")]
    public async Task A_case_was_closed(string form, string field, string value)
    {
        using HttpClient client = server.Client(AccountRole.Caseworker);
        using HttpResponseMessage opened = await client.PostAsJsonAsync("/api/v1/cases", new { hitIds = new[] { (await AddAsync()).Id } }, Stop);
        long id = (await opened.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetInt64();
        string page = $"/cases/{id}", html = await client.GetStringAsync(page, Stop), version = Regex.Match(html, "\\.Version\" value=\"([0-9]+)\"").Groups[1].Value;
        using HttpResponseMessage closed = await client.PostAsJsonAsync($"/api/v1/cases/{id}/close", new { outcome = "NotPursued", reason = "No." }, Stop);
        Assert.Equal(HttpStatusCode.OK, closed.StatusCode);
        string said = await SendAsync(client, page, html, form, new() { [field] = value, [$"{field.Split('.')[0]}.Version"] = version, [$"{field.Split('.')[0]}.Reason"] = "Why." });
        Assert.Contains($"Somebody changed case {id} meanwhile", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_was_deleted()
    {
        using HttpClient client = server.Client(AccountRole.Caseworker);
        using HttpResponseMessage made = await client.PostAsJsonAsync("/api/v1/searches", new { name = "Gone", shopUrls = new[] { "https://shop.example/" } }, Stop);
        long id = (await made.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("searchId").GetInt64();
        string[] pages = [$"/searches/{id}", $"/searches/{id}/edit", $"/searches/{id}/delete"], forms = ["change", "edit", "delete"];
        var shown = new List<string>();
        foreach (string page in pages) shown.Add(await client.GetStringAsync(page, Stop));
        using HttpResponseMessage deleted = await client.DeleteAsync($"/api/v1/searches/{id}", Stop);
        Assert.True(deleted.IsSuccessStatusCode);
        for (int i = 0; i < pages.Length; i++)
        {
            string said = await SendAsync(client, pages[i], shown[i], forms[i], new() { ["Input.Action"] = "pause", ["Input.ShopUrls"] = "https://shop.example/", ["Input.PageBudget"] = "100", ["Input.Seen"] = "1" });
            Assert.True(said.Contains("The search “Gone” was deleted on", StringComparison.Ordinal), $"{pages[i]}: {said}");
        }
    }

    [Fact]
    public async Task A_reference_was_retired_and_is_not_put_into_force_by_whoever_meant_to_retire_it()
    {
        HitRow hit = await AddAsync();
        using HttpClient client = server.Client(AccountRole.Caseworker);
        string page = $"/references/{hit.ReferenceId}", html = await client.GetStringAsync(page, Stop);
        Dictionary<string, string> fields = new() { ["Input.Action"] = "retire", ["Input.Reason"] = "Withdrawn by its maker." };
        Assert.Contains("The reference is retired", await SendAsync(client, page, html, "force", fields), StringComparison.Ordinal);
        string said = await SendAsync(client, page, html, "force", fields);
        Assert.Contains("“Face mask Alfa” is retired since", said, StringComparison.Ordinal);
        Assert.Contains("value=\"Withdrawn by its maker.\"", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_was_discarded()
    {
        using HttpClient client = server.Client(AccountRole.Caseworker);
        using var table = new StringContent("id,title\nG-1,Lamp that goes\n", Encoding.UTF8, "text/csv");
        using HttpResponseMessage staged = await client.PostAsync("/api/v1/imports?register=gone&fileName=gone.csv&kind=Alert", table, Stop);
        string location = staged.Headers.Location!.OriginalString, page = location.Replace("/api/v1/", "/references/", StringComparison.Ordinal), html = await client.GetStringAsync(page, Stop);
        using HttpResponseMessage discarded = await client.PostAsync($"{location}/discard", null, Stop);
        Assert.Equal(HttpStatusCode.OK, discarded.StatusCode);
        Assert.Contains("only one that was previewed waits for a decision", await SendAsync(client, page, html, "decide", new() { ["Input.Action"] = "start" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_was_delivered_and_nothing_failed_any_more()
    {
        using HttpClient client = server.Client(AccountRole.Caseworker);
        var message = new OutboxRow { Kind = OutboxKind.Email, Recipient = "gone@rights.example", Subject = "s", Body = "b", Key = Guid.NewGuid().ToString("N"), State = OutboxState.Delivered };
        await using (TouchstoneDb db = await server.OpenAsync())
        {
            db.Outbox.Add(message);
            await db.SaveChangesAsync(Stop);
        }
        string token = await client.GetStringAsync("/searches/new", Stop);
        Assert.Contains($"Message {message.Id} was delivered.", await SendAsync(client, "/system/messages?state=Dead", token, "retry", new() { ["message"] = $"{message.Id}" }), StringComparison.Ordinal);
        Assert.Contains("0 jobs are tried again now.", await SendAsync(client, "/system/jobs", token, "retry", []), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_other_form_leads_back_to_the_page_as_it_is_now()
    {
        using HttpClient client = server.Client(AccountRole.Caseworker);
        client.DefaultRequestHeaders.Add("Accept-Language", "da");
        string html = await client.GetStringAsync("/cases?view=mine", Stop);
        Assert.Contains("Intet blev gjort", await SendAsync(client, "/cases?view=mine", html, "not-there", []), StringComparison.Ordinal);
    }

    /// <summary>Sends a form of a page that was read earlier; gives the page that answers, or the one that it leads to.</summary>
    [Fact]
    public async Task A_form_of_another_sign_in_is_answered_by_a_page_that_says_so()
    {
        using HttpClient before = server.Client(AccountRole.Caseworker), now = server.Client(AccountRole.Administrator);
        string token = PostedForm.TokenOf(await before.GetStringAsync("/references/import", Stop));
        await now.GetStringAsync("/references/import", Stop);
        using HttpResponseMessage answer = await now.PostAsync("/references/import", new FormUrlEncodedContent([new("_handler", "url"), new("__RequestVerificationToken", token), new("Input.Url", "https://register.example/")]), Stop);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("The page was made for another sign-in", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    private static async Task<string> SendAsync(HttpClient client, string page, string html, string form, Dictionary<string, string> fields)
    {
        using var content = new FormUrlEncodedContent(new Dictionary<string, string>(fields) { ["_handler"] = form, ["__RequestVerificationToken"] = Token().Match(html).Groups[1].Value });
        using HttpResponseMessage sent = await client.PostAsync(page, content, Stop);
        Assert.NotEqual(HttpStatusCode.BadRequest, sent.StatusCode);
        if (sent.Headers.Location is { } next) return WebUtility.HtmlDecode(await client.GetStringAsync(next, Stop));
        return WebUtility.HtmlDecode(await sent.Content.ReadAsStringAsync(Stop));
    }

    private static async Task DecideAsync(HttpClient client, long hit)
    {
        using HttpResponseMessage answer = await client.PostAsJsonAsync($"/api/v1/hits/{hit}/decision", new { decision = "Confirm" }, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>The only hit of a product of its own.</summary>
    private async Task<HitRow> AddAsync()
    {
        await using TouchstoneDb db = await server.OpenAsync();
        return await SampleHits.AddAsync(db, image: BlobName.Of(server.Picture));
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}

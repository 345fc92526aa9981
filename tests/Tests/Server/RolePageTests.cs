using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>Each role sees what it may do, and no way to what would be refused.</summary>
[Collection(ServerSet.Name)]
public sealed partial class RolePageTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(AccountRole.Viewer)]
    [InlineData(AccountRole.Caseworker)]
    [InlineData(AccountRole.Administrator)]
    public async Task Each_way_that_is_shown_is_open(AccountRole role)
    {
        using HttpClient client = server.Client(role);
        string[] pages = await PagesAsync();
        HashSet<string> seen = [.. pages];
        var closed = new List<string>();
        // What the pages lead to is opened too, and not followed further.
        foreach (string page in pages)
        {
            using HttpResponseMessage answer = await client.GetAsync(page, Stop);
            Assert.True(answer.IsSuccessStatusCode, $"{page}: {answer.StatusCode}");
            foreach (Match link in Link().Matches(await answer.Content.ReadAsStringAsync(Stop)))
            {
                string at = WebUtility.HtmlDecode(link.Groups[1].Value);
                if (!seen.Add(at)) continue;
                using HttpResponseMessage opened = await client.GetAsync(at, HttpCompletionOption.ResponseHeadersRead, Stop);
                // What leads on to another page of the console is open; what leads to the sign-in is not.
                bool leadsOn = opened.Headers.Location is { } to && to.OriginalString.StartsWith("/cases", StringComparison.Ordinal);
                if (opened.StatusCode == HttpStatusCode.Forbidden || (opened.StatusCode == HttpStatusCode.Redirect && !leadsOn)) closed.Add($"{page} leads to {at}: {opened.StatusCode}");
            }
        }
        Assert.Empty(closed);
    }

    [Fact]
    public async Task A_viewer_is_shown_no_form_that_changes_anything()
    {
        using HttpClient client = server.Client(AccountRole.Viewer);
        foreach (string page in await PagesAsync())
        {
            string html = await client.GetStringAsync(page, Stop);
            Assert.False(Changing().IsMatch(html), page);
        }
    }

    [Theory]
    [InlineData("/hits/wall", "wall", "Your account may not decide hits.")]
    [InlineData("/hits/{0}", "decide", "Your account may not decide hits.")]
    [InlineData("/hits/{0}", "undo", "Your account may not decide hits.")]
    [InlineData("/cases/{1}", "note", "Your account may not change cases.")]
    [InlineData("/cases/{1}", "assign", "Your account may not change cases.")]
    [InlineData("/searches/{2}", "change", "Your account may not change searches.")]
    public async Task A_viewer_who_sends_a_form_is_told_why_not(string page, string form, string said)
    {
        object[] ids = await SampleAsync();
        using HttpClient viewer = server.Client(AccountRole.Viewer);
        string at = string.Format(System.Globalization.CultureInfo.InvariantCulture, page, ids);
        // The token of any page is one of this reader.
        string token = Token().Match(await viewer.GetStringAsync("/account", Stop)).Groups[1].Value;
        using var content = new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = form, ["__RequestVerificationToken"] = token, ["Input.Action"] = "Confirm", ["Input.HitId"] = $"{ids[0]}", ["Note.Text"] = "x", ["Assign.To"] = "" });
        using HttpResponseMessage sent = await viewer.PostAsync(at, content, Stop);
        string told = WebUtility.HtmlDecode(sent.Headers.Location is { } next ? await viewer.GetStringAsync(next, Stop) : await sent.Content.ReadAsStringAsync(Stop));
        Assert.True(told.Contains(said, StringComparison.Ordinal) || told.Contains("Nothing was done", StringComparison.Ordinal), $"{sent.StatusCode}: {told[..Math.Min(600, told.Length)]}");
    }

    [Fact]
    public async Task A_case_is_given_to_an_account_that_works_on_cases_and_due_from_today_on()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        object[] ids = await SampleAsync();
        using HttpResponseMessage unknown = await worker.PutAsJsonAsync($"/api/v1/cases/{ids[1]}/assignee", new { to = "nobody-here" }, Stop);
        Assert.Equal((HttpStatusCode.BadRequest, "to"), (unknown.StatusCode, await NameAsync(unknown)));
        using HttpResponseMessage opened = await worker.PostAsJsonAsync("/api/v1/cases", new { hitIds = new[] { (long)ids[0] }, assignTo = "nobody-here" }, Stop);
        Assert.Equal((HttpStatusCode.BadRequest, "assignTo"), (opened.StatusCode, await NameAsync(opened)));
        using HttpResponseMessage past = await worker.PutAsJsonAsync($"/api/v1/cases/{ids[1]}/due", new { dueAt = "2020-01-01T12:00:00Z" }, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, past.StatusCode);
        foreach (string name in (string[])[server.FirstAdministrator.UserName, "key:test-Caseworker"])
        {
            using HttpResponseMessage given = await worker.PutAsJsonAsync($"/api/v1/cases/{ids[1]}/assignee", new { to = name }, Stop);
            Assert.Equal(HttpStatusCode.OK, given.StatusCode);
        }
        Assert.Contains($"<option value=\"{server.FirstAdministrator.UserName}\">", await worker.GetStringAsync($"/cases/{ids[1]}", Stop), StringComparison.Ordinal);

        static async Task<string?> NameAsync(HttpResponseMessage answer) =>
            (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Stop)).TryGetProperty("name", out System.Text.Json.JsonElement name) ? name.GetString() : null;
    }

    private async Task<string[]> PagesAsync()
    {
        object[] ids = await SampleAsync();
        return
        [
            "/", "/hits", "/hits/wall", "/hits/groups", "/hits?state=any", "/hits?register=999999", $"/hits/{ids[0]}", "/cases", "/cases?view=mine", $"/cases/{ids[1]}", "/searches", $"/searches/{ids[2]}", "/references", "/references?q=nothing-fits-this",
            $"/references/{server.ReferenceId}", "/references/registers", "/system", "/system/jobs", "/system/messages", "/system/profile", "/system/cases", "/hits/proposals",
        ];
    }

    /// <summary>An undecided hit, a case with a hit from the field, and a search.</summary>
    private async Task<object[]> SampleAsync()
    {
        await using TouchstoneDb db = await server.OpenAsync();
        HitRow hit = await SampleHits.AddAsync(db, image: BlobName.Of(server.Picture));
        ReferenceRow reference = await SampleHits.AddReferenceAsync(db, "Role lamp", ServerFixture.OwnerMail);
        HitRow field = await SampleHits.AddAsync(db, reference, image: BlobName.Of(server.Picture));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var capture = new CaptureRow { ImageSha256 = BlobName.Of(server.Picture), TakenBy = "officer", TakenAt = now, ClientKey = Guid.NewGuid().ToString("N") };
        var file = new CaseRow { Title = "Role case", OpenedBy = "test", OpenedAt = now };
        var search = new SearchRow { Name = "Role search", ShopUrls = "https://shop.example/", CreatedBy = "test", CreatedAt = now };
        search.Runs.Add(new SearchRunRow { State = RunState.Finished, QueuedAt = now, Pages = 1, Listings = 1 });
        db.AddRange(capture, file, search, new OutboxRow { Kind = OutboxKind.Email, Recipient = ServerFixture.OwnerMail, Subject = "s", Body = "b", Key = Guid.NewGuid().ToString("N"), State = OutboxState.Delivered, CreatedAt = now });
        await db.SaveChangesAsync(Stop);
        (field.CaptureId, field.CaseId) = (capture.Id, file.Id);
        await db.SaveChangesAsync(Stop);
        return [hit.Id, file.Id, search.Id];
    }

    [GeneratedRegex("<main.*<form[^>]*method=\"post\".*</main>", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Changing();

    [GeneratedRegex("<a[^>]* href=\"(/(?!images/)[^\"#]*)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}

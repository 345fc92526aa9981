using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>A refused form leads back to its page, which says why once, with what was typed: reading the page again sends nothing again.</summary>
[Collection(ServerSet.Name)]
public sealed class RefusedReviewFormTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/hits/wall?reference={0}", "wall", "Choose a hit first.", "Input.Action=Reject", "Input.Note=kept")]
    [InlineData("/hits/{1}?reference={0}", "decide", "Another reason needs a note", "Input.HitId={1}", "Input.Action=Reject:Other")]
    [InlineData("/hits/{1}?reference={0}", "decide", "There is no case 4711.", "Input.HitId={1}", "Input.Action=AddToCase", "Input.CaseId=4711", "Input.Note=kept")]
    [InlineData("/hits/{1}?reference={0}", "undo", "There is no decision 4711.", "Undo.Decision=4711")]
    [InlineData("/hits/groups", "undo", "There is no decision 4711.", "Undo.Decision=4711")]
    [InlineData("/cases/{2}", "add-hit", "There is no hit 4711.", "Hit.Id=4711", "Hit.Version=1")]
    [InlineData("/cases/{2}", "merge", "There is no case 4711.", "Merge.Into=4711", "Merge.Reason=kept", "Merge.Version=1")]
    [InlineData("/cases/{2}", "state", "Somebody changed case {2} meanwhile.", "State.To=Action", "State.Reason=kept", "State.Version=99")]
    [InlineData("/cases/{2}", "assign", "There is no account “nobody-here” that works on cases.", "Assign.To=nobody-here")]
    [InlineData("/cases/{2}", "assign", "The case cannot be due on 2020-01-01, which is past.", "Assign.To=", "Assign.Due=2020-01-01", "Assign.Version=1")]
    [InlineData("/searches/{3}", "change", "The search “Refused” is not paused.", "Input.Action=resume")]
    [InlineData("/searches/{3}/delete", "delete", "Somebody else changed the search “Refused”", "Input.Seen=99")]
    [InlineData("/references/{0}", "force", "is in force.", "Input.Action=restore", "Input.Reason=kept")]
    public async Task Refused_and_led_back(string page, string form, string said, params string[] fields)
    {
        using HttpClient client = server.Client(AccountRole.Caseworker);
        object[] ids = await SampleAsync(client);
        string at = Put(page);
        using HttpResponseMessage answer = await PostedForm.SendAsync(client, at, form, fields.Select(x => Put(x).Split('=', 2)).Select(x => (x[0], x[1])), Stop);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(at, new Uri(server.Address, answer.Headers.Location!).PathAndQuery);
        string told = WebUtility.HtmlDecode(await client.GetStringAsync(at, Stop));
        Assert.Contains(Put(said), told, StringComparison.Ordinal);
        if (fields.Any(x => x.EndsWith("=kept", StringComparison.Ordinal))) Assert.Contains("value=\"kept\"", told, StringComparison.Ordinal);
        Assert.DoesNotContain(Put(said), WebUtility.HtmlDecode(await client.GetStringAsync(at, Stop)), StringComparison.Ordinal);

        string Put(string text) => string.Format(System.Globalization.CultureInfo.InvariantCulture, text, ids);
    }

    [Fact]
    public async Task More_than_a_cookie_holds_is_not_lost()
    {
        using HttpClient client = server.Client(AccountRole.Caseworker);
        object[] ids = await SampleAsync(client);
        string note = string.Concat(Enumerable.Repeat("Long words. ", 500));
        using HttpResponseMessage answer = await PostedForm.SendAsync(client, $"/hits/{ids[1]}", "decide", [("Input.HitId", $"{ids[1]}"), ("Input.Action", "AddToCase"), ("Input.CaseId", "4711"), ("Input.Note", note)], Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(note, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Stop)), StringComparison.Ordinal);
        string group = await PostedForm.SeenAsync(client, $"/hits/wall?reference={ids[0]}", "group", [("Group.By", "Product"), ("Group.Key", $"{ids[0]}"), ("Group.Decision", "Reject"), ("Group.Reason", "Other"), ("Group.Note", note + new string('x', 20_000))], Stop);
        Assert.Matches("<details class=\"card group-decision\" open[^>]*>", group);
        Assert.Contains(note, group, StringComparison.Ordinal);
        Assert.Contains("<option value=\"Other\" selected", group, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_that_is_refused_gives_the_case_to_nobody_either()
    {
        using HttpClient client = server.Client(AccountRole.Caseworker);
        object[] ids = await SampleAsync(client);
        await PostedForm.SeenAsync(client, $"/cases/{ids[2]}", "assign", [("Assign.To", server.FirstAdministrator.UserName), ("Assign.Due", "2020-01-01"), ("Assign.Version", "1")], Stop);
        JsonElement kept = await client.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{ids[2]}", Stop);
        Assert.Equal((null, 1), (kept.GetProperty("assignedTo").GetString(), kept.GetProperty("version").GetInt32()));
        string saved = await PostedForm.SeenAsync(client, $"/cases/{ids[2]}", "assign", [("Assign.To", server.FirstAdministrator.UserName.ToUpperInvariant()), ("Assign.Due", "2099-01-01"), ("Assign.Version", "1")], Stop);
        Assert.Contains("Saved.", saved, StringComparison.Ordinal);
        kept = await client.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{ids[2]}", Stop);
        Assert.Equal(server.FirstAdministrator.UserName, kept.GetProperty("assignedTo").GetString());
        // A day that is far off is said once.
        Assert.Single(saved.Split("2099-01-01</span>")[1..]);
        Assert.DoesNotContain("(2099-01-01)", saved, StringComparison.Ordinal);
        // A browser's field takes years of six figures; what is no day takes none away.
        string refused = await PostedForm.SeenAsync(client, $"/cases/{ids[2]}", "assign", [("Assign.To", server.FirstAdministrator.UserName), ("Assign.Due", "12099-01-01"), ("Assign.Version", kept.GetProperty("version").ToString())], Stop);
        Assert.Contains("“12099-01-01” is no day on which a case can be due.", refused, StringComparison.Ordinal);
        Assert.Contains("2099-01-01", (await client.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{ids[2]}", Stop)).GetProperty("dueAt").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_answers_a_form_with_much_in_it_is_not_sent_again_by_a_reload()
    {
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, 1280);
        IPage page = browser.Page;
        await page.GotoAsync($"{server.Address}searches/new");
        await page.FillAsync("[name='Input.ShopUrls']", "https://shop.example/");
        await page.FillAsync("[name='Input.Reference']", "no such number");
        await page.Locator("form:has([name='Input.ShopUrls']) button[type=submit]").ClickAsync();
        await page.Locator("[role=alert]").First.WaitForAsync();
        Assert.Equal("no such number", await page.InputValueAsync("[name='Input.Reference']"));
        var sent = new List<string>();
        page.Request += (_, request) => { if (request.IsNavigationRequest) sent.Add(request.Method); };
        await page.ReloadAsync();
        Assert.Equal(["GET"], sent);
        Assert.Empty(browser.Complaints);
    }

    /// <summary>A reference, its undecided hit, a case of another hit and a search that has run.</summary>
    private async Task<object[]> SampleAsync(HttpClient client)
    {
        await using TouchstoneDb db = await server.OpenAsync();
        ReferenceRow reference = await SampleHits.AddReferenceAsync(db, "Refused lamp");
        HitRow hit = await SampleHits.AddAsync(db, reference, image: BlobName.Of(server.Picture)), other = await SampleHits.AddAsync(db, reference, image: BlobName.Of(server.Picture));
        using HttpResponseMessage opened = await client.PostAsJsonAsync("/api/v1/cases", new { hitIds = new[] { other.Id } }, Stop);
        long file = (await opened.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetInt64();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var search = new SearchRow { Name = "Refused", ShopUrls = "https://shop.example/", CreatedBy = "test", CreatedAt = now };
        search.Runs.Add(new SearchRunRow { State = RunState.Finished, QueuedAt = now, Pages = 1, Listings = 1 });
        db.Searches.Add(search);
        await db.SaveChangesAsync(Stop);
        return [reference.Id, hit.Id, file, search.Id];
    }
}

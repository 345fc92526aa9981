using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

/// <summary>The console's pages of notices, as a browser without scripts uses them.</summary>
[Collection(ServerSet.Name)]
public sealed class NoticePageTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_notice_goes_from_the_case_by_its_draft_to_the_outbox()
    {
        using HttpClient administrator = server.Client(AccountRole.Administrator);
        string set = await PostedForm.SeenAsync(administrator, "/system/operator", "operator",
            [("Input.Version", $"{await VersionAsync()}"), ("Input.Name", "Safety Authority"), ("Input.Address", "Street 1"), ("Input.ContactName", "A. Person"), ("Input.ContactEmail", "contact@authority.example"), ("Input.Language", "en"), ("Input.PublicUrl", "https://touchstone.example")], Stop);
        Assert.Contains("Saved.", set, StringComparison.Ordinal);

        using HttpClient worker = server.Client(AccountRole.Caseworker);
        long hit = await server.AddHitAsync();
        using HttpResponseMessage opened = await worker.PostAsJsonAsync("/api/v1/cases", new { hitIds = new[] { hit } }, Stop);
        long caseId = (await opened.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetInt64();
        Assert.DoesNotContain("name=\"Draft.Kind\"", await worker.GetStringAsync(new Uri($"/cases/{caseId}", UriKind.Relative), Stop), StringComparison.Ordinal);
        await worker.PostAsJsonAsync($"/api/v1/hits/{hit}/decision", new { decision = "Confirm" }, Stop);
        using HttpResponseMessage drafted = await PostedForm.SendAsync(worker, $"/cases/{caseId}", "draft-notice", [("Draft.Kind", "ShopRequest")], Stop);
        string page = drafted.Headers.Location!.OriginalString;
        page = page[page.IndexOf("/notices/", StringComparison.Ordinal)..];
        Assert.Contains("It has no recipient.", WebUtility.HtmlDecode(await worker.GetStringAsync(new Uri(page, UriKind.Relative), Stop)), StringComparison.Ordinal);

        (string, string)[] fields =
        [
            ("Edit.Version", "1"), ("Edit.Language", "de"), ("Edit.Way", "Email"), ("Edit.Recipient", "contact@shop.example"), ("Edit.Measure", "Entfernen Sie das Angebot"), ("Edit.Reasons", "Kleinteile <b>lösen</b> sich."),
            ("Edit.RespondBy", TimeProvider.System.GetUtcNow().AddDays(9).ToString("yyyy-MM-dd")), ("Edit.Hits", $"{hit}"),
        ];
        string saved = await PostedForm.SeenAsync(worker, page, "edit-notice", fields, Stop);
        Assert.Contains("Kleinteile <b>lösen</b> sich.", saved, StringComparison.Ordinal);
        Assert.DoesNotContain("It cannot be sent yet:", saved, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>lösen</b>", await worker.GetStringAsync(new Uri(page, UriKind.Relative), Stop), StringComparison.Ordinal);
        string refused = await PostedForm.SeenAsync(worker, page, "edit-notice", [.. fields.Where(x => x.Item1 != "Edit.Recipient"), ("Edit.Recipient", "typed@shop.example")], Stop);
        Assert.Contains("meanwhile", refused, StringComparison.Ordinal);
        Assert.Contains("typed@shop.example", refused, StringComparison.Ordinal);

        // More than a cookie holds is answered at once, and is as little lost.
        string reasons = string.Concat(Enumerable.Repeat("Kleinteile sind verschluckbar. ", 400)) + "Ende";
        string longer = await PostedForm.SeenAsync(worker, page, "edit-notice", [.. fields.Where(x => x.Item1 is not ("Edit.Reasons" or "Edit.Hits")), ("Edit.Reasons", reasons)], Stop);
        Assert.Contains("meanwhile", longer, StringComparison.Ordinal);
        Assert.Contains($"{reasons}</textarea>", longer, StringComparison.Ordinal);
        Assert.DoesNotMatch($"name=\"Edit.Hits\" value=\"{hit}\" checked", longer);

        string sent = await PostedForm.SeenAsync(worker, page, "send", [("Act.Version", "2")], Stop);
        Assert.Contains("As it was sent", sent, StringComparison.Ordinal);
        Assert.Contains("Entfernen Sie das Angebot", sent, StringComparison.Ordinal);
        await using TouchstoneDb db = await server.OpenAsync();
        Assert.True(await db.Outbox.AnyAsync(x => x.Recipient == "contact@shop.example" && x.Key.StartsWith("notice/"), Stop));
        string gone = await PostedForm.SeenAsync(worker, page, "edit-notice", fields, Stop);
        Assert.Contains("was sent; what was sent is not changed.", gone, StringComparison.Ordinal);
        using HttpClient viewer = server.Client(AccountRole.Viewer);
        Assert.DoesNotContain("name=\"Act.Version\"", await viewer.GetStringAsync(new Uri(page, UriKind.Relative), Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_is_tried_on_the_page_before_it_is_saved_and_the_built_in_one_comes_back()
    {
        using HttpClient administrator = server.Client(AccountRole.Administrator);
        const string Page = "/system/templates?kind=SafetyGateDraft&language=ko";
        string wrong = await PostedForm.SeenAsync(administrator, Page, "template", [("Input.Latest", "0"), ("Input.Source", "Subject: x\n\n{{ nobody }}"), ("Input.Save", "false")], Stop);
        Assert.Contains("Line 3 of the template", wrong, StringComparison.Ordinal);
        Assert.Contains("{{ nobody }}", wrong, StringComparison.Ordinal);
        string tried = await PostedForm.SeenAsync(administrator, Page, "template", [("Input.Latest", "0"), ("Input.Source", "Subject: x\n\nOur own {{ number }}"), ("Input.Save", "false")], Stop);
        Assert.Contains("Our own 1-1", tried, StringComparison.Ordinal);
        Assert.Contains("built-in", tried, StringComparison.Ordinal);
        string saved = await PostedForm.SeenAsync(administrator, Page, "template", [("Input.Latest", "0"), ("Input.Source", "Subject: x\n\nOur own {{ number }}"), ("Input.Save", "true")], Stop);
        Assert.Contains("version 1", saved, StringComparison.Ordinal);
        Assert.Contains("The built-in template is in use again.", await PostedForm.SeenAsync(administrator, Page, "reset", [], Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_is_listed_and_taken_off_on_the_page()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        string host = $"p{Guid.NewGuid():N}.example";
        Assert.Contains(host, await PostedForm.SeenAsync(worker, "/system/block-list", "host", [("Host.Name", host), ("Host.Reason", "Fakes only.")], Stop), StringComparison.Ordinal);
        Assert.Contains("is on the list already.", await PostedForm.SeenAsync(worker, "/system/block-list", "host", [("Host.Name", host), ("Host.Reason", "Again.")], Stop), StringComparison.Ordinal);
        await using TouchstoneDb db = await server.OpenAsync();
        long id = (await db.BlockEntries.SingleAsync(x => x.Kind == BlockKind.Host && x.Value == host, Stop)).Id;
        Assert.Contains("It is off the list.", await PostedForm.SeenAsync(worker, "/system/block-list", "remove", [("Removal.Id", $"{id}"), ("Removal.Reason", "A mistake.")], Stop), StringComparison.Ordinal);
    }

    private async Task<long> VersionAsync()
    {
        await using TouchstoneDb db = await server.OpenAsync();
        return await db.Operators.Select(x => x.Version).FirstOrDefaultAsync(Stop);
    }
}

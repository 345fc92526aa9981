using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.AuditTrail;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

/// <summary>Cases in the console: what belongs together is shown, merged and taken apart again.</summary>
[Collection(ServerSet.Name)]
public sealed partial class CasePageTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Related_cases_are_shown_merged_and_the_merge_is_taken_back()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        long hit = await server.AddHitAsync();
        long from = await OpenAsync(worker, hit), into = await OpenAsync(worker, await server.AddHitAsync());
        Assert.Contains($"/cases/{into}\"", await worker.GetStringAsync(Page(from), Stop), StringComparison.Ordinal);
        JsonElement[] related = [.. (await worker.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{from}/related", Stop)).EnumerateArray()];
        Assert.Contains(related, x => x.GetProperty("id").GetInt64() == into && x.GetProperty("sameReference").GetBoolean());

        Assert.Equal($"/cases/{into}", await PostAsync(worker, from, "merge", new() { ["Merge.Into"] = $"{into}", ["Merge.Reason"] = "one seller" }));
        Assert.Equal((into, CaseState.Closed), await StateAsync(hit, from));
        string merged = WebUtility.HtmlDecode(await worker.GetStringAsync(Page(from), Stop));
        Assert.Contains($"To case {into}", merged, StringComparison.Ordinal);
        Assert.Contains("Take the merge back", merged, StringComparison.Ordinal);

        Assert.Equal($"/cases/{from}", await PostAsync(worker, from, "unmerge", new() { ["Unmerge.Reason"] = "two sellers after all" }));
        Assert.Equal((from, CaseState.Open), await StateAsync(hit, from));
        using HttpResponseMessage again = await worker.PostAsJsonAsync($"/api/v1/cases/{from}/unmerge", new { reason = "again" }, Stop);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
    }

    [Fact]
    public async Task A_hit_is_added_by_its_number_and_a_refusal_is_said_in_the_readers_language()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        worker.DefaultRequestHeaders.Add("Accept-Language", "de");
        long id = await OpenAsync(worker, await server.AddHitAsync()), hit = await server.AddHitAsync();
        Assert.Equal($"/cases/{id}", await PostAsync(worker, id, "add-hit", new() { ["Hit.Id"] = $"{hit}" }));
        Assert.Equal(id, (await StateAsync(hit, id)).Case);
        Assert.Equal($"/cases/{id}", await PostAsync(worker, id, "add-hit", new() { ["Hit.Id"] = "4711" }));
        string refused = WebUtility.HtmlDecode(await worker.GetStringAsync(Page(id), Stop));
        Assert.Contains("Es gibt keinen Treffer 4711.", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evidence_is_handed_out_to_the_form_of_the_page_and_to_no_other()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        long id = await OpenAsync(worker, await server.AddHitAsync());
        using HttpResponseMessage response = await worker.PostAsync(new Uri($"/cases/{id}/evidence", UriKind.Relative), new FormUrlEncodedContent([]), Stop);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await using TouchstoneDb db = await server.OpenAsync();
        Assert.False(await db.Audit.AnyAsync(x => x.Action == AuditAction.EvidenceExported && x.Subject == AuditSubject.Case(id), Stop));
    }

    [Fact]
    public void Each_action_of_the_audit_log_has_a_word()
    {
        string[] actions = [.. typeof(AuditAction).GetFields().Where(x => x.IsLiteral).Select(x => (string)x.GetRawConstantValue()!)];
        string[] written = [.. Architecture.SourceTree.Files(["src/Server", "src/Screening"], ".cs", ".razor").SelectMany(x => WrittenAction().Matches(Architecture.SourceTree.Read(x)).Select(m => m.Groups[1].Value))];
        Assert.NotEmpty(written);
        Assert.DoesNotContain(actions.Concat(written).Distinct(), x => AuditWords.Of(x) == x || !AuditWords.Actions.Contains(x));
    }

    private static Uri Page(long id) => new($"/cases/{id}", UriKind.Relative);

    private static async Task<long> OpenAsync(HttpClient worker, long hit)
    {
        using HttpResponseMessage opened = await worker.PostAsJsonAsync("/api/v1/cases", new { hitIds = new[] { hit } }, Stop);
        return (await opened.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetInt64();
    }

    /// <summary>Sends a form of the page; gives where it leads, or the page that says why not.</summary>
    private async Task<string> PostAsync(HttpClient worker, long id, string form, Dictionary<string, string> fields)
    {
        string html = await worker.GetStringAsync(Page(id), Stop);
        fields["_handler"] = form;
        fields["__RequestVerificationToken"] = Token().Match(html).Groups[1].Value;
        fields[$"{fields.Keys.First().Split('.')[0]}.Version"] = Version().Match(html).Groups[1].Value;
        using var content = new FormUrlEncodedContent(fields);
        using HttpResponseMessage sent = await worker.PostAsync(Page(id), content, Stop);
        return sent.StatusCode == HttpStatusCode.Redirect ? new Uri(server.Address, sent.Headers.Location!).AbsolutePath : WebUtility.HtmlDecode(await sent.Content.ReadAsStringAsync(Stop));
    }

    private async Task<(long? Case, CaseState State)> StateAsync(long hit, long id)
    {
        await using TouchstoneDb db = await server.OpenAsync();
        return (await db.Hits.Where(x => x.Id == hit).Select(x => x.CaseId).SingleAsync(Stop), await db.Cases.Where(x => x.Id == id).Select(x => x.State).SingleAsync(Stop));
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();

    [GeneratedRegex("\\.Version\" value=\"([0-9]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version();

    [GeneratedRegex("AuditEntry\\([^\"\n]*\"((?:account|api-key|reference|search|case|hit|capture|picture|register|mail|import|message|jobs)\\.[a-z-]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WrittenAction();
}

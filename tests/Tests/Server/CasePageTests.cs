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
        Assert.Equal((from, CaseState.Reopened), await StateAsync(hit, from));
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
    public async Task What_was_handed_out_is_kept_and_handed_out_again_with_its_parts_and_each_time_is_recorded()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker), reader = server.Client(AccountRole.Viewer);
        long hit = await server.AddHitAsync(), id = await OpenAsync(worker, hit);
        using HttpResponseMessage made = await worker.PostAsync(new Uri($"/api/v1/cases/{id}/evidence", UriKind.Relative), null, Stop);
        byte[] bundle = await made.Content.ReadAsByteArrayAsync(Stop);
        JsonElement kept = (await worker.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}/evidence", Stop)).EnumerateArray().Single();
        string sha256 = kept.GetProperty("sha256").GetString()!, path = $"/cases/{id}/evidence/{sha256}";
        Assert.Equal(Touchstone.Screening.Storage.Blobs.BlobName.Of(bundle), sha256);
        Assert.Equal(bundle, await worker.GetByteArrayAsync(path, Stop));
        Assert.Contains($"href=\"{path}\"", await worker.GetStringAsync(Page(id), Stop), StringComparison.Ordinal);

        using HttpResponseMessage facts = await worker.GetAsync($"/api/v1/cases/{id}/evidence/{sha256}/parts/hits.json", Stop);
        Assert.Equal(("application/json", "attachment"), (facts.Content.Headers.ContentType?.MediaType, facts.Content.Headers.ContentDisposition?.DispositionType));
        Assert.Contains("sandbox", facts.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await worker.GetAsync($"{path}/none.txt", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await worker.GetAsync($"/cases/{id + 4711}/evidence/{sha256}", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.GetAsync($"/api/v1/cases/{id}/evidence/{sha256}", Stop)).StatusCode);
        await using TouchstoneDb db = await server.OpenAsync();
        string[] taken = await db.Audit.Where(x => x.Action == AuditAction.EvidenceFetched && x.Subject == AuditSubject.Case(id)).OrderBy(x => x.Id).Select(x => x.Detail!).ToArrayAsync(Stop);
        Assert.Equal([$"all of bundle {sha256}", $"hits.json of bundle {sha256}"], taken.Take(2));

        await db.Evidence.Where(x => x.Sha256 == sha256).ExecuteUpdateAsync(x => x.SetProperty(e => e.Problem, "The stored bytes no longer have its hash."), Stop);
        Assert.Contains("were changed or lost", await worker.GetStringAsync(Page(id), Stop), StringComparison.Ordinal);
        Assert.Contains($"Kept evidence of case {id} was changed or lost", await worker.GetStringAsync(new Uri("/", UriKind.Relative), Stop), StringComparison.Ordinal);
        await db.Evidence.Where(x => x.Sha256 == sha256).ExecuteUpdateAsync(x => x.SetProperty(e => e.Problem, (string?)null), Stop);
    }

    [Fact]
    public async Task A_kept_page_is_shown_in_a_frame_that_runs_and_fetches_nothing()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        long hit = await server.AddHitAsync(), id = await OpenAsync(worker, hit);
        await using (TouchstoneDb db = await server.OpenAsync())
        {
            var blobs = (Touchstone.Screening.Storage.Blobs.IBlobStore)server.Services.GetService(typeof(Touchstone.Screening.Storage.Blobs.IBlobStore))!;
            string page = await blobs.PutAsync("<h1>Cap</h1><script>alert(1)</script>"u8.ToArray(), Stop);
            await db.Observations.Where(o => db.Hits.Any(h => h.Id == hit && h.Match!.Screening!.ObservationId == o.Id)).ExecuteUpdateAsync(x => x.SetProperty(o => o.PageSha256, page), Stop);
        }
        string html = await worker.GetStringAsync(Page(id), Stop);
        Assert.Matches($"<iframe[^>]* sandbox(=\"\")?[^>]* src=\"/hits/{hit}/kept-page\"", html);
        using HttpResponseMessage kept = await worker.GetAsync($"/hits/{hit}/kept-page", Stop);
        Assert.Equal(("text/html", "SAMEORIGIN"), (kept.Content.Headers.ContentType?.MediaType, kept.Headers.GetValues("X-Frame-Options").Single()));
        string policy = kept.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; style-src 'unsafe-inline'; sandbox;", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("allow-", policy, StringComparison.Ordinal);
        using HttpClient nobody = server.Client(null);
        Assert.NotEqual(HttpStatusCode.OK, (await nobody.GetAsync($"/hits/{hit}/kept-page", Stop)).StatusCode);
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

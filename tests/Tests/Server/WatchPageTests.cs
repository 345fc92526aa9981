using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

/// <summary>Removed offers and their returns in the API and on the pages: who may, what is told, and that a closed case opens when a person says so.</summary>
[Collection(ServerSet.Name)]
public sealed class WatchPageTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watch_is_started_by_the_api_its_return_shows_on_case_and_hit_and_opens_the_case_when_a_person_says_so()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker), reader = server.Client(AccountRole.Viewer);
        (long hit, long file) = await ConfirmedAsync(worker);
        Assert.Contains("The offer is removed", await worker.GetStringAsync(At($"/hits/{hit}?state=any"), Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PostAsJsonAsync("/api/v1/watches", new { hitId = hit, because = "gone" }, Stop)).StatusCode);
        using HttpResponseMessage started = await worker.PostAsJsonAsync("/api/v1/watches", new { hitId = hit, because = "The shop wrote so." }, Stop);
        JsonElement watch = await started.Content.ReadFromJsonAsync<JsonElement>(Stop);
        long id = watch.GetProperty("id").GetInt64();
        Assert.Equal((file, 1), (watch.GetProperty("caseId").GetInt64(), watch.GetProperty("pictures").GetInt32()));
        Assert.Equal(id, (await reader.GetFromJsonAsync<JsonElement>($"/api/v1/watches?standing=true&hitId={hit}", Stop)).GetProperty("items")[0].GetProperty("id").GetInt64());

        long back = await server.AddHitAsync(0.8), returned = await ReturnAsync(id, back);
        using HttpResponseMessage closed = await worker.PostAsJsonAsync($"/api/v1/cases/{file}/close", new { outcome = "OffersRemoved", reason = "gone" }, Stop);
        Assert.Equal(HttpStatusCode.OK, closed.StatusCode);
        foreach (string page in (string[])[$"/cases/{file}", $"/hits/{back}?state=any", "/watches", $"/watches/{id}"])
            Assert.Contains("returned after 5 days", await reader.GetStringAsync(At(page), Stop), StringComparison.Ordinal);
        Assert.Contains("It stays closed until you open it again", WebUtility.HtmlDecode(await worker.GetStringAsync(At($"/cases/{file}"), Stop)), StringComparison.Ordinal);
        Assert.Contains("Returns in 7 days", await reader.GetStringAsync(At("/"), Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PostAsync(At($"/api/v1/returns/{returned}/take"), null, Stop)).StatusCode);

        (await PostedForm.SendAsync(worker, $"/watches/{id}", $"take-{returned}", [], Stop)).Dispose();
        await using TouchstoneDb db = await server.OpenAsync();
        Assert.Equal(CaseState.Reopened, (await db.Cases.SingleAsync(c => c.Id == file, Stop)).State);
        Assert.Equal(file, (await db.Hits.SingleAsync(h => h.Id == back, Stop)).CaseId);
    }

    [Fact]
    public async Task A_form_starts_dismisses_and_ends_and_each_is_recorded()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        (long hit, long file) = await ConfirmedAsync(worker);
        (await PostedForm.SendAsync(worker, $"/cases/{file}", "start-watch", [("StartWatch.Because", "looked myself"), ("StartWatch.Hit", $"{hit}")], Stop)).Dispose();
        await using TouchstoneDb db = await server.OpenAsync();
        long id = await db.Watches.Where(w => w.HitId == hit).Select(w => w.Id).SingleAsync(Stop), returned = await ReturnAsync(id, await server.AddHitAsync(0.8));
        (await PostedForm.SendAsync(worker, $"/watches/{id}", $"dismiss-{returned}", [("Reason", "another lamp")], Stop)).Dispose();
        Assert.Contains("another lamp", await worker.GetStringAsync(At($"/watches/{id}"), Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await worker.PostAsJsonAsync($"/api/v1/returns/{returned}/dismiss", new { reason = "again" }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await worker.PostAsync(At($"/api/v1/returns/{returned}/take"), null, Stop)).StatusCode);
        (await PostedForm.SendAsync(worker, $"/watches/{id}", "end-watch", [("Reason", "settled")], Stop)).Dispose();
        Assert.NotNull((await db.Watches.SingleAsync(w => w.Id == id, Stop)).EndedAt);
        Assert.Equal([AuditAction.WatchStarted, AuditAction.ReturnDismissed, AuditAction.WatchEnded], await db.Audit.Where(a => a.Subject == AuditSubject.Hit(hit) && a.Action.StartsWith("watch.")).OrderBy(a => a.Id).Select(a => a.Action).ToListAsync(Stop));
        Assert.Equal(HttpStatusCode.NotFound, (await worker.GetAsync(At("/api/v1/watches/4711000"), Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await worker.GetAsync(At("/watches/4711000"), Stop)).StatusCode);
    }

    private static Uri At(string path) => new(path, UriKind.Relative);

    private async Task<(long Hit, long Case)> ConfirmedAsync(HttpClient worker)
    {
        long hit = await server.AddHitAsync(0.9);
        (await worker.PostAsJsonAsync($"/api/v1/hits/{hit}/decision", new { decision = "Confirm" }, Stop)).EnsureSuccessStatusCode();
        using HttpResponseMessage opened = await worker.PostAsJsonAsync("/api/v1/cases", new { hitIds = new[] { hit } }, Stop);
        return (hit, (await opened.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetInt64());
    }

    private async Task<long> ReturnAsync(long watch, long hit)
    {
        await using TouchstoneDb db = await server.OpenAsync();
        var seen = await db.Hits.Where(h => h.Id == hit).Select(h => new { ListingId = h.ListingId!.Value, ObservationId = h.Match!.Screening!.ObservationId!.Value, h.Match.ImageSha256 }).SingleAsync(Stop);
        var row = new ReturnRow { WatchId = watch, ListingId = seen.ListingId, ObservationId = seen.ObservationId, HitId = hit, Sign = ReturnSign.SameImage, Probability = 0.94, ImageSha256 = seen.ImageSha256, WatchImageSha256 = seen.ImageSha256, ReturnedAt = TimeProvider.System.GetUtcNow(), Days = 5 };
        db.Returns.Add(row);
        await db.SaveChangesAsync(Stop);
        return row.Id;
    }
}

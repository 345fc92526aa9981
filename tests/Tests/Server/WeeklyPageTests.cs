using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

/// <summary>The weekly list in the API and on its page, and who may ask to be sent it.</summary>
[Collection(ServerSet.Name)]
public sealed class WeeklyPageTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_hit_is_in_this_weeks_list_and_its_export_is_recorded()
    {
        using HttpClient reader = server.Client(AccountRole.Viewer);
        long hit = await server.AddHitAsync(0.97);
        await using TouchstoneDb db = await server.OpenAsync();
        await db.Hits.Where(h => h.Id == hit).ExecuteUpdateAsync(s => s.SetProperty(h => h.FoundAt, TimeProvider.System.GetUtcNow()), Stop);
        JsonElement list = await reader.GetFromJsonAsync<JsonElement>("/api/v1/weekly", Stop);
        Assert.Contains(hit, list.GetProperty("lines").EnumerateArray().Where(l => l.GetProperty("status").GetString() == "New").Select(l => l.GetProperty("hitId").GetInt64()));
        Assert.Contains($"/hits/{hit}?", await reader.GetStringAsync(At("/weekly"), Stop), StringComparison.Ordinal);
        using HttpResponseMessage csv = await reader.GetAsync(At($"/api/v1/weekly/list.csv?week={list.GetProperty("week").GetString()}"), Stop);
        Assert.Equal(("text/csv", $"weekly-{list.GetProperty("week").GetString()}.csv"), (csv.Content.Headers.ContentType?.MediaType, csv.Content.Headers.ContentDisposition?.FileName?.Trim('"')));
        Assert.Contains($",{hit},", await csv.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.True(await db.Audit.AnyAsync(a => a.Action == AuditAction.WeeklyExported, Stop));
        Assert.Empty((await reader.GetFromJsonAsync<JsonElement>("/api/v1/weekly?week=2001-W01", Stop)).GetProperty("lines").EnumerateArray());
        Assert.Equal(HttpStatusCode.BadRequest, (await reader.GetAsync(At("/api/v1/weekly?week=2026-W60"), Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await reader.GetAsync(At("/api/v1/weekly?market=Denmark"), Stop)).StatusCode);
    }

    [Fact]
    public async Task A_caseworker_asks_for_one_message_and_ends_it()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker), reader = server.Client(AccountRole.Viewer);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PutAsJsonAsync("/api/v1/weekly/digest", new { address = "a@b.example", pace = "Week" }, Stop)).StatusCode);
        Assert.Contains("no e-mail address", await PostedForm.SeenAsync(worker, "/weekly", "digest", [("Digest.Address", "nobody"), ("Digest.Pace", "Week")], Stop), StringComparison.Ordinal);
        (await PostedForm.SendAsync(worker, "/weekly", "digest", [("Digest.Address", "me@authority.example"), ("Digest.Pace", "Day"), ("Digest.Market", "dk")], Stop)).Dispose();
        JsonElement digest = await worker.GetFromJsonAsync<JsonElement>("/api/v1/weekly/digest", Stop);
        Assert.Equal(("me@authority.example", "Day", "DK"), (digest.GetProperty("address").GetString(), digest.GetProperty("pace").GetString(), digest.GetProperty("market").GetString()));
        (await PostedForm.SendAsync(worker, "/weekly", "end-digest", [], Stop)).Dispose();
        Assert.Equal(HttpStatusCode.NotFound, (await worker.GetAsync(At("/api/v1/weekly/digest"), Stop)).StatusCode);
    }

    [Fact]
    public async Task A_time_before_all_times_is_none_that_breaks_the_figures()
    {
        using HttpClient reader = server.Client(AccountRole.Viewer);
        foreach (string asked in (string[])["to=0001-02-01T00:00:00Z", "from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z"])
            Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(At($"/api/v1/insights/false-matches?{asked}"), Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await reader.GetAsync(At("/api/v1/insights/false-matches?to=0001-01-01T00:00:00Z"), Stop)).StatusCode);
    }

    [Fact]
    public async Task A_page_of_a_feature_marks_it_in_the_menu_wherever_the_page_lies()
    {
        using HttpClient reader = server.Client(AccountRole.Viewer);
        foreach ((string page, string feature) in ((string, string)[])[("/finding", "/searches"), ("/sellers", "/shops"), ("/weekly", "/weekly")])
            Assert.Matches($"<a href=\"{feature}\"[^>]*class=\" ?active\"|<a [^>]*class=\" ?active\"[^>]*href=\"{feature}\"", await reader.GetStringAsync(At(page), Stop));
    }

    private static Uri At(string path) => new(path, UriKind.Relative);
}

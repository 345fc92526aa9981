using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

[Collection(ServerSet.Name)]
public sealed class ProfileApiTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verdicts_are_previewed_by_anyone_applied_by_an_administrator_and_taken_back()
    {
        for (int i = 0; i < 12; i++) await AddRejectedAsync();
        using HttpClient viewer = server.Client(AccountRole.Viewer), caseworker = server.Client(AccountRole.Caseworker), administrator = server.Client(AccountRole.Administrator);
        JsonElement preview = await viewer.GetFromJsonAsync<JsonElement>("/api/v1/profile/preview", Stop);
        JsonElement product = preview.GetProperty("relations").EnumerateArray().Single(r => r.GetProperty("relation").GetString() == "SameProduct");
        Assert.True(preview.GetProperty("changes").GetBoolean());
        Assert.True(product.GetProperty("rejected").GetInt32() >= 12);
        string before = preview.GetProperty("profileId").GetString()!, proposed = preview.GetProperty("proposed").GetProperty("id").GetString()!;

        Assert.Equal(HttpStatusCode.Forbidden, (await caseworker.PostAsJsonAsync("/api/v1/profile/apply", new { id = proposed }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await administrator.PostAsJsonAsync("/api/v1/profile/apply", new { id = "other" }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await administrator.PostAsJsonAsync("/api/v1/profile/apply", new { id = proposed }, Stop)).StatusCode);
        Assert.Equal(proposed, await InUseAsync(viewer));
        string page = await administrator.GetStringAsync("/system/profile", Stop);
        Assert.Contains("Take the adjusted profile back", page, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Forbidden, (await caseworker.PostAsJsonAsync("/api/v1/profile/undo", new { id = proposed }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await administrator.PostAsJsonAsync("/api/v1/profile/undo", new { id = proposed }, Stop)).StatusCode);
        Assert.Equal(before, await InUseAsync(viewer));
        Assert.DoesNotContain("name=\"Input.Apply\"", await viewer.GetStringAsync("/system/profile", Stop), StringComparison.Ordinal);
        Assert.Contains("name=\"Input.Apply\"", await administrator.GetStringAsync("/system/profile", Stop), StringComparison.Ordinal);
    }

    private static async Task<string?> InUseAsync(HttpClient client) =>
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/system", Stop)).GetProperty("profile").GetProperty("id").GetString();

    private async Task AddRejectedAsync()
    {
        long id = await server.AddHitAsync();
        await using TouchstoneDb db = await server.OpenAsync();
        HitRow hit = await db.Hits.Include(h => h.Match).SingleAsync(h => h.Id == id, Stop);
        hit.State = HitState.Rejected;
        hit.Decisions.Add(new() { MatchId = hit.MatchId, State = HitState.Rejected, DecidedBy = "anna" });
        hit.Match!.Signals = """{"features":{"similarity":0.9,"regionSimilarity":0.93,"normalisedScore":6,"normalisedRegionScore":6,"pdqCloseness":0.4,"logInliers":3.2,"coverage":0.4,"queryCoverage":0.3,"support":0.7,"logAgreement":1.2,"overlay":0.1,"textAgreement":0,"placedText":1,"placedColour":1,"logOddsMargin":5,"offer":0}}""";
        await db.SaveChangesAsync(Stop);
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

/// <summary>The same offer at several shops in the API and on the page of a hit, decided in one go.</summary>
[Collection(ServerSet.Name)]
public sealed class AlikeTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_hits_of_one_offer_at_several_shops_are_shown_together_and_decided_together()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker), reader = server.Client(AccountRole.Viewer);
        (HitRow own, HitRow[] others) = await AddAsync();
        JsonElement told = await reader.GetFromJsonAsync<JsonElement>($"/api/v1/hits/{own.Id}/alike", Stop);
        Assert.Equal((2, false), (told.GetProperty("shops").GetInt32(), told.GetProperty("isCut").GetBoolean()));
        Assert.Equal(others.Select(h => h.Id), told.GetProperty("offers").EnumerateArray().Select(o => o.GetProperty("hit").GetProperty("id").GetInt64()).Order());
        Assert.Equal("NearTitle", told.GetProperty("offers")[0].GetProperty("signs")[0].GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await reader.GetAsync(At("/api/v1/hits/4711000/alike"), Stop)).StatusCode);

        string page = await reader.GetStringAsync(At($"/hits/{own.Id}"), Stop);
        Assert.Contains("The same offer at 2 other shops", page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"hits\"", page, StringComparison.Ordinal);
        foreach (HitRow hit in others)
        {
            Assert.Contains(hit.Listing!.Shop!.Host, page, StringComparison.Ordinal);
            Assert.Contains(hit.Listing.Url, page, StringComparison.Ordinal);
        }

        // Nothing chosen is refused, with the form as it was.
        string refused = await PostedForm.SeenAsync(worker, $"/hits/{own.Id}", "alike", [("Input.Action", "Reject"), ("Input.Note", "all one")], Stop);
        Assert.Contains("Choose a hit first.", refused, StringComparison.Ordinal);
        Assert.Contains("all one", refused, StringComparison.Ordinal);
        (await PostedForm.SendAsync(worker, $"/hits/{own.Id}", "alike", [("Input.Action", "Reject:Genuine"), .. new[] { own }.Concat(others).Select(h => ("hits", $"{h.Id}:New:{h.MatchId}"))], Stop)).Dispose();
        await using TouchstoneDb db = await server.OpenAsync();
        long[] ids = [own.Id, .. others.Select(h => h.Id)];
        Assert.Equal(3, await db.Hits.CountAsync(h => ids.Contains(h.Id) && h.State == HitState.Rejected && h.Reason == RejectReason.Genuine, Stop));
        Assert.DoesNotContain("Reject what is chosen", await worker.GetStringAsync(At($"/hits/{own.Id}?state=any"), Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deciding_leads_back_to_the_hit_in_its_queue_and_a_long_note_is_not_lost()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        (HitRow own, HitRow[] others) = await AddAsync();
        string queue = await worker.GetStringAsync(At($"/hits?reference={own.ReferenceId}&order=Newest"), Stop);
        string here = $"/hits/{others[1].Id}?reference={own.ReferenceId}&order=Newest", chosen = $"{own.Id}:New:{own.MatchId}", note = string.Concat(Enumerable.Repeat("Long words. ", 500));
        Assert.Contains($"action=\"{here.Replace("&", "&amp;", StringComparison.Ordinal)}\"", queue, StringComparison.Ordinal);

        using HttpResponseMessage refused = await PostedForm.SendAsync(worker, here, "alike", [("Input.Action", "nonsense"), ("hits", chosen), ("Input.Note", note)], Stop);
        string html = WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        Assert.Matches("<details class=\"card same-elsewhere\" open", html);
        Assert.Contains("'nonsense' is no decision.", html, StringComparison.Ordinal);
        Assert.Contains($"value=\"{chosen}\" checked", html, StringComparison.Ordinal);
        Assert.Contains(note, html, StringComparison.Ordinal);

        using HttpResponseMessage done = await PostedForm.SendAsync(worker, here, "alike", [("Input.Action", "Reject:Genuine"), ("hits", chosen)], Stop);
        Assert.Equal(here, new Uri(server.Address, done.Headers.Location!).PathAndQuery);
    }

    private static Uri At(string path) => new(path, UriKind.Relative);

    /// <summary>A reference with the same offer at three shops.</summary>
    private async Task<(HitRow Own, HitRow[] Others)> AddAsync()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await using TouchstoneDb db = await server.OpenAsync();
        RegisterRow register = await db.Registers.FirstAsync(Stop);
        var reference = new ReferenceRow { Register = register, ExternalId = $"{Guid.NewGuid():N}", Kind = ReferenceKind.Alert, Title = "Kettle", RawPayload = "{}", ContentHash = "1", ImportedAt = now, UpdatedAt = now };
        HitRow[] hits = [.. Enumerable.Range(0, 3).Select(_ =>
        {
            string host = $"{Guid.NewGuid():N}.example";
            var listing = new ListingRow { Shop = new ShopRow { Host = host, FirstSeenAt = now }, Url = $"https://{host}/p", Name = "Blue kettle 1.7 l", FirstSeenAt = now, LastSeenAt = now };
            var observation = new ObservationRow { Listing = listing, Number = 1, Name = listing.Name, ContentHash = "1", FirstSeenAt = now, LastSeenAt = now };
            var match = new MatchRow { Reference = reference, Relation = Relation.SameProduct, Probability = 0.9, Verdict = Verdict.Review, Signals = "{}" };
            db.Screenings.Add(new ScreeningRow { Observation = observation, Verdict = Verdict.Review, ModelId = "m", ProfileId = "p", GalleryFingerprint = "f", InputHash = "1", ScreenedAt = now, Matches = { match } });
            return new HitRow { Listing = listing, Reference = reference, Match = match, Relation = match.Relation, Probability = 0.9, Verdict = Verdict.Review, FoundAt = now };
        })];
        db.Hits.AddRange(hits);
        await db.SaveChangesAsync(Stop);
        return (hits[0], hits[1..]);
    }
}

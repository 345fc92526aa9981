using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>A person's data by the API and on the page, and how long it is kept.</summary>
[Collection(ServerSet.Name)]
public sealed class PersonPageTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_picture_is_erased_by_its_hash_and_a_refusal_keeps_what_was_typed()
    {
        string sha256;
        await using (TouchstoneDb db = await server.OpenAsync()) sha256 = (await SampleHits.AddAsync(db)).Match!.ImageSha256!;
        using HttpClient administrator = server.Client(AccountRole.Administrator);
        string refused = await PostedForm.SeenAsync(administrator, "/system/persons", "erase-picture", [("Picture.Sha256", "abc"), ("Picture.Reason", "Request 18")], Stop);
        Assert.Contains("\"abc\" is no SHA-256", refused, StringComparison.Ordinal);
        Assert.Contains("value=\"Request 18\"", refused, StringComparison.Ordinal);
        Assert.Contains("Nothing is stored under", await PostedForm.SeenAsync(administrator, "/system/persons", "erase-picture", [("Picture.Sha256", new string('0', 64)), ("Picture.Reason", "Request 18")], Stop), StringComparison.Ordinal);
        Assert.Contains("Erased. The hash", await PostedForm.SeenAsync(administrator, "/system/persons", "erase-picture", [("Picture.Sha256", sha256), ("Picture.Reason", "Request 18")], Stop), StringComparison.Ordinal);
        await using TouchstoneDb after = await server.OpenAsync();
        Assert.Equal("Request 18", (await after.Erasures.SingleAsync(x => x.Sha256 == sha256, Stop)).Reason);
    }

    [Fact]
    public async Task A_person_is_found_handed_out_and_erased()
    {
        string name = $"Jens {Guid.NewGuid():N}";
        await SeenAsync(name);
        using HttpClient administrator = server.Client(AccountRole.Administrator), worker = server.Client(AccountRole.Caseworker);
        JsonElement found = Assert.Single((await AskAsync(administrator, "search", new { text = name.ToUpperInvariant() })).EnumerateArray().ToArray());
        string pick = found.GetProperty("pick").GetString()!;
        Assert.Equal((name, 1), (found.GetProperty("value").GetString(), found.GetProperty("rows").GetInt32()));

        using HttpResponseMessage looked = await PostedForm.SendAsync(administrator, "/system/persons", "find", [("Search.Text", name)], Stop);
        string page = await looked.Content.ReadAsStringAsync(Stop);
        Assert.Contains($"value=\"{pick}\"", page, StringComparison.Ordinal);
        Assert.Contains("Write at least 3 letters or digits of it.", await PostedForm.SeenAsync(administrator, "/system/persons", "find", [("Search.Text", "")], Stop), StringComparison.Ordinal);
        Assert.Contains("Nobody is chosen. Look again", await administrator.GetStringAsync(At("/system/persons?chosen=1"), Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await worker.GetAsync(At("/system/persons"), Stop)).StatusCode);

        using HttpResponseMessage zip = await administrator.PostAsJsonAsync("/api/v1/persons/export", new { picks = new[] { pick }, reason = "Request 17" }, Stop);
        Assert.Equal("application/zip", zip.Content.Headers.ContentType!.MediaType);
        using var archive = new ZipArchive(await zip.Content.ReadAsStreamAsync(Stop));
        Assert.Contains(name, await new StreamReader(archive.GetEntry("person.json")!.Open()).ReadToEndAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await administrator.PostAsync(At("/system/persons/export"), new FormUrlEncodedContent([new("pick", pick), new("reason", "x")]), Stop)).StatusCode);

        JsonElement count = await AskAsync(administrator, "erasure-count", new { picks = new[] { pick } });
        Assert.Equal(1, count.GetProperty("changed").GetProperty("observations").GetInt32());
        string shown = await administrator.GetStringAsync(At($"/system/persons?pick={pick}"), Stop);
        Assert.Contains("What stays, and why", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(name, shown, StringComparison.Ordinal);
        using HttpResponseMessage saved = await administrator.PostAsync(At("/system/persons/export"), new FormUrlEncodedContent([new("__RequestVerificationToken", PostedForm.TokenOf(shown)), new("pick", pick), new("reason", "Request 17")]), Stop);
        Assert.Equal("person.zip", saved.Content.Headers.ContentDisposition!.FileName);
        (await PostedForm.SendAsync(administrator, $"/system/persons?pick={pick}", "erase", [("Input.Reason", "Request 17")], Stop)).Dispose();
        Assert.Empty((await AskAsync(administrator, "search", new { text = name })).EnumerateArray());
        Assert.Contains("person.erased", await administrator.GetStringAsync(At("/api/v1/audit?action=person.erased"), Stop), StringComparison.Ordinal);
        using HttpResponseMessage none = await administrator.PostAsJsonAsync("/api/v1/persons/erasure", new { picks = new[] { "trait:x" }, reason = "Request 17" }, Stop);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task Retention_is_told_by_the_operators_role()
    {
        using HttpClient reader = server.Client(AccountRole.Viewer);
        JsonElement told = await reader.GetFromJsonAsync<JsonElement>("/api/v1/retention", Stop);
        Assert.Equal(["Unmatched", "Rejected", "Undecided", "Confirmed", "RejectedCase", "ClosedCase"], told.GetProperty("offers").EnumerateArray().Select(x => x.GetProperty("state").GetString()!));
        Assert.Contains("Most for this role", await reader.GetStringAsync(At("/system/retention"), Stop), StringComparison.Ordinal);
    }

    private static Uri At(string path) => new(path, UriKind.Relative);

    private static async Task<JsonElement> AskAsync(HttpClient client, string what, object body)
    {
        using HttpResponseMessage answer = await client.PostAsJsonAsync($"/api/v1/persons/{what}", body, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

    private async Task SeenAsync(string name)
    {
        await using TouchstoneDb db = await server.OpenAsync();
        ShopRow shop = await SampleHits.AddShopAsync(db);
        var listing = new ListingRow { ShopId = shop.Id, Url = $"https://{shop.Host}/p", Name = "Lamp", FirstSeenAt = TimeProvider.System.GetUtcNow(), LastSeenAt = TimeProvider.System.GetUtcNow() };
        db.Observations.Add(new ObservationRow { Listing = listing, Number = 1, Name = "Lamp", Seller = name, ContentHash = new string('1', 64), FirstSeenAt = listing.FirstSeenAt, LastSeenAt = listing.LastSeenAt });
        await db.SaveChangesAsync(Stop);
    }
}

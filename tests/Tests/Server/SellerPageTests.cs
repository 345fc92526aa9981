using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Touchstone.Screening.Sellers;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

/// <summary>Shops and sellers in the API and on the pages: numbers, what joins them, and a person's word against it.</summary>
[Collection(ServerSet.Name)]
public sealed class SellerPageTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shop_shows_with_what_it_is_joined_and_why_and_a_person_takes_it_apart_and_together_again()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker), reader = server.Client(AccountRole.Viewer);
        (long shop, long seller, long other, string host) = await JoinedAsync();
        JsonElement told = await reader.GetFromJsonAsync<JsonElement>($"/api/v1/shops/{shop}", Stop);
        JsonElement joined = told.GetProperty("cluster").GetProperty("members").EnumerateArray().Single(m => m.GetProperty("shopId").GetInt64() == other);
        Assert.Contains("Vat", joined.GetProperty("traits").EnumerateArray().Select(t => t.GetProperty("kind").GetString()));
        string page = await worker.GetStringAsync(At($"/shops/{shop}"), Stop);
        Assert.Contains(host, page, StringComparison.Ordinal);
        Assert.Contains("DE987654328", page, StringComparison.Ordinal);
        Assert.Contains("Bright", await reader.GetStringAsync(At($"/sellers/{seller}"), Stop), StringComparison.Ordinal);
        Assert.Contains($"/sellers/{seller}\"", await reader.GetStringAsync(At("/sellers?name=bright"), Stop), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PostAsJsonAsync($"/api/v1/shops/{shop}/not-same", new { otherShopId = other, because = "x" }, Stop)).StatusCode);
        (await PostedForm.SendAsync(worker, $"/shops/{shop}", $"apart-{other}-", [("Reason", "two firms")], Stop)).Dispose();
        page = await worker.GetStringAsync(At($"/shops/{shop}"), Stop);
        Assert.Contains("two firms", page, StringComparison.Ordinal);
        Assert.DoesNotContain("are not the same</button>", page, StringComparison.Ordinal);
        (await PostedForm.SendAsync(worker, $"/shops/{shop}", $"join-{other}", [], Stop)).Dispose();
        Assert.DoesNotContain("two firms", await worker.GetStringAsync(At($"/shops/{shop}"), Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await worker.DeleteAsync(At($"/api/v1/shops/{shop}/not-same/{other}"), Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await worker.GetAsync(At("/shops/4711000"), Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await worker.GetAsync(At("/api/v1/sellers/4711000"), Stop)).StatusCode);
    }

    private static Uri At(string path) => new(path, UriKind.Relative);

    private async Task<(long Shop, long Seller, long Other, string Host)> JoinedAsync()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        string mine = $"{Guid.NewGuid():N}.example", host = $"{Guid.NewGuid():N}.example";
        await using TouchstoneDb db = await server.OpenAsync();
        ListingRow one = new() { Shop = new ShopRow { Host = mine, FirstSeenAt = now }, Url = $"https://{mine}/p", FirstSeenAt = now, LastSeenAt = now };
        ListingRow two = new() { Shop = new ShopRow { Host = host, FirstSeenAt = now }, Url = $"https://{host}/p", FirstSeenAt = now, LastSeenAt = now };
        db.Listings.AddRange(one, two);
        await db.SaveChangesAsync(Stop);
        await SellerStore.NoteAsync(db, one, "Bright & Sons", PageTraits.Of("USt-Id: DE987654328"), now, Stop);
        await SellerStore.NoteAsync(db, two, null, PageTraits.Of("VAT: DE 987654328"), now, Stop);
        await db.SaveChangesAsync(Stop);
        return (one.ShopId, one.SellerId!.Value, two.ShopId, host);
    }
}

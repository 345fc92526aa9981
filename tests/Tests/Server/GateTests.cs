using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Screening.Features;
using Touchstone.Screening.Following;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Server;

[Collection(ServerSet.Name)]
public sealed class GateTests(ServerFixture server)
{
    [Fact]
    public async Task An_edited_copy_of_an_alert_is_blocked_with_the_reason()
    {
        JsonElement answer = await AskAsync(new { title = "Lamp", images = new[] { new { bytes = Drawn.EditedCopy(Drawn.Package(7)) } } });
        Assert.Equal("Block", answer.GetProperty("decision").GetString());
        Assert.Contains("A-1", answer.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(server.ReferenceId, answer.GetProperty("matches")[0].GetProperty("referenceId").GetInt64());
    }

    [Fact]
    public async Task The_answer_says_what_to_do_in_each_market_and_a_market_that_is_none_is_refused()
    {
        byte[] picture = Drawn.EditedCopy(Drawn.Package(7));
        JsonElement answer = await AskAsync(new { images = new[] { new { bytes = picture } }, markets = new[] { "DE", "US" } });
        Assert.Equal([("DE", "Block"), ("US", "Block")], answer.GetProperty("markets").EnumerateArray().Select(x => (x.GetProperty("market").GetString()!, x.GetProperty("decision").GetString()!)));
        using HttpResponseMessage refused = await PostAsync(new { images = new[] { new { bytes = picture } }, markets = new[] { "DE", "UK" } }, null);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("UK", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("value").GetString());
    }

    [Fact]
    public async Task An_address_that_no_index_takes_is_refused()
    {
        using HttpResponseMessage refused = await PostAsync(new { images = new[] { new { bytes = ImageEncoder.Jpeg(Drawn.Bottle()) } }, url = $"https://market.example/{new string('ä', 1_000)}" }, null);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("at most 2048 characters", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_product_is_allowed()
    {
        JsonElement answer = await AskAsync(new { title = "Spoon", images = new[] { new { bytes = ImageEncoder.Jpeg(Drawn.Bottle()) } } });
        Assert.Equal("Allow", answer.GetProperty("decision").GetString());
        Assert.Equal("NoMatch", answer.GetProperty("verdict").GetString());
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/picture.jpg")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("file:///etc/passwd")]
    public async Task A_picture_that_may_not_be_fetched_is_to_be_reviewed(string url)
    {
        JsonElement answer = await AskAsync(new { title = "Lamp", images = new[] { new { url } } });
        Assert.Equal("Review", answer.GetProperty("decision").GetString());
        Assert.Equal("ImageNotFetched", answer.GetProperty("undetermined").GetString());
    }

    [Fact]
    public async Task The_picture_of_a_search_blocks_nobody()
    {
        byte[] searched = ImageEncoder.Png(Drawn.Bottle());
        string sha256 = (await server.Services.GetRequiredService<FeatureStore>().ReadAsync(searched, default)).Sha256;
        await using (TouchstoneDb db = await server.OpenAsync())
        {
            var search = new SearchRow { Name = "lamps", ImageSha256 = sha256, ShopUrls = "https://shop.example/", CreatedBy = "anna" };
            db.Searches.Add(search);
            await db.SaveChangesAsync();
            Assert.NotNull((await server.Services.GetRequiredService<SearchPictures>().TargetAsync(search, default)).Picture);
        }
        await server.Services.GetRequiredService<GalleryFollower>().RefreshAsync(null, default);
        JsonElement answer = await AskAsync(new { title = "Lamp", images = new[] { new { bytes = searched } } });
        Assert.Equal(("Allow", 0), (answer.GetProperty("decision").GetString(), answer.GetProperty("matches").GetArrayLength()));
    }

    [Fact]
    public async Task A_file_that_is_no_picture_is_to_be_reviewed()
    {
        JsonElement answer = await AskAsync(new { images = new[] { new { bytes = "no picture"u8.ToArray() } } });
        Assert.Equal("Review", answer.GetProperty("decision").GetString());
        Assert.Equal("ImageNotDecoded", answer.GetProperty("undetermined").GetString());
    }

    [Fact]
    public async Task A_key_gives_the_same_answer_again_and_refuses_another_body()
    {
        byte[] picture = ImageEncoder.Jpeg(Drawn.Package(99));
        string key = Guid.NewGuid().ToString();
        using HttpResponseMessage first = await PostAsync(new { listingId = "1", images = new[] { new { bytes = picture } } }, key);
        using HttpResponseMessage again = await PostAsync(new { listingId = "1", images = new[] { new { bytes = picture } } }, key);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        using HttpResponseMessage other = await PostAsync(new { listingId = "2", images = new[] { new { bytes = picture } } }, key);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
    }

    [Fact]
    public async Task Equal_requests_at_once_are_answered_alike()
    {
        byte[] picture = ImageEncoder.Jpeg(Drawn.Package(98));
        string key = Guid.NewGuid().ToString();
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PostAsync(new { images = new[] { new { bytes = picture } } }, key)));
        string[] bodies = await Task.WhenAll(responses.Select(x => x.Content.ReadAsStringAsync()));
        Assert.Single(bodies.Distinct());
        Assert.All(responses, x => Assert.Equal(HttpStatusCode.OK, x.StatusCode));
        foreach (HttpResponseMessage response in responses) response.Dispose();
    }

    private async Task<JsonElement> AskAsync(object body)
    {
        using HttpResponseMessage response = await PostAsync(body, null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<HttpResponseMessage> PostAsync(object body, string? key)
    {
        using HttpClient client = server.Client(AccountRole.Gate);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/gate/listings") { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request);
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

[Collection(ServerSet.Name)]
public sealed class PagingTests(ServerFixture server)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Parts_of_a_list_are_the_list_although_probabilities_are_equal(int limit)
    {
        using HttpClient client = server.Client(AccountRole.Viewer);
        // Other tests of this server add hits: the list in its largest parts, read on while there is more.
        List<long> expected = await ReadAsync(client, 200), seen = await ReadAsync(client, limit);
        Assert.Equal(expected, seen);
        Assert.Distinct(seen);
        Assert.True(expected.Count >= server.HitIds.Count);
    }

    private static async Task<List<long>> ReadAsync(HttpClient client, int limit)
    {
        List<long> seen = [];
        for (string? next = $"/api/v1/hits?limit={limit}"; next is not null;)
        {
            using HttpResponseMessage response = await client.GetAsync(next);
            JsonElement page = await response.Content.ReadFromJsonAsync<JsonElement>();
            seen.AddRange(Ids(page));
            string? cursor = page.GetProperty("next").GetString();
            string? link = response.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? links.Single() : null;
            Assert.Equal(cursor is null, link is null);
            next = link?[1..link.IndexOf('>', StringComparison.Ordinal)];
        }
        return seen;
    }

    private static IEnumerable<long> Ids(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(x => x.GetProperty("id").GetInt64());
}

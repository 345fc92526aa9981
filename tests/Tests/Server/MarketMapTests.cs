using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.Insights;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

/// <summary>The map of markets: a tile a country, each in a place of its own, with the numbers and ways of the table.</summary>
[Collection(ServerSet.Name)]
public sealed class MarketMapTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Each_market_has_one_tile_in_a_place_of_its_own()
    {
        IReadOnlyList<MarketTile> tiles = MarketTiles.Of(["DK", "ZA", "EU"]);
        Assert.Equal(tiles.Count, tiles.Select(x => x.Market).Distinct().Count());
        Assert.Equal(tiles.Count, tiles.Select(x => (x.Column, x.Row)).Distinct().Count());
        Assert.All(tiles, x => Assert.InRange(x.Column, 0, MarketTiles.Columns - 1));
        Assert.All("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK KR ZA EU".Split(' '), x => Assert.Contains(tiles, t => t.Market == x));
    }

    [Theory]
    [InlineData(1, 100, 1)]
    [InlineData(25, 100, 1)]
    [InlineData(26, 100, 2)]
    [InlineData(100, 100, 4)]
    [InlineData(1, 1, 4)]
    public void A_tile_is_darker_by_quarters_of_the_most(int found, int most, int level) => Assert.Equal(level, MarketTiles.LevelOf(found, most));

    [Theory]
    [InlineData(9_999, "9999")]
    [InlineData(12_500, "12k")]
    [InlineData(2_000_000, "2M")]
    public void A_count_fits_its_tile(int count, string shown) => Assert.Equal(shown, MarketTiles.Short(count));

    [Fact]
    public async Task The_map_leads_where_the_table_leads()
    {
        await using TouchstoneDb db = await server.OpenAsync();
        long hit = await server.AddHitAsync();
        ShopRow shop = await db.Hits.Where(x => x.Id == hit).Select(x => x.Listing!.Shop!).SingleAsync(Stop);
        if (!await db.ShopMarkets.AnyAsync(x => x.Host == shop.Host && x.Country == "KR", Stop)) db.ShopMarkets.Add(new ShopMarketRow { Host = shop.Host, Country = "KR", Standing = MarketStanding.Targets });
        await db.SaveChangesAsync(Stop);
        using HttpClient reader = server.Client(AccountRole.Viewer);
        string page = await reader.GetStringAsync(new Uri("/insights?market=KR", UriKind.Relative), Stop);
        Assert.Matches("<a class=\"tile l[1-4]\" href=\"/insights\\?market=KR\" aria-current=\"true\"><title>KR · South Korea: [0-9]+ hits?</title>", System.Net.WebUtility.HtmlDecode(page));
        using HttpClient dane = server.Client(AccountRole.Viewer);
        dane.DefaultRequestHeaders.Add("Accept-Language", "da");
        Assert.Contains("KR · Sydkorea", System.Net.WebUtility.HtmlDecode(await dane.GetStringAsync(new Uri("/insights?market=KR", UriKind.Relative), Stop)), StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\"><a href=\"/insights?market=KR\"", page, StringComparison.Ordinal);
        Assert.Contains("/hits?state=any&amp;mark=all&amp;market=KR\"", page, StringComparison.Ordinal);
        long register = await db.Registers.Where(x => x.Name == "test").Select(x => x.Id).SingleAsync(Stop);
        Assert.Contains($"/hits?state=any&amp;mark=all&amp;market=KR&amp;register={register}\"", await reader.GetStringAsync(new Uri($"/insights?market=KR&register={register}", UriKind.Relative), Stop), StringComparison.Ordinal);
        // What is no market's code narrows no list of hits, so no link promises it.
        Assert.DoesNotContain("/hits?state=any&amp;mark=all&amp;market=", await reader.GetStringAsync(new Uri("/insights?market=UK", UriKind.Relative), Stop), StringComparison.Ordinal);
    }
}

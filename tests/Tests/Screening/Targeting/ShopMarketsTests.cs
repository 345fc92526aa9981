using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction.Shop;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Targeting;
using Touchstone.Server.Queries;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Targeting;

/// <summary>What signals come to, and what is kept of them.</summary>
public sealed class ShopMarketsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Dispatch:DK", "DK Targets")]
    [InlineData("Domain:DK", "DK MayTarget")]
    [InlineData("Domain:DK Language:DK", "DK Targets")]
    [InlineData("Domain:DE Language:AT,DE Currency:AT,DE,FR", "AT MayTarget, DE Targets")]
    [InlineData("Currency:AT,DE,FR", "")]
    [InlineData("Language:AU,CA,GB,US Currency:CA,US", "CA MayTarget, US MayTarget")]
    [InlineData("Language:BR,PT Currency:AT,DE,PT", "PT Targets")]
    [InlineData("Language:BR,PT Language:AT,DE Currency:AT,DE,PT", "AT MayTarget, DE MayTarget, PT MayTarget")]
    [InlineData("VatNumber:DE Dispatch:AT", "AT Targets, DE MayTarget")]
    [InlineData("", "")]
    public void The_rule_asks_for_dispatch_or_two_kinds_that_mean_the_country_alone(string signals, string markets)
    {
        MarketSignal[] seen = [.. signals.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split(':')).Select(s => new MarketSignal(Enum.Parse<MarketSignalKind>(s[0]), s[1].Split(','), s[0]))];
        Assert.Equal(markets, string.Join(", ", MarketRule.Judge(seen).Select(m => $"{m.Country} {m.Standing}")));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Signals_of_a_shop_are_kept_once_with_their_first_page_and_hits_are_asked_for_by_market(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var clock = new ManualClock();
        var markets = new ShopMarkets(database, clock);
        DateTimeOffset first = clock.GetUtcNow();
        await markets.KeepAsync("https://Shop.dk/p/1", [new(MarketSignalKind.Domain, ["DK"], "shop.dk")], new KeptSignals(), Stop);
        clock.Advance(TimeSpan.FromDays(1));
        KeptSignals run = new();
        for (int page = 2; page < 5; page++) await markets.KeepAsync($"https://shop.dk/p/{page}", [new(MarketSignalKind.Domain, ["DK"], "shop.dk"), new(MarketSignalKind.Language, ["DK"], "da"), new(MarketSignalKind.Currency, ["AT", "DE"], "EUR"), new(MarketSignalKind.Language, ["AT", "DE"], "de")], run, Stop);
        await using TouchstoneDb db = database.CreateDbContext();
        ShopTargets shop = (await ShopMarkets.OfAsync(db, ["shop.dk"], Stop))["shop.dk"];
        Assert.Equal([("DK", MarketStanding.Targets), ("AT", MarketStanding.MayTarget), ("DE", MarketStanding.MayTarget)], shop.Markets.Select(m => (m.Country, m.Standing)).OrderByDescending(m => m.Standing).ThenBy(m => m.Country, StringComparer.Ordinal));
        MarketSignalRow domain = shop.Signals.Single(s => s.Kind == MarketSignalKind.Domain);
        Assert.Equal(("https://Shop.dk/p/1", first, first.AddDays(1)), (domain.PageUrl, domain.FirstSeenAt, domain.LastSeenAt));
        Assert.Equal(2, shop.SignalsOf("DE").Count());

        ShopRow row = await SampleHits.AddShopAsync(db, "shop.dk"), elsewhere = await SampleHits.AddShopAsync(db, "shop.example");
        HitRow hit = await SampleHits.AddAsync(db, shop: row);
        await SampleHits.AddAsync(db, shop: elsewhere);
        async Task<long[]> HitsAsync(HitFilter filter) => await HitQueries.Where(db, filter, clock.GetUtcNow()).Select(h => h.Id).ToArrayAsync(Stop);
        Assert.Equal([hit.Id], await HitsAsync(new HitFilter(Market: "DK", Targets: true)));
        Assert.Equal([hit.Id], await HitsAsync(new HitFilter(Market: "DE")));
        Assert.Equal([hit.Id], await HitsAsync(new HitFilter(Market: "EU", Targets: true)));
        Assert.Empty(await HitsAsync(new HitFilter(Market: "DE", Targets: true)));
        Assert.Empty(await HitsAsync(new HitFilter(Market: "SE")));
        Assert.Equal([new MarketHits("DK", 1, 0), new MarketHits("AT", 0, 1), new MarketHits("DE", 0, 1)], await MarketHits.OfAsync(db, new HitFilter(), clock.GetUtcNow(), Stop));
        using var csv = new StringWriter();
        await HitExport.WriteCsvAsync(HitExport.ReadAsync(db, new HitFilter(Market: "DK"), HitOrder.Newest, clock.GetUtcNow(), Stop), csv, Stop);
        Assert.EndsWith(",DK,AT DE", csv.ToString().TrimEnd(), StringComparison.Ordinal);
    }
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Cli.Demo;
using Touchstone.Cli.Searching;
using Touchstone.Crawling;
using Touchstone.Market;
using Touchstone.Market.Catalogue;
using Touchstone.Screening;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Screening.Screenings;

namespace Touchstone.Tests.Cli;

/// <summary>What the demo says of its result, after a search by the product's own runner.</summary>
public sealed class DemoCheckTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("touchstone-market-").FullName;
    private DemoMarket _market = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _market = await DemoMarket.StartAsync(_folder, Path.Combine(AppContext.BaseDirectory, "demo", "marks"), 0, Stop);

    public async ValueTask DisposeAsync()
    {
        await _market.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Without_a_browser_the_shop_that_needs_one_is_not_searched_and_nothing_in_it_is_missed()
    {
        SearchReport report = await SearchAsync(x => x.Rendering.ExecutablePath = Path.Combine(_folder, "no-browser"));
        UnsearchedShop shop = Assert.Single(report.NotSearched);
        Assert.Equal((_market.Shops[^1].Authority, UnsearchedReason.BrowserMissing), (shop.Host, shop.Reason));

        DemoCheck check = DemoCheck.Of(_market, report);
        PassedOverShop passedOver = Assert.Single(check.NotSearched);
        Assert.Equal((shop.Host, "BrowserMissing"), (passedOver.Shop, passedOver.Reason));
        Assert.Contains("apt-get install -y chromium", passedOver.Remedy, StringComparison.Ordinal);
        Assert.Equal(_market.Truth.Keys.Count(x => new Uri(x).Authority == shop.Host), passedOver.Planted);
        Assert.True(passedOver.Planted > 0);
        Assert.Equal(_market.Truth.Count, check.Planted + passedOver.Planted);
        Assert.DoesNotContain(check.Missed, x => new Uri(x.Url).Authority == shop.Host);
        Assert.Equal(_market.Catalogue.Listings.Count(x => !x.IsDisallowed && x.Shop != DemoShopKind.ClientRendered), check.ListingsExpected);
        // The search was of this shop alone: what the others hold was not found, and that is a miss.
        Assert.Equal(check.Planted, check.Missed.Count);
        Assert.False(check.Passed);
        Assert.True((check with { Missed = [] }).Passed);
    }

    [Fact]
    public async Task A_browser_that_does_not_start_is_told_apart_from_a_missing_one()
    {
        string broken = Path.Combine(_folder, "broken-browser");
        await File.WriteAllTextAsync(broken, "#!/bin/sh\nexit 1\n", Stop);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(broken, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        SearchReport report = await SearchAsync(x =>
        {
            x.Rendering.ExecutablePath = broken;
            x.Retry.FirstDelay = TimeSpan.FromMilliseconds(10);
        });
        Assert.Equal(UnsearchedReason.BrowserBroken, Assert.Single(report.NotSearched).Reason);
        Assert.Contains("does not start", Assert.Single(DemoCheck.Of(_market, report).NotSearched).Remedy, StringComparison.Ordinal);
    }

    /// <summary>A search of the shop that shows nothing without a browser.</summary>
    private async Task<SearchReport> SearchAsync(Action<CrawlingOptions> configure)
    {
        await using TestCore core = await TestCore.StartAsync(crawling: x =>
        {
            DemoRun.Allow(x, _market);
            configure(x);
        });
        long run;
        await using (TouchstoneDb db = await core.OpenAsync())
            run = (await CreateSearch.RunAsync(new VerbContext(db, "test", TimeProvider.System), new CreateSearch.Request("Demo", [_market.Shops[^1].AbsoluteUri], null, null, null), Stop)).Value!.Id;
        SearchRunRow? done = await core.Get<SearchRunner>().RunNextAsync("test", run, null, Stop);
        Assert.Equal((RunState.Finished, null), (done?.State, done?.Error));
        return await SearchReport.ReadAsync(core.Get<IDbContextFactory<TouchstoneDb>>(), run, 0, Stop);
    }
}

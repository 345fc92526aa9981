using System.Text.Json;
using Touchstone.Crawling;
using Touchstone.Evaluation.Crawls;
using Touchstone.Market.Shops;
using Touchstone.Tests.Cli;
using Touchstone.Tests.Crawling;

namespace Touchstone.Tests.Market;

/// <summary>The shop that crawlers are measured on, and the measuring itself.</summary>
public sealed class LargeShopTests
{
    private const int Products = 150;

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, true)]
    public async Task Every_product_is_read_in_at_most_two_requests_each_whatever_leads_astray(bool traps, bool sitemap, bool flat)
    {
        await using LoopbackSite site = await LoopbackSite.StartAsync();
        CrawlGround ground = new(Products) { Address = new Uri(site.Url("/")) };
        site.Others(new LargeShop(ground, traps, sitemap, flat).AnswerAsync);
        await using CrawlHarness crawl = new(null, null, site);
        CrawlReport report = await crawl.RunAsync(CrawlHarness.Request(site.Url("/")));

        string[] read = [.. crawl.Sink.Pages.Select(p => p.Extraction.Listing?.Sku).OfType<string>()];
        Assert.Equal(Products, read.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Products, read.Length);
        Assert.True(ground.Requests <= 2 * Products, $"{ground.Requests} requests: {string.Join(' ', site.Requests)}");
        Assert.DoesNotContain(report.Counts, c => c.Reason == "depth");
        Assert.DoesNotContain(site.Requests, r => r.StartsWith("/basket", StringComparison.Ordinal) || r.StartsWith("/account", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_bench_tells_what_a_crawl_took()
    {
        ProgramRun run = await ProgramRun.OfAsync("bench", "crawl", "--products", "50", "--rounds", "1", "--traps", "false", "--peers", "false", "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        foreach (JsonElement crawler in run.Json.GetProperty("crawlers").EnumerateArray())
        {
            Assert.Equal(1, crawler.GetProperty("found").GetDouble());
            Assert.InRange(crawler.GetProperty("requestsAProduct").GetDouble(), 1, 2);
            Assert.True(crawler.GetProperty("pagesPerSecond").GetDouble() > 0);
            if (OperatingSystem.IsLinux()) Assert.True(crawler.GetProperty("mebibytes").GetDouble() > crawler.GetProperty("ownMebibytes").GetDouble());
        }
    }
}

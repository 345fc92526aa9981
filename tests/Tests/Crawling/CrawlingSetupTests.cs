using Microsoft.Extensions.DependencyInjection;
using Touchstone.Crawling;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Politeness;
using Touchstone.Tests.Crawling.Frontier;

namespace Touchstone.Tests.Crawling;

public sealed class CrawlingSetupTests
{
    [Fact]
    public async Task One_call_registers_what_a_crawl_needs()
    {
        ServiceCollection services = new();
        services.AddSingleton<IFrontierStore>(new MemoryFrontierStore(TimeProvider.System));
        services.AddCrawling(o =>
        {
            o.Outbound.ContactUrl = "mailto:crawler@authority.example";
            o.Politeness.Mandates.Add(new Mandate("M-1", "shop.example", "law", "J. Doe", DateTimeOffset.MaxValue));
        });
        await using ServiceProvider provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
        Assert.NotNull(provider.GetRequiredService<Crawler>());
        Assert.Equal("Touchstone/0.1 (+mailto:crawler@authority.example)", provider.GetRequiredService<OutboundOptions>().UserAgent);
        MandateLookup mandates = provider.GetRequiredService<MandateLookup>();
        Assert.Equal("M-1", mandates("www.shop.example", DateTimeOffset.UnixEpoch)?.Id);
        Assert.Null(mandates("other.example", DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void Every_problem_of_the_options_is_reported_at_once()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddCrawling(o =>
        {
            o.Outbound.ContactUrl = "nowhere";
            o.Politeness.MinInterval = TimeSpan.FromSeconds(-1);
        }));
        Assert.Contains("ContactUrl", e.Message, StringComparison.Ordinal);
        Assert.Contains("MinInterval", e.Message, StringComparison.Ordinal);
    }
}

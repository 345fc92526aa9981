using Microsoft.Extensions.Configuration;
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
        Assert.Equal("M-1", (await mandates("www.shop.example", DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken))?.Id);
        Assert.Null(await mandates("other.example", DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Mandates_come_from_the_configuration_and_each_is_whole()
    {
        Dictionary<string, string?> settings = new()
        {
            ["Politeness:Mandates:0:Id"] = "M-1",
            ["Politeness:Mandates:0:Host"] = "shop.example",
            ["Politeness:Mandates:0:LegalBasis"] = "Regulation (EU) 2019/1020, article 14",
            ["Politeness:Mandates:0:Approver"] = "J. Doe",
            ["Politeness:Mandates:0:Expires"] = "2026-12-31T00:00:00Z",
        };
        PolitenessOptions options = new();
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Politeness").Bind(options);
        Assert.Empty(options.Problems());
        DateTimeOffset expires = new(2026, 12, 31, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(new Mandate("M-1", "shop.example", "Regulation (EU) 2019/1020, article 14", "J. Doe", expires), options.FindMandate("www.shop.example", expires.AddSeconds(-1)));
        Assert.Null(options.FindMandate("www.shop.example", expires));
        options.Mandates.Add(new Mandate("M-1", "other.example", "", "J. Doe", expires));
        Assert.Equal(2, options.Problems().Count);
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

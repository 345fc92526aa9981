using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Screening;
using Touchstone.Screening.Finding;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Crawling;
using Touchstone.Tests.Screening.Screenings;

namespace Touchstone.Tests.Screening.Finding;

/// <summary>Services that search the web, answered on loopback, and what is made of their answers.</summary>
public sealed class ShopFinderTests : IAsyncLifetime
{
    private static readonly SecretProtection Secrets = new((_, x) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("k" + x)), (_, x) => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(x))[1..]);

    private LoopbackSite _web = null!;
    private TestCore _core = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _web = await LoopbackSite.StartAsync();
        _core = await TestCore.StartAsync(s => s.AddSingleton(Secrets));
    }

    public async ValueTask DisposeAsync()
    {
        await _core.DisposeAsync();
        await _web.DisposeAsync();
    }

    [Fact]
    public async Task SearXng_is_asked_page_by_page_and_each_site_is_proposed_once_by_its_best_place()
    {
        string[] sites = [.. Enumerable.Range(0, 14).Select(i => $"https://shop{i}.example/mask")];
        _web.AsSearXng((words, language) => words == "ansigtsmaske" && language == "da-DK"
            ? [("https://da.wikipedia.org/wiki/Mundbind", "Mundbind"), ("https://www.shop0.example/p/1", "Mask 1"), .. sites.Select(s => (s, "Mask")), ("https://shop3.example/data.pdf", "Datasheet"), ("https://www.fda.gov/masks", "Masks")]
            : []);
        await SetAsync(SearchProviderKind.SearXng, _web.Url("/"));
        FindingRow finding = await FindAsync(new FindShops(null, ["DK"], ["da: ansigtsmaske"]));
        FoundShopRow[] shops = [.. finding.Shops.OrderBy(s => s.Id)];
        Assert.Equal(Enumerable.Range(0, 14).Select(i => $"shop{i}.example"), shops.Select(s => s.Host));
        Assert.Equal(("https://www.shop0.example/p/1", "Mask 1", "SearXNG", "da: ansigtsmaske", "DK", 2), (shops[0].Url, shops[0].Title, shops[0].Provider, shops[0].Query, shops[0].Market, shops[0].Rank));
        Assert.Equal((FindingState.Finished, 3, 18, 3), (finding.State, finding.Asked, finding.Results, finding.LeftOut));
        Assert.Equal(3, _web.Requests.Count);
    }

    [Fact]
    public async Task Brave_gets_its_key_its_language_and_its_country_and_after_a_refusal_its_pause()
    {
        _web.AsBrave(_ => [.. Enumerable.Range(0, 25).Select(i => ($"https://shop{i}.example/", $"Shop {i}"))], refuse: 1);
        await SetAsync(SearchProviderKind.Brave, _web.Url("/"), WebSearchServers.Key);
        FindingRow finding = await FindAsync(new FindShops(null, ["SE"], ["sv: ansiktsmask"]));
        Assert.Equal((25, 2, (string?)null), (finding.Shops.Count, finding.Asked, finding.Problems));
        Assert.Contains("country=SE", _web.Requests.First(), StringComparison.Ordinal);
        Assert.Contains("search_lang=sv", _web.Requests.First(), StringComparison.Ordinal);
        Assert.Equal(3, _web.Requests.Count);
        await using TouchstoneDb db = await _core.OpenAsync();
        Assert.DoesNotContain(WebSearchServers.Key, (await db.SearchProviders.AsNoTracking().SingleAsync(Stop)).ProtectedKey, StringComparison.Ordinal);
        Assert.All(await db.Audit.AsNoTracking().ToListAsync(Stop), a => Assert.DoesNotContain(WebSearchServers.Key, a.Detail ?? "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_key_is_said_and_not_tried_again()
    {
        _web.AsBrave(_ => []);
        await SetAsync(SearchProviderKind.Brave, _web.Url("/"), "wrong");
        FindingRow finding = await FindAsync(new FindShops(null, ["SE"], ["sv: ansiktsmask", "sv: munskydd"]));
        Assert.Equal((FindingState.Failed, 1), (finding.State, _web.Requests.Count));
        Assert.Contains("check the key", finding.Problems, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_used_up_for_the_month_is_not_waited_for()
    {
        _web.Others(context =>
        {
            context.Response.StatusCode = 429;
            (context.Response.Headers["X-RateLimit-Remaining"], context.Response.Headers["X-RateLimit-Reset"]) = ("0, 0", "1, 1419704");
            return Task.CompletedTask;
        });
        await SetAsync(SearchProviderKind.Brave, _web.Url("/"), WebSearchServers.Key);
        ProviderAnswer answer = (await _core.Get<SearchProviders>().TestAsync(SearchProviderKind.Brave, "mask", Stop))!;
        Assert.Equal((ProviderFailure.TooOften, TimeSpan.FromSeconds(1_419_704)), (answer.Failure, answer.RetryAfter));
        Assert.Single(_web.Requests);
    }

    [Theory]
    [InlineData("{\"results\":\"none\"}", 200, ProviderFailure.NotUnderstood)]
    [InlineData("<html>", 200, ProviderFailure.NotUnderstood)]
    [InlineData("", 403, ProviderFailure.Refused)]
    [InlineData("", 302, ProviderFailure.NotUnderstood)]
    public async Task What_is_no_answer_is_named(string body, int status, ProviderFailure failure)
    {
        _web.Others(context =>
        {
            context.Response.StatusCode = status;
            if (status == 302) context.Response.Headers.Location = "https://elsewhere.example/";
            return context.Response.WriteAsync(body, Stop);
        });
        await SetAsync(SearchProviderKind.SearXng, _web.Url("/"));
        Assert.Equal(failure, (await _core.Get<SearchProviders>().TestAsync(SearchProviderKind.SearXng, "mask", Stop))!.Failure);
    }

    [Fact]
    public async Task An_instance_on_an_internal_address_is_asked_only_where_it_was_allowed_at_the_start()
    {
        await using TestCore strict = await TestCore.StartAsync(s => s.AddSingleton(Secrets), crawling => crawling.Outbound.AllowedInternalHosts.Clear());
        _web.AsSearXng((_, _) => [("https://shop.example/", "Shop")]);
        await using (TouchstoneDb db = await strict.OpenAsync())
            Assert.True((await strict.Get<SearchProviders>().SetAsync(By(db, strict), new ProviderWish(SearchProviderKind.SearXng, _web.Url("/"), null, true, 0), Stop)).Done);
        Assert.Equal(ProviderFailure.NotAllowed, (await strict.Get<SearchProviders>().TestAsync(SearchProviderKind.SearXng, "mask", Stop))!.Failure);
        Assert.Empty(_web.Requests);
    }

    [Fact]
    public async Task Hosts_that_a_person_leaves_out_are_not_proposed_and_one_of_the_built_in_list_may_be()
    {
        _web.AsSearXng((_, _) => [("https://news.example/masks", "Masks"), ("https://sub.news.example/masks", "Masks"), ("https://shop.example/", "Shop"), ("https://test.de/", "Test")]);
        await SetAsync(SearchProviderKind.SearXng, _web.Url("/"));
        await using (TouchstoneDb db = await _core.OpenAsync())
        {
            Assert.True((await IgnoredHosts.SetAsync(By(db, _core), "https://www.news.example/", true, "a paper", Stop)).Done);
            Assert.True((await IgnoredHosts.SetAsync(By(db, _core), "test.de", false, null, Stop)).Done);
            Assert.Equal(Refusal.Invalid, (await IgnoredHosts.SetAsync(By(db, _core), "no host", true, null, Stop)).Refusal);
        }
        FindingRow finding = await FindAsync(new FindShops(null, ["DK"], ["mask"]));
        Assert.Equal(["shop.example", "test.de"], finding.Shops.Select(s => s.Host).Order());
    }

    [Fact]
    public async Task Found_shops_are_taken_into_a_search_or_rejected_and_never_proposed_again()
    {
        _web.AsSearXng((_, _) => [("https://a.example/p/1", "A"), ("https://b.example/", "B"), ("https://c.example/", "C")]);
        await SetAsync(SearchProviderKind.SearXng, _web.Url("/"));
        FindingRow finding = await FindAsync(new FindShops(null, ["DK"], ["mask"]));
        long[] ids = [.. finding.Shops.OrderBy(s => s.Id).Select(s => s.Id)];
        await using TouchstoneDb db = await _core.OpenAsync();
        VerbOutcome<FindingRow> taken = await new DecideFoundShops(finding.Id, [ids[0]], [ids[2]], Ignore: true).RunAsync(By(db, _core), Stop);
        Assert.True(taken.Done, taken.Detail);
        SearchRow search = await db.Searches.SingleAsync(Stop);
        Assert.Equal("https://a.example/\nhttps://a.example/p/1", search.ShopUrls);
        db.ChangeTracker.Clear();
        Assert.True((await new DecideFoundShops(finding.Id, [ids[1]], [], search.Id).RunAsync(By(db, _core), Stop)).Done);
        Assert.EndsWith("\nhttps://b.example/", (await db.Searches.AsNoTracking().SingleAsync(Stop)).ShopUrls, StringComparison.Ordinal);
        Assert.Equal([FoundShopState.Accepted, FoundShopState.Accepted, FoundShopState.Rejected], await db.FoundShops.AsNoTracking().OrderBy(s => s.Id).Select(s => s.State).ToArrayAsync(Stop));
        db.ChangeTracker.Clear();
        Assert.Equal(Refusal.Invalid, (await new DecideFoundShops(finding.Id, [], []).RunAsync(By(db, _core), Stop)).Refusal);
        Assert.Equal(Refusal.NotFound, (await new DecideFoundShops(finding.Id, [ids[0]], [], 999).RunAsync(By(db, _core), Stop)).Refusal);
        Assert.Equal(["a.example", "b.example"], (await FindAsync(new FindShops(null, ["DK"], ["mask"]))).Shops.Select(s => s.Host).Order());
    }

    [Fact]
    public async Task A_key_that_cannot_be_read_is_said_and_what_is_no_wish_is_refused()
    {
        await using TouchstoneDb db = await _core.OpenAsync();
        SearchProviders providers = _core.Get<SearchProviders>();
        foreach (ProviderWish wrong in (ProviderWish[])[new(SearchProviderKind.SearXng, "nowhere", null, true, 0), new(SearchProviderKind.Brave, null, null, true, 0), new(SearchProviderKind.SearXng, "https://searx.example", null, true, -1)])
            Assert.Equal(Refusal.Invalid, (await providers.SetAsync(By(db, _core), wrong, Stop)).Refusal);
        await SetAsync(SearchProviderKind.Brave, "https://api.search.brave.com", "secret");
        // A key is told to nobody but the host that it was entered for.
        Assert.Equal(Refusal.Invalid, (await providers.SetAsync(By(db, _core), new(SearchProviderKind.Brave, "https://evil.example", null, true, 0), Stop)).Refusal);
        var stranger = new SearchProviders(_core.Get<IDbContextFactory<TouchstoneDb>>(), _core.Get<Touchstone.Crawling.Fetching.OutboundHttp>(), TimeProvider.System, Secrets with { Reveal = (_, _) => throw new CryptographicException() });
        Assert.Contains("Enter it again", (await stranger.ListAsync(Stop)).Single(p => p.Kind == SearchProviderKind.Brave).Problem, StringComparison.Ordinal);
        FindingRow nobody = await FindAsync(new FindShops(null, ["DK"], ["mask"]), stranger);
        Assert.Equal(FindingState.Failed, nobody.State);
        Assert.Contains("Enter it again", nobody.Problems, StringComparison.Ordinal);
    }

    private async Task SetAsync(SearchProviderKind kind, string url, string? key = null)
    {
        await using TouchstoneDb db = await _core.OpenAsync();
        VerbOutcome<SearchProviderRow> set = await _core.Get<SearchProviders>().SetAsync(By(db, _core), new ProviderWish(kind, url, key, true, 0), Stop);
        Assert.True(set.Done, set.Detail);
    }

    private async Task<FindingRow> FindAsync(FindShops verb, SearchProviders? providers = null)
    {
        await using TouchstoneDb db = await _core.OpenAsync();
        VerbOutcome<FindingRow> queued = await verb.RunAsync(By(db, _core), Stop);
        Assert.True(queued.Done, queued.Detail);
        var databases = _core.Get<IDbContextFactory<TouchstoneDb>>();
        FindingRunner runner = providers is null ? _core.Get<FindingRunner>() : new(databases, new ShopFinder(databases, providers, TimeProvider.System), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<FindingRunner>.Instance);
        Assert.Equal(queued.Value!.Id, (await runner.RunNextAsync("test", Stop))?.Id);
        return await db.Findings.AsNoTracking().Include(f => f.Shops).SingleAsync(f => f.Id == queued.Value.Id, Stop);
    }

    private static VerbContext By(TouchstoneDb db, TestCore core) => new(db, "anna", core.Get<TimeProvider>());
}

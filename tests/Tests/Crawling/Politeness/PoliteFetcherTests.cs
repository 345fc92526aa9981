using Microsoft.AspNetCore.Http;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Politeness;

namespace Touchstone.Tests.Crawling.Politeness;

public sealed class PoliteFetcherTests : IAsyncLifetime
{
    private readonly PolitenessOptions _options = new() { MinInterval = TimeSpan.Zero, MaxCrawlDelay = TimeSpan.Zero };
    private LoopbackSite _site = null!;
    private OutboundOptions _outbound = null!;
    private OutboundHttp _http = null!;
    private HostGate _gate = null!;
    private PoliteFetcher _fetcher = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await LoopbackSite.StartAsync();
        _outbound = new OutboundOptions();
        _outbound.AllowedInternalHosts.Add(_site.Host);
        _http = new OutboundHttp(_outbound, TimeProvider.System);
        _gate = new HostGate(_options, TimeProvider.System);
        _fetcher = new PoliteFetcher(_http, new RobotsCache(_http, _gate, _options, TimeProvider.System), _gate, TimeProvider.System, (host, now, _) => ValueTask.FromResult(_options.FindMandate(host, now)));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _site.DisposeAsync();
    }

    private Task<FetchOutcome> GetAsync(string path, RunBudget? budget = null) => _fetcher.FetchAsync(_site.Url(path), FetchLimits.Page, budget, TestContext.Current.CancellationToken);

    [Fact]
    public async Task Rules_are_read_once_and_obeyed()
    {
        _site.Text("/robots.txt", "User-agent: Touchstone\nDisallow: /private").Html("/", "home").Html("/private", "secret").Redirect("/door", "/private");
        FetchOutcome home = await GetAsync("/");
        Assert.Equal((null, "robots"), (home.Failure, home.Policy));
        Assert.Equal(FetchFailure.DisallowedByRobots, (await GetAsync("/private")).Failure);
        Assert.Equal(FetchFailure.DisallowedByRobots, (await GetAsync("/door")).Failure);
        Assert.Equal(["/robots.txt", "/", "/door"], _site.Requests);
    }

    [Theory]
    [InlineData(404, null)]
    [InlineData(403, null)]
    [InlineData(500, FetchFailure.RobotsUnreachable)]
    [InlineData(503, FetchFailure.RobotsUnreachable)]
    [InlineData(429, FetchFailure.RobotsUnreachable)]
    public async Task Missing_rules_allow_and_failing_servers_forbid(int status, FetchFailure? failure)
    {
        _site.Status("/robots.txt", status).Html("/", "home");
        FetchOutcome outcome = await GetAsync("/");
        Assert.Equal(failure, outcome.Failure);
        if (failure is not null) Assert.InRange(outcome.RetryAfter!.Value, TimeSpan.FromSeconds(1), _options.RobotsRetry);
    }

    [Fact]
    public async Task Rules_behind_a_redirect_are_read()
    {
        _site.Redirect("/robots.txt", "/r.txt").Text("/r.txt", "User-agent: *\nDisallow: /").Html("/", "home");
        Assert.Equal(FetchFailure.DisallowedByRobots, (await GetAsync("/")).Failure);
    }

    [Fact]
    public async Task A_mandate_passes_the_rules_under_its_name_until_it_expires()
    {
        _site.Text("/robots.txt", "User-agent: *\nDisallow: /").Html("/", "home");
        _options.Mandates.Add(new Mandate("M-1", _site.Host, "Regulation (EU) 2023/988, article 34", "J. Doe", DateTimeOffset.UtcNow.AddMinutes(-1)));
        Assert.Equal(FetchFailure.DisallowedByRobots, (await GetAsync("/")).Failure);
        _options.Mandates.Add(new Mandate("M-2", _site.Host, "Regulation (EU) 2023/988, article 34", "J. Doe", DateTimeOffset.UtcNow.AddHours(1)));
        FetchOutcome outcome = await GetAsync("/");
        Assert.Equal((null, "mandate:M-2"), (outcome.Failure, outcome.Policy));
    }

    [Fact]
    public async Task A_used_budget_asks_the_host_nothing()
    {
        RunBudget budget = new(1, 10);
        budget.AddPages(_site.Host, 1);
        Assert.Equal(FetchFailure.BudgetExhausted, (await GetAsync("/", budget)).Failure);
        Assert.Empty(_site.Requests);
    }

    [Fact]
    public async Task A_wished_break_holds_back_the_whole_host()
    {
        _site.Status("/busy", 429, "120");
        await GetAsync("/busy");
        Assert.InRange(_gate.ReadyAt(_site.Host), DateTimeOffset.UtcNow.AddSeconds(110), DateTimeOffset.UtcNow.AddSeconds(121));
    }

    [Fact]
    public async Task An_internal_host_is_refused_before_anything_is_asked()
    {
        _outbound.AllowedInternalHosts.Clear();
        Assert.Equal(FetchFailure.ForbiddenAddress, (await GetAsync("/")).Failure);
        Assert.Empty(_site.Requests);
    }

    [Fact]
    public async Task Pictures_wait_for_the_turn_of_their_host_and_count_against_its_bytes()
    {
        _options.MinInterval = TimeSpan.FromMilliseconds(120);
        int under = 0, most = 0;
        List<long> asked = [];
        for (int i = 0; i < 4; i++)
        {
            _site.On($"/{i}.jpg", async context =>
            {
                lock (asked)
                {
                    asked.Add(TimeProvider.System.GetTimestamp());
                    most = Math.Max(most, ++under);
                }
                await Task.Delay(30);
                lock (asked) under--;
                await context.Response.WriteAsync("1234567890");
            });
        }
        RunBudget budget = new(1, 35);
        budget.AddPages(_site.Host, 1);
        CancellationToken token = TestContext.Current.CancellationToken;
        FetchOutcome[] fetched = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => _fetcher.FetchPictureAsync(_site.Url($"/{i}.jpg"), budget, new Visit(), token)));
        Assert.All(fetched, x => Assert.Equal((null, "robots", 10), (x.Failure, x.Policy, x.Body.Length)));
        Assert.Equal(1, most);
        Assert.All(asked.Zip(asked.Skip(1)), pair => Assert.True(TimeProvider.System.GetElapsedTime(pair.First, pair.Second) > TimeSpan.FromMilliseconds(100)));
        Assert.Null((await _fetcher.FetchPictureAsync(_site.Url("/3.jpg"), budget, new Visit(), token)).Failure);
        Assert.Equal(FetchFailure.BudgetExhausted, (await _fetcher.FetchPictureAsync(_site.Url("/0.jpg"), budget, new Visit(), token)).Failure);
    }

    [Fact]
    public async Task Parts_of_a_page_obey_the_rules_and_the_byte_budget()
    {
        _site.Text("/robots.txt", "User-agent: *\nDisallow: /api/").Text("/app.js", "1234567890").Text("/api/x", "no");
        RunBudget budget = new(1, 10);
        CancellationToken token = TestContext.Current.CancellationToken;
        Assert.Null((await _fetcher.FetchPartAsync(_site.Url("/app.js"), FetchLimits.Page, budget, new Visit(), token)).Failure);
        Assert.Equal(FetchFailure.BudgetExhausted, (await _fetcher.FetchPartAsync(_site.Url("/app.js"), FetchLimits.Page, budget, new Visit(), token)).Failure);
        Assert.Equal(FetchFailure.DisallowedByRobots, (await _fetcher.FetchPartAsync(_site.Url("/api/x"), FetchLimits.Page, null, new Visit(), token)).Failure);
    }
}

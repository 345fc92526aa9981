using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Screening;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Crawling;
using Touchstone.Tests.Screening.Screenings;

namespace Touchstone.Tests.Screening.Searches;

/// <summary>A shop on loopback with product pages that a test changes, and a core that searches it through the product's own runner.</summary>
public sealed class LoopbackShop : IAsyncDisposable
{
    private readonly LoopbackSite site;
    private int pictures;

    private LoopbackShop(LoopbackSite site, TestCore core) => (this.site, Core) = (site, core);

    public TestCore Core { get; }

    public static async Task<LoopbackShop> StartAsync(Action<IServiceCollection>? configure = null) =>
        new(await LoopbackSite.StartAsync(), await TestCore.StartAsync(configure, crawling => crawling.Politeness.MinInterval = TimeSpan.Zero));

    public string UrlOf(int product) => site.Url(string.Create(CultureInfo.InvariantCulture, $"/p/{product}"));

    /// <summary>Sets a product's page; each picture gets an address of its own.</summary>
    public void Offer(int product, string price, params byte[][] shown)
    {
        var addresses = new List<string>();
        foreach (byte[] picture in shown)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"/i/{++pictures}.jpg");
            site.Bytes(path, picture, "image/jpeg");
            addresses.Add($"\"{site.Url(path)}\"");
        }
        string offer = $$$"""{"@context":"https://schema.org","@type":"Product","name":"Package {{{product}}}","image":[{{{string.Join(',', addresses)}}}],"offers":{"@type":"Offer","price":"{{{price}}}","priceCurrency":"EUR"}}""";
        site.Html(string.Create(CultureInfo.InvariantCulture, $"/p/{product}"), $"<html><head><title>Package {product}</title><script type='application/ld+json'>{offer}</script></head><body><h1>Package {product}</h1><p>{price} EUR</p><button>Add to cart</button></body></html>");
    }

    /// <summary>Takes a product's page away.</summary>
    public void TakeAway(int product) => site.Status(string.Create(CultureInfo.InvariantCulture, $"/p/{product}"), 404);

    /// <summary>Runs a new search of one product's page to its end.</summary>
    public async Task<SearchRunRow> SearchAsync(int product, long? reference = null, string? picture = null)
    {
        await using TouchstoneDb db = await Core.OpenAsync();
        VerbOutcome<SearchRunRow> created = await CreateSearch.RunAsync(By(db), new CreateSearch.Request(null, [UrlOf(product)], reference, picture, null), default);
        Assert.True(created.Done, created.Detail);
        return await RunAsync(created.Value!.Id);
    }

    /// <summary>Runs a search once more.</summary>
    public async Task<SearchRunRow> AgainAsync(SearchRunRow earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        await using TouchstoneDb db = await Core.OpenAsync();
        VerbOutcome<SearchRunRow> queued = await new QueueRun(earlier.SearchId).RunAsync(By(db), default);
        Assert.True(queued.Done, queued.Detail);
        return await RunAsync(queued.Value!.Id);
    }

    public async Task<List<HitRow>> HitsOfAsync(SearchRunRow run)
    {
        ArgumentNullException.ThrowIfNull(run);
        await using TouchstoneDb db = await Core.OpenAsync();
        return await SearchQueries.HitsOfRunAsync(db, run.Id, SearchQueries.MostHits, default);
    }

    public VerbContext By(TouchstoneDb db) => new(db, "anna", Core.Get<TimeProvider>());

    public async ValueTask DisposeAsync()
    {
        await Core.DisposeAsync();
        await site.DisposeAsync();
    }

    private async Task<SearchRunRow> RunAsync(long runId)
    {
        SearchRunRow? run = await Core.Get<SearchRunner>().RunNextAsync("test", runId, null, default);
        Assert.Equal((RunState.Finished, (string?)null), (run!.State, run.Error));
        return run;
    }
}

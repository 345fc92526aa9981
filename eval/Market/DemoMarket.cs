using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Touchstone.Market.Catalogue;
using Touchstone.Market.Shops;

namespace Touchstone.Market;

/// <summary>
/// The demo's world on loopback: an authority that publishes alerts, and three shops. What is planted in them is told by
/// <see cref="Truth"/>, for checks; the product never sees it.
/// </summary>
internal sealed class DemoMarket : IAsyncDisposable
{
    private readonly DemoShop _authority;
    private readonly Dictionary<DemoShopKind, DemoShop> _shops;

    private DemoMarket(DemoShop authority, Dictionary<DemoShopKind, DemoShop> shops, DemoPictures pictures)
    {
        _authority = authority;
        _shops = shops;
        Pictures = pictures;
    }

    public DemoCatalogue Catalogue { get; } = DemoCatalogue.Instance;

    public DemoPictures Pictures { get; }

    /// <summary>The shops' addresses, for a search.</summary>
    public IReadOnlyList<Uri> Shops => [.. _shops.OrderBy(x => x.Key).Select(x => x.Value.Address)];

    /// <summary>The hosts with their ports, all on loopback, which the outbound guard has to be told of.</summary>
    public IReadOnlyList<Uri> Hosts => [_authority.Address, .. Shops];

    /// <summary>Where the alerts' pictures are.</summary>
    public string AlertPictures => $"{_authority.Address}notification/image/";

    /// <summary>Fetches of pages that the robots rules forbid: none, if all is well.</summary>
    public int DisallowedRequests => _shops.Values.Sum(x => x.DisallowedRequests);

    /// <summary>Which listing shows which reference, by URL.</summary>
    public IReadOnlyDictionary<string, Planted> Truth => Catalogue.Listings.Where(x => x.Planted is not null && !x.IsDisallowed).ToDictionary(UrlOf, x => x.Planted!, StringComparer.Ordinal);

    /// <param name="folder">Where pictures are kept.</param>
    /// <param name="marksFolder">Where the marks' drawings are.</param>
    /// <param name="firstPort">The authority's port; the shops take the next three. Ports in use are replaced by free ones.</param>
    public static async Task<DemoMarket> StartAsync(string folder, string marksFolder, int firstPort, CancellationToken cancellationToken)
    {
        DemoCatalogue catalogue = DemoCatalogue.Instance;
        var pictures = new DemoPictures(Path.Combine(folder, "pictures"), marksFolder);
        DemoListing[] OfShop(DemoShopKind kind) => [.. catalogue.Listings.Where(x => x.Shop == kind)];
        Dictionary<string, DemoAlert> alerts = catalogue.Alerts.ToDictionary(DemoRegister.PictureName, StringComparer.Ordinal);
        DemoShop authority = await DemoShop.StartAsync(firstPort, app => app.MapGet("/notification/image/{name}", (string name) => alerts.TryGetValue(name, out DemoAlert? alert)
            ? Results.Bytes(pictures.Get(DemoRegister.PictureOf(alert)), "image/jpeg")
            : Results.NotFound()), cancellationToken);
        var shops = new Dictionary<DemoShopKind, DemoShop>
        {
            [DemoShopKind.ServerRendered] = await DemoShop.StartAsync(firstPort + 1, new ServerRenderedShop(OfShop(DemoShopKind.ServerRendered), pictures).Map, cancellationToken),
            [DemoShopKind.Messy] = await DemoShop.StartAsync(firstPort + 2, new MessyShop(OfShop(DemoShopKind.Messy), pictures).Map, cancellationToken),
            [DemoShopKind.ClientRendered] = await DemoShop.StartAsync(firstPort + 3, new ClientRenderedShop(OfShop(DemoShopKind.ClientRendered), pictures).Map, cancellationToken),
        };
        return new DemoMarket(authority, shops, pictures);
    }

    public string UrlOf(DemoListing listing) => new Uri(_shops[listing.Shop].Address, listing.Path).AbsoluteUri;

    public async ValueTask DisposeAsync()
    {
        await _authority.DisposeAsync();
        foreach (DemoShop shop in _shops.Values) await shop.DisposeAsync();
    }
}

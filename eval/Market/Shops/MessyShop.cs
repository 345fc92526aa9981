using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Touchstone.Market.Catalogue;

namespace Touchstone.Market.Shops;

/// <summary>
/// A shop grown over the years: microdata here, OpenGraph there, picture paths relative to the page, prices as the Danish write them,
/// and robots rules with a delay and a folder that is nobody's business.
/// </summary>
internal sealed class MessyShop(IReadOnlyList<DemoListing> listings, DemoPictures pictures)
{
    private const int PageSize = 10;
    private readonly DemoListing[] _open = [.. listings.Where(x => !x.IsDisallowed)];

    public void Map(WebApplication app)
    {
        app.MapGet("/robots.txt", () => Results.Text("# velkommen\nUser-Agent: *\nCrawl-delay: 0.2\nDisallow: /intern/\nDisallow: /kurv\n"));
        app.MapGet("/", () => List(1));
        app.MapGet("/katalog/side_{page:int}.html", List);
        app.MapGet("/om-os.html", () => Page("Om os", "<h1>Om os</h1><p>Familieforretning siden 1987. Ring til os på hverdage.</p>"));
        app.MapGet("/kurv", () => Page("Kurv", "<p>Kurven er tom.</p>"));
        app.MapGet("/katalog/{file}", (string file) => Product($"/katalog/{file}"));
        app.MapGet("/intern/{file}", (string file) => Product($"/intern/{file}"));
        app.MapGet("/billeder/{name}", (string name) => DemoShop.Picture(listings, pictures, name));
    }

    private IResult List(int page)
    {
        int last = (_open.Length + PageSize - 1) / PageSize;
        if (page < 1 || page > last) return Results.NotFound();
        string rows = string.Concat(_open.Skip((page - 1) * PageSize).Take(PageSize).Select(x =>
            $"<tr><td><a href='/katalog/{x.Path["/katalog/".Length..]}?ref=liste&amp;utm_source=side{page}'>{WebUtility.HtmlEncode(x.Title)}</a><td>{Price(x)}"));
        string pages = string.Concat(Enumerable.Range(1, last).Select(x => $" <a href='/katalog/side_{x}.html'>{x}</a>"));
        string hidden = string.Concat(listings.Where(x => x.IsDisallowed).Select(x => $" <a href='{x.Path}'>.</a>"));
        return Page($"Varer side {page}", $"<h2>Alle varer</h2><table>{rows}</table>Side:{pages}{hidden}");
    }

    private IResult Product(string path)
    {
        if (listings.FirstOrDefault(x => x.Path == path) is not { } listing) return Results.NotFound();
        string title = WebUtility.HtmlEncode(listing.Title), picture = $"../billeder/{listing.PictureName(0)}";
        string more = string.Concat(listing.Pictures.Skip(1).Select((_, i) => $"<img itemprop=image src='../billeder/{listing.PictureName(i + 1)}' width=512 height=512>"));
        string brand = listing.StatesIdentifiers ? $"<div>Mærke: <span itemprop=brand>{listing.Design.Brand}</span> EAN <span itemprop=gtin13>{listing.Design.Gtin}</span></div>" : "";
        // Half of the pages were made with the old template, which knows OpenGraph only.
        return listing.Number % 2 == 0
            ? Page(
                listing.Title,
                $"<h2>{title}</h2><img src='{picture}' width=512 height=512>{more}<p><b>{Price(listing)}</b> inkl. moms<p>{listing.Description}",
                $"<meta property='og:type' content='product'><meta property='og:title' content='{title}'><meta property='og:image' content='{picture}'><meta property='og:description' content='{listing.Description}'><meta property='product:price:amount' content='{listing.Price.ToString("0.00", CultureInfo.InvariantCulture).Replace('.', ',')}'><meta property='product:price:currency' content='DKK'>")
            : Page(
                listing.Title,
                $"<div itemscope itemtype='http://schema.org/Product'><h2 itemprop=name>{title}</h2><img itemprop=image src='{picture}' width=512 height=512>{more}{brand}<div itemprop=offers itemscope itemtype='http://schema.org/Offer'><b itemprop=price>{Price(listing)}</b><meta itemprop=priceCurrency content=DKK><link itemprop=availability href='http://schema.org/InStock'></div><p itemprop=description>{listing.Description}</p></div>");
    }

    private static string Price(DemoListing listing)
    {
        string number = (listing.Price * 10).ToString("#,##0.00", CultureInfo.InvariantCulture).Replace(',', ' ').Replace('.', ',').Replace(' ', '.');
        return (listing.Number % 3) switch { 0 => $"Kun {number} kr.", 1 => $"DKK&nbsp;{number}", _ => $"{number} kr" };
    }

    private static IResult Page(string title, string body, string head = "") => DemoShop.Html(
        $"<html lang=da><head><meta charset=utf-8><title>{WebUtility.HtmlEncode(title)} * Bazar Tolva</title>{head}<body bgcolor=white><center><h1>Bazar Tolva</h1></center><a href='/'>Forside</a> <a href='/om-os.html'>Om os</a> <a href='/kurv'>Kurv</a><hr>{body}<hr>Tlf. 00 00 00 00</body></html>");
}

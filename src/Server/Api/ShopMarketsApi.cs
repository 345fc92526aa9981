using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction.Shop;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Targeting;
using Touchstone.Server.Queries;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>A country that a shop targets, or may target.</summary>
public sealed record MarketItem(string Country, MarketStanding Standing);

/// <summary>What a page of a shop says, and of which countries it says it.</summary>
public sealed record MarketSignalItem(MarketSignalKind Kind, IReadOnlyList<string> Countries, string Text, string PageUrl, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt);

/// <summary>The markets of a shop, those that it targets first, and the signals that say so.</summary>
public sealed record ShopMarketsAnswer(string Host, IReadOnlyList<MarketItem> Markets, IReadOnlyList<MarketSignalItem> Signals);

/// <summary>The shops of a list that was sent, and its rows that were not taken: the first 1,000 of them, and how many there are.</summary>
public sealed record ShopListAnswer(IReadOnlyList<string> ShopUrls, IReadOnlyList<ShopListRow> NotTaken, int RowsNotTaken);

public sealed record ShopListRow(int Line, string Text, ShopRowProblem Problem, string Why);

/// <summary>Shops as markets see them, and lists of shops.</summary>
internal static class ShopMarketsApi
{
    public static void MapShopMarkets(this RouteGroupBuilder api)
    {
        RouteGroupBuilder markets = api.MapGroup("/markets").WithTags("Markets");
        markets.MapGet("/", CountAsync).WithName("ListMarkets").WithSummary("The markets that have hits, with how many; of a search, its own.");
        markets.MapGet("/shops", ShopAsync).WithName("GetShopMarkets").WithSummary("The markets of a shop, by its host, with the signals that say so.");
        api.MapPost("/searches/shop-list", ReadAsync).WithTags("Searches").RequireAuthorization(Policies.Act).WithName("ReadShopList").WithSummary("Reads a CSV file of shops, at most 4 MiB: the addresses for a search, and the rows that were not taken, with the reason.").Accepts<Stream>("text/csv", "text/plain", "application/octet-stream");
    }

    public static ShopMarketsAnswer AnswerOf(ShopTargets shop) => new(
        shop.Host, [.. shop.Markets.Select(m => new MarketItem(m.Country, m.Standing))],
        [.. shop.Signals.Select(s => new MarketSignalItem(s.Kind, s.Countries.Split(' '), s.Text, s.PageUrl, s.FirstSeenAt, s.LastSeenAt))]);

    private static async Task<Ok<IReadOnlyList<MarketHits>>> CountAsync(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, long? search, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await MarketHits.OfAsync(db, new HitFilter(SearchId: search), clock.GetUtcNow(), cancellationToken));
    }

    private static async Task<Ok<ShopMarketsAnswer>> ShopAsync(IDbContextFactory<TouchstoneDb> databases, string host, CancellationToken cancellationToken)
    {
        string name = host.Trim().ToLowerInvariant();
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(AnswerOf((await ShopMarkets.OfAsync(db, [name], cancellationToken))[name]));
    }

    /// <summary>The bytes of a list, at most 4 MiB.</summary>
    /// <exception cref="InvalidValueException">It is longer, or empty.</exception>
    private static async Task<byte[]> BytesAsync(Stream body, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        byte[] part = new byte[81_920];
        for (int read; (read = await body.ReadAsync(part, cancellationToken)) > 0 && buffer.Length <= ShopList.MostBytes;) buffer.Write(part, 0, read);
        return buffer.Length is > 0 and <= ShopList.MostBytes
            ? buffer.ToArray()
            : throw new InvalidValueException("body", $"{(buffer.Length == 0 ? "0" : "more")} bytes", $"1 to {ShopList.MostBytes} bytes of a CSV file");
    }

    private static async Task<Ok<ShopListAnswer>> ReadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        ShopList list = await ShopList.ReadAsync(await BytesAsync(http.Request.Body, cancellationToken), cancellationToken);
        return TypedResults.Ok(new ShopListAnswer(list.Urls, [.. list.Refused.Select(r => new ShopListRow(r.Line, r.Text, r.Problem, ShopList.Explain(r.Problem)))], list.NotTaken));
    }
}

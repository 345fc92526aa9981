using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Sellers;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>A shop or a seller, with how long decisions and removals took and with whom it has something in common.</summary>
public sealed record SellerDetail(SellerItem Item, SellerTimes Times, SellerCluster Cluster);

public sealed record NotSameRequest(long OtherShopId, string Because);

/// <summary>Two shops that a person said not to be the same.</summary>
public sealed record NotSameItem(long ShopId, long OtherShopId, string SaidBy, DateTimeOffset SaidAt, string Because)
{
    internal static NotSameItem Of(NotSameShopRow row) => new(row.ShopId, row.OtherShopId, row.SaidBy, row.SaidAt, row.Because);
}

/// <summary>Who sells: shops, and sellers within them.</summary>
internal static class SellersApi
{
    public static void MapSellers(this RouteGroupBuilder api)
    {
        RouteGroupBuilder shops = api.MapGroup("/shops").WithTags("Shops and sellers");
        shops.MapGet("/", ShopsAsync).WithName("ListShops").WithSummary("Shops with their listings, hits, cases and returns, newest first.");
        shops.MapGet("/{id:long}", ShopAsync).WithName("GetShop").WithSummary("A shop, and the shops and sellers that have something in common with it.").ProducesProblem(404);
        RouteGroupBuilder sellers = api.MapGroup("/sellers").WithTags("Shops and sellers");
        sellers.MapGet("/", SellersAsync).WithName("ListSellers").WithSummary("Sellers (a name within a shop) with their listings, hits, cases and returns, newest first.");
        sellers.MapGet("/{id:long}", SellerAsync).WithName("GetSeller").WithSummary("A seller, and the shops and sellers that have something in common with it.").ProducesProblem(404);
        RouteGroupBuilder changes = api.MapGroup("/shops/{id:long}/not-same").WithTags("Shops and sellers").RequireAuthorization(Policies.Act).ProducesProblem(404);
        changes.MapPost("/", NotSameAsync).WithName("SayNotSame").WithSummary("Says that two shops are not the same, whatever they share.");
        changes.MapDelete("/{other:long}", SameAgainAsync).WithName("TakeNotSameBack").WithSummary("Takes back that two shops are not the same.");
    }

    private static async Task<Ok<ApiPage<SellerItem>>> ShopsAsync(HttpContext http, IDbContextFactory<TouchstoneDb> databases, string? after, int? limit, string? name, bool? withHits, CancellationToken cancellationToken)
    {
        int take = Cursor.Limit(limit);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return Answer(http, await SellerFigures.ShopsAsync(db, new SellerFilter(name, withHits ?? false), Cursor.Id(after), take, cancellationToken));
    }

    private static async Task<Ok<ApiPage<SellerItem>>> SellersAsync(HttpContext http, IDbContextFactory<TouchstoneDb> databases, string? after, int? limit, string? name, bool? withHits, long? shop, CancellationToken cancellationToken)
    {
        int take = Cursor.Limit(limit);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return Answer(http, await SellerFigures.SellersAsync(db, new SellerFilter(name, withHits ?? false, shop), Cursor.Id(after), take, cancellationToken));
    }

    private static Ok<ApiPage<SellerItem>> Answer(HttpContext http, Page<SellerItem> page) => Cursor.Answer(http, new ApiPage<SellerItem>(page.Items, page.Next is { } next ? Cursor.Of(next) : null));

    private static async Task<Results<Ok<SellerDetail>, ProblemHttpResult>> ShopAsync(long id, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return (await SellerFigures.ShopsAsync(db, new SellerFilter(ShopId: id), null, 1, cancellationToken)).Items is [var shop] ? TypedResults.Ok(await DetailAsync(db, shop, cancellationToken)) : Problems.NotFound("shop", id);
    }

    private static async Task<Results<Ok<SellerDetail>, ProblemHttpResult>> SellerAsync(long id, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await SellerFigures.SellerAsync(db, id, cancellationToken) is { } seller ? TypedResults.Ok(await DetailAsync(db, seller, cancellationToken)) : Problems.NotFound("seller", id);
    }

    private static async Task<SellerDetail> DetailAsync(TouchstoneDb db, SellerItem item, CancellationToken cancellationToken) =>
        new(item, await SellerFigures.TimesAsync(db, item.ShopId, item.SellerId, cancellationToken), await SellerClusters.OfAsync(db, item.ShopId, item.SellerId, cancellationToken));

    private static async Task<Results<Ok<NotSameItem>, ProblemHttpResult>> NotSameAsync(long id, NotSameRequest request, HttpContext http, Acting acting)
    {
        VerbOutcome<NotSameShopRow> outcome = await acting.AsAsync(http.User, x => new SayNotSame(id, request.OtherShopId, request.Because).RunAsync(x, http.RequestAborted), http.RequestAborted);
        return outcome.Done ? TypedResults.Ok(NotSameItem.Of(outcome.Value!)) : Problems.Of(outcome);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SameAgainAsync(long id, long other, HttpContext http, Acting acting)
    {
        VerbOutcome<NotSameShopRow> outcome = await acting.AsAsync(http.User, x => SayNotSame.TakeBackAsync(x, id, other, http.RequestAborted), http.RequestAborted);
        return outcome.Done ? TypedResults.NoContent() : Problems.Of(outcome);
    }
}

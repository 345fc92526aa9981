using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.BlockLists;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

public sealed record ListHostRequest(string Host, string Reason);

public sealed record RemoveBlockRequest(string Reason);

/// <summary>An entry of the block list. <c>HitId</c>: the hit whose confirmation listed a link.</summary>
public sealed record BlockEntryItem(long Id, BlockKind Kind, string Value, long? HitId, string Reason, string ListedBy, DateTimeOffset ListedAt, DateTimeOffset? RemovedAt, string? RemovedReason, long Sequence);

/// <summary>The block list for people, and its signed feeds for programs.</summary>
internal static class BlockListApi
{
    public static void MapBlockList(this RouteGroupBuilder api)
    {
        RouteGroupBuilder list = api.MapGroup("/block-list").WithTags("Block list");
        list.MapGet("/", ListAsync).WithName("ListBlockEntries").WithSummary("What is on the block list, newest first.");
        RouteGroupBuilder changes = api.MapGroup("/block-list").WithTags("Block list").RequireAuthorization(Policies.Act).ProducesProblem(404).ProducesProblem(409);
        changes.MapPost("/hosts", (ListHostRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, c => BlockList.ListHostAsync(c, x.Host, x.Reason, http.RequestAborted))).WithName("ListHost").WithSummary("Lists a host, with a reason.");
        changes.MapPost("/{id:long}/removal", (long id, RemoveBlockRequest x, HttpContext http, Acting acting) => DoAsync(http, acting, c => BlockList.RemoveAsync(c, id, x.Reason, http.RequestAborted))).WithName("RemoveBlockEntry").WithSummary("Takes an entry off the list, with a reason.");
    }

    /// <summary>The feeds: what they hold stays the same, to the byte, until the list changes.</summary>
    public static void MapFeeds(this WebApplication app)
    {
        RouteGroupBuilder feeds = app.MapGroup("/feeds").RequireAuthorization(Policies.Feed).RefusesUnknownParameters().WithTags("Block list").ProducesProblem(400).ProducesProblem(401).ProducesProblem(403);
        foreach ((string ending, BlockFeedFormat format) in ((string, BlockFeedFormat)[])[("json", BlockFeedFormat.Json), ("rpz", BlockFeedFormat.Rpz), ("csv", BlockFeedFormat.Csv)])
        {
            feeds.MapGet($"/blocklist.{ending}", (HttpContext http, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, long? since, CancellationToken stop) => FeedAsync(http, databases, clock, format, since, stop))
                .WithName($"GetBlockList{format}").WithSummary(format == BlockFeedFormat.Rpz ? "The listed hosts as a response policy zone; always whole." : $"The block list as {format}; with since the changes after that number, removals among them.").Produces<Stream>(200, "application/octet-stream").Produces(304);
            feeds.MapGet($"/blocklist.{ending}.sig", (HttpContext http, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, long? since, CancellationToken stop) => SignatureAsync(http, databases, clock, format, since, stop))
                .WithName($"GetBlockList{format}Signature").WithSummary("The installation's signature of the feed with the same ETag: ECDSA on P-256 over SHA-256, base64.").Produces<string>(200, "text/plain");
        }
        feeds.MapGet("/key", KeyAsync).WithName("GetFeedKey").WithSummary("The public key that signs the feeds, as PEM.").Produces<string>(200, "application/x-pem-file");
    }

    private static async Task<IResult> FeedAsync(HttpContext http, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, BlockFeedFormat format, long? since, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        BlockFeed feed = await BlockFeed.ReadAsync(db, clock, format, Since(since), cancellationToken);
        string tag = Tag(http, feed);
        if (http.Request.Headers.IfNoneMatch.Contains(tag)) return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return TypedResults.Bytes(feed.Content, feed.MediaType);
    }

    private static async Task<IResult> SignatureAsync(HttpContext http, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, BlockFeedFormat format, long? since, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        BlockFeed feed = await BlockFeed.ReadAsync(db, clock, format, Since(since), cancellationToken);
        Tag(http, feed);
        return TypedResults.Bytes(await feed.SignAsync(db, clock, cancellationToken), "text/plain; charset=us-ascii");
    }

    private static async Task<IResult> KeyAsync(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        using SigningKey key = await SigningKey.OpenAsync(db, clock, cancellationToken);
        string pem = System.Security.Cryptography.PemEncoding.WriteString("PUBLIC KEY", Convert.FromBase64String(key.PublicKey));
        return TypedResults.Bytes(Encoding.ASCII.GetBytes(pem + "\n"), "application/x-pem-file");
    }

    private static string Tag(HttpContext http, BlockFeed feed)
    {
        string tag = $"\"{feed.Sequence}-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(feed.Content))[..16]}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers["Touchstone-Sequence"] = FormattableString.Invariant($"{feed.Sequence}");
        http.Response.Headers.CacheControl = "private, no-cache";
        return tag;
    }

    private static long Since(long? since) => since is null or >= 0 ? since ?? 0 : throw new InvalidValueException("since", since, "the number of a change, 0 or more");

    private static async Task<Ok<ApiPage<BlockEntryItem>>> ListAsync(HttpContext http, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, string? after, int? limit, string? kind, CancellationToken cancellationToken)
    {
        int take = Cursor.Limit(limit);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        await BlockList.ReconcileAsync(db, clock, cancellationToken);
        Page<BlockEntryRow> page = await BlockList.ListAsync(db, Query.Enum<BlockKind>("kind", kind), Cursor.Id(after), take, cancellationToken);
        return Cursor.Answer(http, new ApiPage<BlockEntryItem>([.. page.Items.Select(ItemOf)], page.Next is { } next ? Cursor.Of(next) : null));
    }

    private static async Task<Results<Ok<BlockEntryItem>, ProblemHttpResult>> DoAsync(HttpContext http, Acting acting, Func<VerbContext, Task<VerbOutcome<BlockEntryRow>>> verb)
    {
        VerbOutcome<BlockEntryRow> outcome = await acting.AsAsync(http.User, verb, http.RequestAborted);
        return outcome.Done ? TypedResults.Ok(ItemOf(outcome.Value!)) : Problems.Of(outcome);
    }

    private static BlockEntryItem ItemOf(BlockEntryRow x) => new(x.Id, x.Kind, x.Value, x.HitId, x.Reason, x.ListedBy, x.ListedAt, x.RemovedAt, x.RemovedReason, x.Sequence);
}

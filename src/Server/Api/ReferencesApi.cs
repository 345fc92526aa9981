using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Queries;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>A reference in a list.</summary>
public sealed record ReferenceItem(long Id, string Register, string ExternalId, ReferenceKind Kind, string Title, string? Brand, string? Model, string? Category, string? RiskLevel, DateOnly? PublishedOn, string? ImageSha256, DateTimeOffset UpdatedAt, DateTimeOffset? RetiredAt);

public sealed record IdentifierItem(string Scheme, string Value, bool Valid);

public sealed record ReferenceImageItem(int Position, string? Sha256, string? SourceUrl, string? Failure);

/// <summary>The last time that what was seen before was asked about a reference.</summary>
/// <param name="State">Queued, Running, Done or Failed; the numbers are complete once it is Done.</param>
/// <param name="Reason">The reference came in (CameIn), or has other Pictures or other Facts.</param>
/// <param name="Pictures">Pictures of listings that were asked.</param>
/// <param name="Candidates">Of these the ones that were compared.</param>
/// <param name="Listings">Listings that were screened again because they may show the reference, or state its numbers.</param>
/// <param name="Hits">Of these the ones that are hits of it.</param>
public sealed record LookBackItem(LookBackState State, LookBackReason Reason, DateTimeOffset QueuedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, int Pictures, int Candidates, int Listings, int Hits, string? Failure);

/// <summary>A reference with all that its register says.</summary>
/// <param name="LookBack">Null where nothing was ever asked about it: no listing was seen before it came.</param>
public sealed record ReferenceDetail(
    ReferenceItem Reference, string? Description, IReadOnlyList<string> Classes, string? Danger, string? Measures, string? NotifyingCountry, string? CountryOfOrigin, IReadOnlyList<string> Territory, DateOnly? ExpiresOn,
    string? RightHolder, string? RightHolderContact, string? OnlineTrader, string? SourceUrl, IReadOnlyList<IdentifierItem> Identifiers, IReadOnlyList<ReferenceImageItem> Images, string RawPayload, LookBackItem? LookBack);

public sealed record UpsettingRequest(bool Upsetting);

public sealed record UpsettingAnswer(long Id, bool Upsetting);

/// <summary>References: alerts, designs, marks. Imports write them.</summary>
internal static class ReferencesApi
{
    public static void MapReferences(this RouteGroupBuilder api)
    {
        RouteGroupBuilder references = api.MapGroup("/references").WithTags("References");
        references.MapGet("/", ListAsync).WithName("ListReferences").WithSummary("References, newest first.");
        references.MapPut("/{id:long}/upsetting", UpsetAsync).RequireAuthorization(Policies.Act).WithName("MarkUpsetting").WithSummary("Has the pictures of a reference, and those that match them, blurred until somebody wants to see them; or no more.").ProducesProblem(404);
        references.MapGet("/{id:long}", GetAsync).WithName("GetReference").WithSummary("A reference with pictures, identifiers and the record as received.");
    }

    private static async Task<Results<Ok<UpsettingAnswer>, ProblemHttpResult>> UpsetAsync(long id, UpsettingRequest request, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        VerbOutcome<ReferenceRow> outcome = await acting.AsAsync(http.User, x => new Touchstone.Screening.References.MarkUpsetting(id, request.Upsetting).RunAsync(x, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Ok(new UpsettingAnswer(id, request.Upsetting)) : Problems.Of(outcome);
    }

    private static async Task<Ok<ApiPage<ReferenceItem>>> ListAsync(
        HttpContext http, IDbContextFactory<TouchstoneDb> databases, string? after, int? limit, string? q, string? kind, long? register, bool? retired, CancellationToken cancellationToken)
    {
        int take = Cursor.Limit(limit);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<ReferenceRow> rows = await ReferenceQueries.ListAsync(db, new ReferenceFilter(register, Query.Enum<ReferenceKind>("kind", kind), q, retired ?? false), Cursor.Id(after), take, cancellationToken);
        return Cursor.Answer(http, Cursor.Cut(rows, take, x => Cursor.Of(x.Id), ItemOf));
    }

    private static async Task<Results<Ok<ReferenceDetail>, ProblemHttpResult>> GetAsync(long id, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        ReferenceRow? x = await ReferenceQueries.FindAsync(db, id, cancellationToken);
        if (x is null) return Problems.NotFound("reference", id);
        LookBackRow? asked = await db.LookBacks.AsNoTracking().FirstOrDefaultAsync(l => l.ReferenceId == id, cancellationToken);
        return TypedResults.Ok(new ReferenceDetail(
            ItemOf(x), x.Description, Lines(x.Classes), x.Danger, x.Measures, x.NotifyingCountry, x.CountryOfOrigin, Lines(x.Territory), x.ExpiresOn, x.RightHolder, x.RightHolderContact, x.OnlineTrader, x.SourceUrl,
            [.. x.Identifiers.Select(i => new IdentifierItem(i.Scheme, i.Value, i.Valid))],
            [.. x.Images.Select(i => new ReferenceImageItem(i.Position, i.ImageSha256, i.SourceUrl, i.Failure))],
            x.RawPayload,
            asked is null ? null : new LookBackItem(asked.State, asked.Reason, asked.QueuedAt, asked.StartedAt, asked.EndedAt, asked.Pictures, asked.Candidates, asked.Listings, asked.Hits, asked.Failure)));
    }

    private static ReferenceItem ItemOf(ReferenceRow x) => new(
        x.Id, x.Register?.Name ?? "", x.ExternalId, x.Kind, x.Title, x.Brand, x.Model, x.Category, x.RiskLevel, x.PublishedOn, x.Images.FirstOrDefault(i => i.ImageSha256 is not null)?.ImageSha256, x.UpdatedAt, x.RetiredAt);

    private static string[] Lines(string? text) => text?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];
}

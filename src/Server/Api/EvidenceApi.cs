using System.IO.Compression;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling;
using Touchstone.Crawling.Capture;
using Touchstone.Crawling.Rendering;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Evidence;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>A bundle that was handed out and is kept. <c>Problem</c>: what the last check found wrong; null: nothing. <c>Parts</c> without the manifest and what signs it.</summary>
public sealed record EvidenceItem(string Sha256, long Bytes, string MadeBy, DateTimeOffset MadeAt, DateTimeOffset CheckedAt, string? Problem, IReadOnlyList<EvidencePartItem> Parts)
{
    public static EvidenceItem Of(EvidenceRow row) => new(
        row.Sha256, row.Bytes, row.MadeBy, row.MadeAt, row.CheckedAt, row.Problem,
        [.. row.Parts.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(x => new EvidencePartItem(x[..x.LastIndexOf(' ')], x[(x.LastIndexOf(' ') + 1)..]))]);
}

/// <summary>A part of a bundle, at <c>/api/v1/cases/{id}/evidence/{sha256}/parts/{path}</c>.</summary>
public sealed record EvidencePartItem(string Path, string Sha256);

/// <summary>Hands the evidence of a case out as a sealed ZIP, now or again, and its parts; the audit log keeps who took what.</summary>
internal static class EvidenceApi
{
    /// <summary>Most bundles of a case that are listed; all are kept.</summary>
    public const int MostListed = 50;

    public static void MapEvidence(this RouteGroupBuilder api)
    {
        RouteGroupBuilder evidence = api.MapGroup("/cases/{id:long}/evidence").WithTags("Cases");
        evidence.MapPost("/", HandOutAsync).RequireAuthorization(Policies.Act).WithName("HandOutEvidence").WithSummary("Hands the evidence of a case out as a sealed ZIP, and keeps it; that is recorded with its hash.")
            .Produces<Stream>(200, "application/zip").ProducesProblem(404).ProducesProblem(409);
        evidence.MapGet("/", ListAsync).WithName("ListEvidence").WithSummary("The bundles of a case that were handed out, the newest first, at most 50.").ProducesProblem(404);
        evidence.MapGet("/{sha256}", AgainAsync).RequireAuthorization(Policies.Act).WithName("GetEvidence").WithSummary("A bundle as it was handed out, to the byte; that is recorded.").Produces<Stream>(200, "application/zip").ProducesProblem(404).ProducesProblem(409);
        evidence.MapGet("/{sha256}/parts/{**path}", PartAsync).RequireAuthorization(Policies.Act).WithName("GetEvidencePart").WithSummary("A part of a bundle, such as archive.wacz or report.pdf; that is recorded.")
            .Produces<Stream>(200, "application/octet-stream").ProducesProblem(404).ProducesProblem(409);
    }

    /// <summary>The same for the console's own links, which carry no key.</summary>
    public static void MapEvidencePages(this WebApplication app)
    {
        app.MapPost("/cases/{id:long}/evidence", HandOutAsync).RequireAuthorization(Policies.Act).RequireFormToken().ExcludeFromDescription();
        app.MapGet("/cases/{id:long}/evidence/{sha256}", AgainAsync).RequireAuthorization(Policies.Act).ExcludeFromDescription();
        app.MapGet("/cases/{id:long}/evidence/{sha256}/{**path}", PartAsync).RequireAuthorization(Policies.Act).ExcludeFromDescription();
    }

    /// <summary>The bundle as a download, or why there is none. It is whole, kept and recorded before its first byte is sent.</summary>
    public static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> HandOutAsync(long id, HttpContext http, Acting acting, IBlobStore blobs, EvidenceDesk desk, CancellationToken cancellationToken)
    {
        VerbOutcome<ExportedEvidence> outcome = await acting.AsAsync(http.User, x => new ExportEvidence(id, desk.Tools).RunAsync(x, blobs, cancellationToken), cancellationToken);
        if (!outcome.Done) return Problems.Of(outcome);
        return await blobs.OpenAsync(outcome.Value!.Sha256, cancellationToken) is { } bundle
            ? TypedResults.Stream(bundle, "application/zip", $"case-{id}-evidence.zip")
            : NotWhole("It was erased on request meanwhile.");
    }

    private static async Task<Results<Ok<IReadOnlyList<EvidenceItem>>, ProblemHttpResult>> ListAsync(long id, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await db.Cases.AnyAsync(x => x.Id == id, cancellationToken)) return Problems.NotFound("case", id);
        return TypedResults.Ok<IReadOnlyList<EvidenceItem>>([.. (await KeptEvidence.ListAsync(db, id, MostListed, cancellationToken)).Select(EvidenceItem.Of)]);
    }

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> AgainAsync(long id, string sha256, HttpContext http, Acting acting, IBlobStore blobs, CancellationToken cancellationToken)
    {
        (FileStream? bundle, ProblemHttpResult? problem) = await OpenAsync(id, sha256, http, acting, blobs, null, cancellationToken);
        return problem is not null ? problem : TypedResults.Stream(bundle!, "application/zip", $"case-{id}-evidence.zip");
    }

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> PartAsync(long id, string sha256, string path, HttpContext http, Acting acting, IBlobStore blobs, CancellationToken cancellationToken)
    {
        (FileStream? bundle, ProblemHttpResult? problem) = await OpenAsync(id, sha256, http, acting, blobs, path, cancellationToken);
        if (problem is not null) return problem;
        http.Response.RegisterForDisposeAsync(bundle!);
        ZipArchive archive = await ZipArchive.CreateAsync(bundle!, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        http.Response.RegisterForDisposeAsync(archive);
        if (archive.GetEntry(path) is not { } entry) return Problems.NotFound("part", path);
        Stream part = await entry.OpenAsync(cancellationToken);
        // A picture of a page is shown in the console; everything else is only saved.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return path.StartsWith(EvidenceBundle.ScreenshotFolder, StringComparison.Ordinal) ? TypedResults.Stream(part, "image/png") : TypedResults.Stream(part, MediaTypeOf(path), $"case-{id}-{Path.GetFileName(path)}");
    }

    /// <summary>A kept bundle with its hash, once it is recorded who takes it; or why there is none.</summary>
    private static async Task<(FileStream? Bundle, ProblemHttpResult? Problem)> OpenAsync(long id, string sha256, HttpContext http, Acting acting, IBlobStore blobs, string? part, CancellationToken cancellationToken)
    {
        FileStream? bundle = null;
        string? why = null;
        bool known = await acting.AsAsync(http.User, async context =>
        {
            if (!await context.Db.Evidence.AnyAsync(x => x.CaseId == id && x.Sha256 == sha256, cancellationToken)) return false;
            try
            {
                bundle = await blobs.OpenAsync(sha256, cancellationToken);
            }
            catch (InvalidDataException)
            {
                why = "Its stored bytes were changed, and are not given out.";
            }
            if (bundle is null) why ??= await ErasedBlobs.WhyAsync(context.Db, sha256, cancellationToken) ?? "Its bytes are not in the store.";
            else await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.EvidenceFetched, AuditSubject.Case(id), $"{part ?? "all"} of bundle {sha256}"), cancellationToken);
            return true;
        }, cancellationToken);
        if (!known) return (null, Problems.NotFound("bundle", sha256));
        return bundle is null ? (null, NotWhole(why)) : (bundle, null);
    }

    private static ProblemHttpResult NotWhole(string? why) => TypedResults.Problem(why, statusCode: StatusCodes.Status409Conflict, title: "The bundle is not whole");

    private static string MediaTypeOf(string path) => Path.GetExtension(path) switch
    {
        ".pdf" => "application/pdf",
        ".wacz" => "application/wacz",
        ".json" => "application/json",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
}

/// <summary>Holds what bundles are made with on this node.</summary>
/// <param name="typeface">Style rules that bring the report's typeface as data.</param>
internal sealed class EvidenceDesk(HeadDesk heads, PageCapture pages, ChromiumRenderer printer, CrawlingOptions crawling, string typeface)
{
    public EvidenceTools Tools { get; } = new() { Pages = pages, Printer = printer, Authority = heads.Authority, Requests = crawling, Typeface = typeface };
}

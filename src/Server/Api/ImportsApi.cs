using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>An import. <c>Preview</c>: what it would do, of a file that was given; <c>Report</c>: what it did, once it ended.</summary>
public sealed record ImportItem(
    long Id, string Register, string FileName, string? Url, ReferenceKind? Kind, ImportState State, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, string? Error, int Read, ImportPreview? Preview, ImportReport? Report);

/// <summary>An import in a list, without what it would do or did: that may be long, and is the import's own answer.</summary>
public sealed record ImportHeading(long Id, string Register, string FileName, string? Url, ReferenceKind? Kind, ImportState State, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, string? Error, int Read);

/// <summary>A register to download and take in once. <c>Kind</c> null: what the format or the record says.</summary>
public sealed record DownloadRequest(string Register, string Url, ReferenceKind? Kind = null);

/// <summary>Imports of registers: a file is given, looked at, and started or discarded; workers take it in.</summary>
internal static class ImportsApi
{
    /// <summary>Files that a node looks at at the same time; they are read in memory.</summary>
    public const int AtOnce = 2;

    /// <summary>How long a file may wait for the look at it.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the look at a file may take.</summary>
    public static TimeSpan LongestLook { get; } = TimeSpan.FromMinutes(5);

    public static void MapImports(this RouteGroupBuilder api)
    {
        RouteGroupBuilder imports = api.MapGroup("/imports").WithTags("References");
        imports.MapGet("/", ListAsync).WithName("ListImports").WithSummary("Imports, newest first; what one would do, or did, stands in its own answer.");
        imports.MapGet("/{id:long}", GetAsync).WithName("GetImport").WithSummary("An import with what it would do, or did.").ProducesProblem(404);
        imports.MapGet("/{id:long}/rejected", RejectedAsync).WithName("GetRejectedRows").WithSummary("The rejected rows as a table (CSV): row and reason.").Produces<string>(200, "text/csv").ProducesProblem(404);

        RouteGroupBuilder changes = api.MapGroup("/imports").WithTags("References").RequireAuthorization(Policies.Act).ProducesProblem(404).ProducesProblem(409);
        changes.MapPost("/", StageAsync).WithName("StageImport").WithSummary("Looks at the register in the body; nothing is taken in before it is started.").Accepts<Stream>("application/octet-stream", "text/csv", "application/xml", "application/json", "application/zip").ProducesProblem(503);
        changes.MapPost("/downloads", DownloadAsync).WithName("DownloadImport").WithSummary("Has a worker download a register and take it in.");
        changes.MapPost("/{id:long}/start", (long id, HttpContext http, Acting acting) => DecideAsync(http, acting, new StartImport(id).RunAsync)).WithName("StartImport").WithSummary("Has a worker take in what was looked at.");
        changes.MapPost("/{id:long}/discard", (long id, HttpContext http, Acting acting) => DecideAsync(http, acting, new DiscardImport(id).RunAsync)).WithName("DiscardImport").WithSummary("Drops what was looked at.");
    }

    /// <summary>The rejected rows of an import as CSV, by what it would do or did.</summary>
    public static string RejectedTable(ImportRow row)
    {
        IReadOnlyList<Rejection> rejections = (ReportOf(row) ?? PreviewOf(row)?.Report)?.Rejections ?? [];
        // A field that a spreadsheet program would take for a formula is text.
        static string Field(string text) => $"\"{(text.Length > 0 && text[0] is '=' or '+' or '-' or '@' ? "'" + text : text).Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        return string.Concat(new[] { "row,reason\r\n" }.Concat(rejections.Select(x => $"{Field(x.Row)},{Field(x.Reason)}\r\n")));
    }

    /// <summary>Imports as lists show them, newest first.</summary>
    public static IQueryable<ImportHeading> Headings(TouchstoneDb db) => db.Imports.OrderByDescending(x => x.Id)
        .Select(x => new ImportHeading(x.Id, x.Register, x.FileName, x.Url, x.Kind, x.State, x.CreatedBy, x.CreatedAt, x.FinishedAt, x.Error, x.Read));

    public static ImportPreview? PreviewOf(ImportRow row) => row.Preview is { } json ? JsonSerializer.Deserialize<ImportPreview>(json) : null;

    public static ImportReport? ReportOf(ImportRow row) => row.Report is { } json ? JsonSerializer.Deserialize<ImportReport>(json) : null;

    private static async Task<Ok<ApiPage<ImportHeading>>> ListAsync(HttpContext http, IDbContextFactory<TouchstoneDb> databases, string? after, int? limit, string? state, CancellationToken cancellationToken)
    {
        int take = Cursor.Limit(limit);
        long? last = Cursor.Id(after);
        ImportState? wanted = Query.Enum<ImportState>("state", state);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<ImportHeading> rows = await Headings(db).Where(x => (last == null || x.Id < last) && (wanted == null || x.State == wanted)).Take(take + 1).ToListAsync(cancellationToken);
        return Cursor.Answer(http, Cursor.Cut(rows, take, x => Cursor.Of(x.Id), x => x));
    }

    private static async Task<Results<Ok<ImportItem>, ProblemHttpResult>> GetAsync(long id, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Imports.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id, cancellationToken) is { } row ? TypedResults.Ok(ItemOf(row)) : Problems.NotFound("import", id);
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> RejectedAsync(long id, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Imports.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id, cancellationToken) is not { } row) return Problems.NotFound("import", id);
        return TypedResults.Bytes(System.Text.Encoding.UTF8.GetBytes(RejectedTable(row)), "text/csv; charset=utf-8", $"import-{id}-rejected.csv");
    }

    private static async Task<Results<Created<ImportItem>, ProblemHttpResult>> StageAsync(
        HttpContext http, Acting acting, ReferenceImport import, IBlobStore blobs, [FromKeyedServices(Admission.OfImports)] Admission admission, ServerOptions options, string? register, string? fileName, string? kind, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(register)) throw new InvalidValueException("register", register, "the register's name");
        if (string.IsNullOrWhiteSpace(fileName)) throw new InvalidValueException("fileName", fileName, "the file's name, such as register.csv");
        ReferenceKind? wanted = Query.Enum<ReferenceKind>("kind", kind);
        using Admission.Visit visit = admission.Enter(Patience);
        byte[] body = await RequestBytes.ReadAsync(http.Request, options.MaxRequestBytes, visit, cancellationToken, "a register's file");
        VerbOutcome<ImportRow> outcome = await visit.RunAsync(token => acting.AsAsync(http.User, x => new StageImport(register, fileName, body, wanted).RunAsync(x, import, blobs, token), token), cancellationToken);
        return outcome.Done ? TypedResults.Created($"/api/v1/imports/{outcome.Value!.Id}", ItemOf(outcome.Value)) : Problems.Of(outcome);
    }

    private static async Task<Results<Created<ImportItem>, ProblemHttpResult>> DownloadAsync(DownloadRequest request, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        VerbOutcome<ImportRow> outcome = await acting.AsAsync(http.User, x => new DownloadImport(request.Register, request.Url, request.Kind).RunAsync(x, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Created($"/api/v1/imports/{outcome.Value!.Id}", ItemOf(outcome.Value)) : Problems.Of(outcome);
    }

    private static async Task<Results<Ok<ImportItem>, ProblemHttpResult>> DecideAsync(HttpContext http, Acting acting, Func<VerbContext, CancellationToken, Task<VerbOutcome<ImportRow>>> verb)
    {
        VerbOutcome<ImportRow> outcome = await acting.AsAsync(http.User, x => verb(x, http.RequestAborted), http.RequestAborted);
        return outcome.Done ? TypedResults.Ok(ItemOf(outcome.Value!)) : Problems.Of(outcome);
    }

    private static ImportItem ItemOf(ImportRow x) => new(x.Id, x.Register, x.FileName, x.Url, x.Kind, x.State, x.CreatedBy, x.CreatedAt, x.FinishedAt, x.Error, x.Read, PreviewOf(x), ReportOf(x));
}

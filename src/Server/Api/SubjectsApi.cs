using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Subjects;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>A name or contact that fits. <c>Pick</c> names it in what follows; <c>Kind</c> null: a seller's name; <c>Host</c> null: a notice or a reply.</summary>
public sealed record SubjectFoundItem(string Pick, TraitKind? Kind, string Value, string? Host, long Rows);

/// <summary><c>Text</c>: a seller's name, an e-mail address, a telephone or VAT number.</summary>
public sealed record SubjectSearchRequest(string Text);

/// <summary><c>Picks</c> as the search names them; <c>Reason</c>: who asked, and by which right.</summary>
public sealed record PersonRequest(IReadOnlyList<string> Picks, string Reason);

public sealed record PicksRequest(IReadOnlyList<string> Picks);

/// <summary>What is kept about a named person: found, handed out, erased. For administrators.</summary>
internal static class SubjectsApi
{
    public static void MapSubjects(this RouteGroupBuilder api)
    {
        RouteGroupBuilder persons = api.MapGroup("/persons").WithTags("Persons").RequireAuthorization(Policies.Administer);
        persons.MapPost("/search", SearchAsync).WithName("FindPerson").WithSummary("Names within shops and contacts that fit; a person picks those that are meant.");
        persons.MapPost("/export", (PersonRequest x, HttpContext http, Acting acting) => ExportAsync(http, acting, x.Picks, x.Reason)).WithName("ExportPerson").WithSummary("Everything that is kept about the picked person, as a ZIP with JSON and a page; recorded.")
            .Produces<Stream>(200, "application/zip").ProducesProblem(404);
        persons.MapPost("/erasure-count", CountAsync).WithName("CountErasure").WithSummary("What an erasure would change, and what would stay.").ProducesProblem(404);
        persons.MapPost("/erasure", EraseAsync).WithName("ErasePerson").WithSummary("Erases the picked person's data: keyed hashes take the place of names that must stay; recorded.").ProducesProblem(404);
    }

    /// <summary>The same for the console's own form.</summary>
    public static void MapSubjectPages(this WebApplication app) =>
        app.MapPost("/system/persons/export", async (HttpContext http, Acting acting) =>
        {
            IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
            return await ExportAsync(http, acting, [.. form["pick"].OfType<string>()], form["reason"].ToString());
        }).RequireAuthorization(Policies.Administer).RequireFormToken().ExcludeFromDescription();

    /// <summary>Reads picks; one that is none makes all none.</summary>
    public static IReadOnlyList<SubjectPick> PicksOf(IReadOnlyList<string> picks)
    {
        SubjectPick?[] read = [.. picks.Select(SubjectPick.Parse)];
        return read.Contains(null) ? [] : [.. read.OfType<SubjectPick>()];
    }

    private static async Task<Ok<IReadOnlyList<SubjectFoundItem>>> SearchAsync(SubjectSearchRequest request, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<SubjectFoundItem>>([.. (await SubjectSearch.FindAsync(db, request.Text, cancellationToken)).Select(x => new SubjectFoundItem(x.Pick.ToString(), x.Kind, x.Value, x.Host, x.Rows))]);
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ExportAsync(HttpContext http, Acting acting, IReadOnlyList<string> picks, string reason)
    {
        using var file = new MemoryStream();
        VerbOutcome<ExportedSubject> outcome = await acting.AsAsync(http.User, x => new ExportSubject(PicksOf(picks), reason).RunAsync(x, file, http.RequestAborted), http.RequestAborted);
        return outcome.Done ? TypedResults.Bytes(file.ToArray(), "application/zip", "person.zip") : Problems.Of(outcome);
    }

    private static async Task<Results<Ok<ErasedSubject>, ProblemHttpResult>> CountAsync(PicksRequest request, HttpContext http, Acting acting)
    {
        VerbOutcome<ErasedSubject> outcome = await acting.AsAsync(http.User, x => new EraseSubject(PicksOf(request.Picks), "").CountAsync(x, http.RequestAborted), http.RequestAborted);
        return outcome.Done ? TypedResults.Ok(outcome.Value) : Problems.Of(outcome);
    }

    private static async Task<Results<Ok<ErasedSubject>, ProblemHttpResult>> EraseAsync(PersonRequest request, HttpContext http, Acting acting, IBlobStore blobs)
    {
        VerbOutcome<ErasedSubject> outcome = await acting.AsAsync(http.User, x => new EraseSubject(PicksOf(request.Picks), request.Reason).RunAsync(x, blobs, http.RequestAborted), http.RequestAborted);
        return outcome.Done ? TypedResults.Ok(outcome.Value) : Problems.Of(outcome);
    }
}

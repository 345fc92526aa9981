using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Calibration;
using Touchstone.Screening;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Storage;
using Touchstone.Server.Security;
using Touchstone.Vision.Embedding;

namespace Touchstone.Server.Api;

/// <summary>Which profile is meant: the previewed one to apply, or the one in use to take back.</summary>
public sealed record ProfileRequest(string Id);

/// <summary>What people's verdicts make of the calibration profile: seen first, then applied, and taken back.</summary>
internal static class ProfileApi
{
    public static void MapProfile(this RouteGroupBuilder api)
    {
        RouteGroupBuilder profile = api.MapGroup("/profile").WithTags("Profile").ProducesProblem(404);
        profile.MapGet("/preview", PreviewAsync).WithName("PreviewProfile").WithSummary("What the verdicts given so far would change: points before and after, and past hits whose verdict would change.");
        profile.MapPost("/apply", ApplyAsync).RequireAuthorization(Policies.Administer).WithName("ApplyProfile").WithSummary("Applies the previewed profile.").ProducesProblem(409);
        profile.MapPost("/undo", UndoAsync).RequireAuthorization(Policies.Administer).WithName("UndoProfile").WithSummary("Takes the adjusted profile in use back.").ProducesProblem(409);
    }

    private static async Task<Results<Ok<ProfilePreview>, ProblemHttpResult>> PreviewAsync(ModelEntry model, IDbContextFactory<TouchstoneDb> databases, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await VerdictLearning.PreviewAsync(db, model.Id, cancellationToken) is { } preview ? TypedResults.Ok(preview) : Problems.NotFound("profile for the model", model.Id);
    }

    private static async Task<Results<Ok<CalibrationProfile>, ProblemHttpResult>> ApplyAsync(ProfileRequest request, HttpContext http, Acting acting, ModelEntry model, CancellationToken cancellationToken) =>
        Answer(await acting.AsAsync(http.User, x => new ApplyProfile(model.Id, request.Id).RunAsync(x, cancellationToken), cancellationToken));

    private static async Task<Results<Ok<CalibrationProfile>, ProblemHttpResult>> UndoAsync(ProfileRequest request, HttpContext http, Acting acting, ModelEntry model, CancellationToken cancellationToken) =>
        Answer(await acting.AsAsync(http.User, x => new UndoProfile(model.Id, request.Id).RunAsync(x, cancellationToken), cancellationToken));

    private static Results<Ok<CalibrationProfile>, ProblemHttpResult> Answer(VerbOutcome<CalibrationProfile> outcome) => outcome.Done ? TypedResults.Ok(outcome.Value!) : Problems.Of(outcome);
}

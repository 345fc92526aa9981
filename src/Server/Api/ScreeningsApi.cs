using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.References;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>Screens one picture, with what is known of the offer. Nothing is kept but the picture and its description.</summary>
internal static class ScreeningsApi
{
    public const long MostBytes = 32L << 20;

    private static readonly TimeSpan ScreeningPatience = TimeSpan.FromSeconds(10);

    public static void MapScreenings(this RouteGroupBuilder api) => api.MapPost("/screenings", ScreenAsync).RequireAuthorization(Policies.Act).WithTags("Screenings")
        .WithName("ScreenPicture").WithSummary("Screens the picture in the body.")
        .Accepts<Stream>("image/jpeg", "image/png", "image/webp", "image/avif", "image/gif", "image/tiff", "image/bmp", "image/vnd.microsoft.icon", "application/octet-stream").ProducesProblem(503);

    private static async Task<Ok<ScreeningAnswer>> ScreenAsync(
        HttpRequest request, ScreeningPipeline pipeline, Admission admission, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, string? title, string? description, string? brand, string? mpn, string? gtin, long? reference, CancellationToken cancellationToken)
    {
        using Admission.Visit visit = admission.Enter(ScreeningPatience);
        byte[] bytes = await RequestBytes.ReadAsync(request, MostBytes, visit, cancellationToken);
        var input = new ScreeningInput { Images = [new ScreeningImage(null, bytes)], Title = title, Description = description, Brand = brand, Mpn = mpn, Gtin = gtin, ReferenceId = reference };
        ScreeningOutcome outcome = await visit.RunAsync(token => pipeline.ScreenAsync(input, token), cancellationToken);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await ScreeningAnswers.OfAsync(db, outcome, clock.Today(), cancellationToken));
    }
}

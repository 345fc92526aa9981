using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Retention;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Api;

/// <summary>For how long what names a person is kept with offers. <c>SoonDays</c>: how far <c>Offers[].Soon</c> looks ahead.</summary>
public sealed record RetentionAnswer(OperatorRole Role, int SoonDays, IReadOnlyList<PersonalDataLine> Offers);

/// <summary>What is kept, and what goes when.</summary>
internal static class RetentionApi
{
    public static void MapRetention(this RouteGroupBuilder api) =>
        api.MapGet("/retention", GetAsync).WithTags("System").WithName("GetRetention").WithSummary("For how long what names a person is kept by the operator's role and how far an offer got, and of how many offers it goes now and soon.");

    private static async Task<Ok<RetentionAnswer>> GetAsync(IDbContextFactory<TouchstoneDb> databases, RetentionOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        OperatorRole role = await PersonalData.RoleAsync(db, cancellationToken);
        return TypedResults.Ok(new RetentionAnswer(role, PersonalData.SoonDays, await PersonalData.CountAsync(db, options, role, clock.GetUtcNow(), cancellationToken)));
    }
}

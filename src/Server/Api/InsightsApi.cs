using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Fairness;
using Touchstone.Screening.Storage;

namespace Touchstone.Server.Api;

/// <summary>How the work goes, and how often people rejected what was called a match.</summary>
internal static class InsightsApi
{
    private const int Days = 365;

    public static void MapInsights(this RouteGroupBuilder api)
    {
        RouteGroupBuilder insights = api.MapGroup("/insights").WithTags("Insights");
        insights.MapGet("/progress", ProgressAsync).WithName("GetProgress").WithSummary("What twelve weeks found, how long decisions and removals took, and what came back; by week and by market.");
        insights.MapGet("/false-matches", FalseMatchesAsync).WithName("GetFalseMatches").WithSummary("The share of decided matches that people rejected as no match, by category and register, with its 95 % interval; of the last 365 days if no time is given.");
    }

    private static async Task<Ok<ProgressReport>> ProgressAsync(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, long? register, string? market, CancellationToken cancellationToken)
    {
        if (market is not null && (market.Length != 2 || !market.All(char.IsAsciiLetter))) throw new InvalidValueException("market", market, "the two letters of a country, such as DK");
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await Progress.ReadAsync(db, register, market?.ToUpperInvariant(), clock.GetUtcNow(), cancellationToken));
    }

    private static async Task<Ok<FalseMatchReport>> FalseMatchesAsync(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        DateTimeOffset until = to ?? clock.GetUtcNow(), since = from ?? (until - DateTimeOffset.MinValue > TimeSpan.FromDays(Days) ? until.AddDays(-Days) : DateTimeOffset.MinValue);
        if (since >= until) throw new InvalidValueException("from", from, "before to");
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await FalseMatchRate.ReadAsync(db, since, until, cancellationToken));
    }
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Server.Console.Layout;
using Touchstone.Server.Security;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Cases;

/// <summary>The way to the case that a person works on next; where there is none, to the cases.</summary>
internal static class NextCase
{
    public static void MapNextCase(this WebApplication app) =>
        app.MapGet("/cases/next", async (HttpContext http, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, string? market, string? category, long? after) =>
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(http.RequestAborted);
            long? next = await CaseQueries.NextAsync(db, new CaseFilter(Market: market, Category: category), http.User.ActorName(), clock.GetUtcNow(), after, http.RequestAborted);
            if (next is null) Toast.Say(http, T("No case waits for you here."));
            return Results.LocalRedirect(next is { } id ? $"/cases/{id}" : "/cases");
        }).RequireAuthorization(Policies.Act).ExcludeFromDescription();
}

using Microsoft.AspNetCore.Http.HttpResults;
using Touchstone.Server.Queries;

namespace Touchstone.Server.Api;

/// <summary>How the installation stands.</summary>
internal static class SystemApi
{
    public static void MapSystem(this RouteGroupBuilder api) => api.MapGet("/system", GetAsync).WithTags("System").WithName("GetSystem").WithSummary("The installation's readiness, queues and versions.");

    private static async Task<Ok<SystemReport>> GetAsync(SystemFacts facts, CancellationToken cancellationToken) => TypedResults.Ok(await facts.ReadAsync(cancellationToken));
}

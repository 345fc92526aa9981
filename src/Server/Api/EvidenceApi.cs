using Microsoft.AspNetCore.Http.HttpResults;
using Touchstone.Screening;
using Touchstone.Screening.Evidence;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>Hands the evidence of a case out as a sealed ZIP; the audit log keeps its hash.</summary>
internal static class EvidenceApi
{
    public static void MapEvidence(this RouteGroupBuilder api) => api.MapPost("/cases/{id:long}/evidence", HandOutAsync).RequireAuthorization(Policies.Act).WithTags("Cases")
        .WithName("HandOutEvidence").WithSummary("Hands the evidence of a case out as a sealed ZIP; that is recorded with its hash.").Produces<Stream>(200, "application/zip").ProducesProblem(404);

    /// <summary>The bundle as a download, or why there is none. It is whole on disk before its first byte is sent.</summary>
    public static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> HandOutAsync(long id, HttpContext http, Acting acting, IBlobStore blobs, CancellationToken cancellationToken)
    {
        string path = Path.Combine(Path.GetTempPath(), $"touchstone-evidence-{Guid.NewGuid():N}.zip");
        var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous });
        try
        {
            VerbOutcome<ExportedEvidence> outcome = await acting.AsAsync(http.User, x => new ExportEvidence(id).RunAsync(x, blobs, file, cancellationToken), cancellationToken);
            if (!outcome.Done)
            {
                await file.DisposeAsync();
                return Problems.Of(outcome);
            }
            file.Position = 0;
            return TypedResults.Stream(file, "application/zip", $"case-{id}-evidence.zip");
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}

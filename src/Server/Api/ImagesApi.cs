using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>Stored pictures by their hash. Only what was decoded is served, as the type it was decoded as, and never as anything a browser runs.</summary>
internal static class ImagesApi
{
    private static readonly HashSet<string> Shown = new(StringComparer.Ordinal) { "image/jpeg", "image/png", "image/webp", "image/avif", "image/gif", "image/bmp" };

    public static void MapImages(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/images/{sha256}", GetAsync).RequireAuthorization(Policies.Read).ExcludeFromDescription();

    private static async Task<Results<FileContentHttpResult, NotFound, StatusCodeHttpResult>> GetAsync(
        string sha256, HttpContext http, IDbContextFactory<TouchstoneDb> databases, BlobStore blobs, CancellationToken cancellationToken)
    {
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower)) return TypedResults.NotFound();
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        ImageRow? image = await db.Images.AsNoTracking().SingleOrDefaultAsync(x => x.Sha256 == sha256, cancellationToken);
        if (image is null || image.Failure is not null || image.MediaType is null || !Shown.Contains(image.MediaType)) return TypedResults.NotFound();
        string tag = $"\"{sha256}\"";
        http.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        http.Response.Headers.ETag = tag;
        if (http.Request.Headers.IfNoneMatch.Contains(tag)) return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        byte[]? bytes = await blobs.GetAsync(sha256, cancellationToken);
        return bytes is null ? TypedResults.NotFound() : TypedResults.Bytes(bytes, image.MediaType);
    }
}

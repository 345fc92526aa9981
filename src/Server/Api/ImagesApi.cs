using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;
using Touchstone.Vision.Imaging;

namespace Touchstone.Server.Api;

/// <summary>Stored pictures by their hash. Only what was decoded is served, as the type it was decoded as, and never as anything a browser runs.</summary>
internal static class ImagesApi
{
    private static readonly HashSet<string> Shown = new(StringComparer.Ordinal) { "image/jpeg", "image/png", "image/webp", "image/avif", "image/gif", "image/bmp", "image/vnd.microsoft.icon" };

    private const string ErasedFrame = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 48 48' width='48' height='48' fill='none' stroke='#8a8f98' stroke-width='2'><rect x='8' y='8' width='32' height='32' rx='3'/><path d='M8 8l32 32M40 8L8 40'/></svg>";

    // What is shown here was decoded before, so that only a busy machine makes it slow.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static void MapImages(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/images/{sha256}", GetAsync).RequireAuthorization(Policies.Read).ExcludeFromDescription();

    private static async Task<IResult> GetAsync(
        string sha256, int? w, HttpContext http, IDbContextFactory<TouchstoneDb> databases, IBlobStore blobs, Thumbnails thumbnails, CancellationToken cancellationToken)
    {
        if (w is < 16 or > 2048) throw new InvalidValueException("w", w, "within 16 and 2048");
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower)) return TypedResults.NotFound();
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        ImageRow? image = await db.Images.AsNoTracking().SingleOrDefaultAsync(x => x.Sha256 == sha256, cancellationToken);
        if (image?.Failure is not null && await db.Erasures.AnyAsync(x => x.Sha256 == sha256, cancellationToken)) return Erased(http);
        if (image is null || image.Failure is not null || (w is null && !Shown.Contains(image.MediaType ?? ""))) return TypedResults.NotFound();
        string tag = w is null ? $"\"{sha256}\"" : $"\"{sha256}-{w}\"";
        if (http.Request.Headers.IfNoneMatch.Contains(tag)) return Kept(http, tag, TypedResults.StatusCode(StatusCodes.Status304NotModified));
        byte[]? bytes = await blobs.GetAsync(sha256, cancellationToken);
        if (bytes is null) return TypedResults.NotFound();
        if (w is not { } side) return Kept(http, tag, TypedResults.Bytes(bytes, image.MediaType));
        return thumbnails.Of(sha256, bytes, side, Patience) is { } small ? Kept(http, tag, TypedResults.Bytes(small, "image/jpeg")) : TypedResults.NotFound();
    }

    // A page that shows it shows a crossed-out frame in its place, in every language; a program is told by the status alone.
    private static IResult Erased(HttpContext http)
    {
        string accept = http.Request.Headers.Accept.ToString();
        return accept.Contains("image/svg+xml", StringComparison.Ordinal) && !accept.Contains("text/html", StringComparison.Ordinal)
            ? TypedResults.Text(ErasedFrame, "image/svg+xml", Encoding.UTF8, StatusCodes.Status410Gone)
            : TypedResults.StatusCode(StatusCodes.Status410Gone);
    }

    // Only what is there is kept by a browser: that it is missing may change.
    private static T Kept<T>(HttpContext http, string tag, T result)
    {
        http.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        http.Response.Headers.ETag = tag;
        return result;
    }
}

/// <summary>Shrunk pictures, encoded anew; the recent ones stay in memory. Safe for concurrent use.</summary>
internal sealed class Thumbnails(ImageDecoder decoder) : IDisposable
{
    // About 10 KB each, so this many bytes hold some thousand.
    private readonly MemoryCache _recent = new(new MemoryCacheOptions { SizeLimit = 32 << 20 });

    /// <summary>A JPEG whose longer side is at most <paramref name="side"/> px, or null if the bytes are no picture.</summary>
    /// <param name="patience">The most that decoding takes; null: as long as for any file of a stranger.</param>
    /// <exception cref="BusyException">The machine did not get to it in time; another time it may.</exception>
    public byte[]? Of(string sha256, byte[] bytes, int side, TimeSpan? patience = null)
    {
        if (_recent.TryGetValue((sha256, side), out byte[]? known)) return known;
        // Marks of a register are SVG, drawn here and never sent as such.
        var options = new DecodeOptions { MaxSide = side, AllowSvg = true };
        DecodeOutcome decoded = decoder.Decode(bytes, options with { Timeout = patience ?? options.Timeout });
        if (decoded.Image is null) return decoded.IsLasting ? null : throw new BusyException(TimeSpan.FromSeconds(5));
        byte[] jpeg = ImageEncoder.Jpeg(decoded.Image, 82);
        _recent.Set((sha256, side), jpeg, new MemoryCacheEntryOptions { Size = jpeg.Length });
        return jpeg;
    }

    public void Dispose() => _recent.Dispose();
}

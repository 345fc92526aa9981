using System.Reflection;
using Touchstone.Crawling.Capture;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Evidence;

/// <summary>A screenshot for a bundle.</summary>
/// <param name="Description">Of what, how and when, for people.</param>
internal sealed record Screenshot(string Path, byte[] Png, string Description);

/// <summary>
/// Gathers what was seen for the web archive of a bundle: kept exchanges, kept pictures, and each shop's page as it is when the bundle is made. Not safe for concurrent use.
/// </summary>
internal sealed class EvidenceArchive(IBlobStore blobs, EvidenceTools tools, DateTimeOffset madeAt)
{
    /// <summary>Each takes up to a minute, and somebody waits.</summary>
    public const int MostPages = 5;

    /// <summary>Kept pages that are drawn; each takes seconds.</summary>
    public const int MostDrawn = 20;

    private int drawings;

    private readonly WebArchive archive = new(Software, madeAt);
    private readonly List<Screenshot> screenshots = [];
    private readonly List<AbsentEvidence> absent = [];

    public static string Software { get; } = $"Touchstone {typeof(EvidenceArchive).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0"}";

    public IReadOnlyList<Screenshot> Screenshots => screenshots;

    public IReadOnlyList<AbsentEvidence> Absent => absent;

    /// <summary>WACZ; null where nothing was seen.</summary>
    public byte[]? ToWacz() => archive.IsEmpty ? null : archive.ToWacz();

    /// <summary>What was kept of an observation, with a picture of the page drawn from that.</summary>
    public async Task AddKeptAsync(ObservationRow seen, CancellationToken cancellationToken)
    {
        string url = seen.Listing!.Url;
        var parts = new Dictionary<string, FetchOutcome>(StringComparer.Ordinal);
        foreach (ObservationExchangeRow row in seen.Exchanges.OrderBy(x => x.Position))
        {
            FetchExchange exchange = ExchangeOf(row, row.BodySha256 is { } body ? await FindAsync(body, cancellationToken) ?? [] : []);
            archive.Add(exchange);
            if (row.IsResource && exchange.Status == 200) parts[row.Url] = OutboundHttp.Recalled(new FetchOutcome { Url = row.Url, FinalUrl = row.Url, Status = 200 }, exchange, new FetchLimits());
        }
        foreach (ObservationImageRow image in seen.Images.OrderBy(x => x.Position))
        {
            // A picture is kept by its bytes alone: a resource record says that, where a made-up answer would not.
            if (image.ImageSha256 is not { } sha256 || !Uri.IsWellFormedUriString(image.Url, UriKind.Absolute) || await FindAsync(sha256, cancellationToken) is not { } bytes) continue;
            string type = MediaTypeOf(bytes);
            archive.AddResource(image.Url, image.FetchedAt ?? seen.FirstSeenAt, type, bytes);
            parts[image.Url] = new FetchOutcome { Url = image.Url, FinalUrl = image.Url, Status = 200, ContentType = type, Body = bytes };
        }
        if (seen.PageSha256 is null || await FindAsync(seen.PageSha256, cancellationToken) is not { } html)
        {
            absent.Add(new($"screenshots/kept-{seen.Id}.png", $"No page of {url} was kept."));
            return;
        }
        if (seen.Exchanges.Count == 0 || seen.PageRendered) archive.AddResource(seen.PageRendered ? $"urn:dom:{url}" : url, seen.FirstSeenAt, "text/html; charset=utf-8", html);
        archive.AddPage(url, seen.FirstSeenAt, seen.Name);
        if (tools.Pages is not null && ++drawings > MostDrawn)
        {
            absent.Add(new($"screenshots/kept-{seen.Id}.png", $"Only the first {MostDrawn} kept pages of a bundle are drawn; {url} itself is in it."));
            return;
        }
        CapturedPage? drawn = tools.Pages is null ? null : await tools.Pages.DrawAsync(new KeptPage(url, html, parts), cancellationToken);
        Put($"screenshots/kept-{seen.Id}.png", drawn, $"The page of {url} that was kept on {Instant(seen.FirstSeenAt)}, drawn by Chromium from the kept bytes alone");
    }

    /// <summary>The page of a listing as its shop shows it now.</summary>
    public async Task AddLiveAsync(ListingRow listing, CancellationToken cancellationToken)
    {
        string path = $"screenshots/today-{listing.Id}.png";
        CapturedPage? taken = tools.Pages is null ? null : await tools.Pages.TakeAsync(listing.Url, cancellationToken);
        foreach (FetchExchange exchange in taken?.Exchanges ?? []) archive.Add(exchange);
        if (taken is { Screenshot.IsEmpty: false })
        {
            archive.AddResource($"urn:fullPage:{listing.Url}", taken.At, "image/png", taken.Screenshot.ToArray());
            archive.AddPage(listing.Url, taken.At, listing.Name);
        }
        Put(path, taken, $"The page of {listing.Url} as its shop showed it when this bundle was made, taken by Chromium{(taken?.Policy is { } policy ? $", allowed by {policy}" : "")}");
    }

    public void LeaveOut(ListingRow listing) => absent.Add(new($"screenshots/today-{listing.Id}.png", $"Only the first {MostPages} pages of a bundle are taken anew; {listing.Url} is not among them."));

    private void Put(string path, CapturedPage? page, string description)
    {
        if (page is { Problem: null, Screenshot.IsEmpty: false }) screenshots.Add(new(path, page.Screenshot.ToArray(), $"{description}, on {Instant(page.At)}"));
        else absent.Add(new(path, page?.Problem ?? "No browser was at hand."));
    }

    /// <summary>The bytes; null where they are lost, were changed or were erased.</summary>
    private async Task<byte[]?> FindAsync(string sha256, CancellationToken cancellationToken)
    {
        try
        {
            return await blobs.GetAsync(sha256, cancellationToken);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static FetchExchange ExchangeOf(ObservationExchangeRow row, byte[] body) => new()
    {
        Url = row.Url,
        RequestHead = row.RequestHead,
        ResponseHead = row.ResponseHead,
        Body = body,
        IsWhole = row.IsWhole && (row.BodySha256 is null || body.Length > 0),
        Address = row.Address,
        AskedAt = row.AskedAt,
        EndedAt = row.EndedAt,
    };

    internal static string MediaTypeOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith<byte>([0xFF, 0xD8, 0xFF])) return "image/jpeg";
        if (bytes.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G'])) return "image/png";
        if (bytes.StartsWith("GIF8"u8)) return "image/gif";
        if (bytes.Length > 12 && bytes[..4].SequenceEqual("RIFF"u8) && bytes[8..12].SequenceEqual("WEBP"u8)) return "image/webp";
        if (bytes.Length > 12 && bytes[4..8].SequenceEqual("ftyp"u8)) return "image/avif";
        return "application/octet-stream";
    }

    private static string Instant(DateTimeOffset at) => FormattableString.Invariant($"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
}

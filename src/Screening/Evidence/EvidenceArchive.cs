using System.Reflection;
using Touchstone.Crawling.Capture;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Evidence;

/// <summary>A screenshot that was put into a bundle.</summary>
/// <param name="Description">Of what, how and when, for people.</param>
/// <param name="Place">Where it begins in the file of screenshots.</param>
internal sealed record Screenshot(string Path, string Description, long Place, int Bytes);

/// <summary>
/// Gathers what was seen for the web archive of a bundle: kept exchanges, kept pictures, and each shop's page as it is when the bundle is made. What it gathers lies in files beside the
/// store's drafts; in memory is one page at a time. Not safe for concurrent use, but for <see cref="ReadAsync"/>.
/// </summary>
internal sealed class EvidenceArchive : IAsyncDisposable
{
    /// <summary>Each takes up to a minute, and somebody waits.</summary>
    public const int MostPages = 5;

    /// <summary>Kept pages that are drawn; each takes seconds.</summary>
    public const int MostDrawn = 20;

    /// <summary>Most addresses that are named of what a screenshot lacks.</summary>
    private const int MostNamed = 50;

    private readonly EvidenceParts parts;
    private readonly IBlobStore blobs;
    private readonly EvidenceTools tools;
    private readonly FileStream warc, drawings;
    private readonly WebArchive archive;
    private readonly List<Screenshot> screenshots = [];
    private int drawn;

    public EvidenceArchive(EvidenceParts parts, IBlobStore blobs, EvidenceTools tools, DateTimeOffset madeAt)
    {
        (this.parts, this.blobs, this.tools) = (parts, blobs, tools);
        warc = blobs.Scratch();
        try
        {
            drawings = blobs.Scratch();
            archive = new WebArchive(Software, madeAt, warc);
        }
        catch
        {
            drawings?.Dispose();
            warc.Dispose();
            throw;
        }
    }

    public static string Software { get; } = $"Touchstone {typeof(EvidenceArchive).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0"}";

    public IReadOnlyList<Screenshot> Screenshots => screenshots;

    /// <summary>Puts the web archive in, or why there is none.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (archive.IsEmpty)
        {
            parts.Lacks(new(EvidenceBundle.ArchivePath, "Nothing was seen at a shop."));
            return;
        }
        await using FileStream wacz = blobs.Scratch();
        await archive.WriteWaczAsync(wacz, cancellationToken);
        await parts.AddAsync(EvidenceBundle.ArchivePath, "application/wacz", "What went over the wire as a web archive (WACZ 1.1.1 with WARC 1.1): the kept exchanges and pictures, and the pages as they were when this was made", wacz, cancellationToken);
    }

    /// <summary>The PNG of a screenshot.</summary>
    public async Task<byte[]> ReadAsync(Screenshot shot, CancellationToken cancellationToken)
    {
        byte[] png = new byte[shot.Bytes];
        for (int read = 0; read < png.Length;)
            read += await RandomAccess.ReadAsync(drawings.SafeFileHandle, png.AsMemory(read), shot.Place + read, cancellationToken) is > 0 and int more ? more : throw new EndOfStreamException($"The screenshot {shot.Path} is cut off.");
        return png;
    }

    /// <summary>What was kept of an observation, with a picture of the page drawn from that.</summary>
    public async Task AddKeptAsync(ObservationRow seen, CancellationToken cancellationToken)
    {
        string url = seen.Listing!.Url, path = $"screenshots/kept-{seen.Id}.png";
        var kept = new KeptParts(seen, FindAsync);
        foreach (ObservationExchangeRow row in seen.Exchanges.OrderBy(x => x.Position)) archive.Add(await kept.ExchangeAsync(row, cancellationToken));
        foreach (ObservationImageRow image in kept.Images)
        {
            // A picture is kept by its bytes alone: a resource record says that, where a made-up answer would not.
            if (await FindAsync(image.ImageSha256!, cancellationToken) is { } bytes) archive.AddResource(image.Url!, image.FetchedAt ?? seen.FirstSeenAt, MediaTypeOf(bytes), bytes);
        }
        if (seen.PageSha256 is null || await FindAsync(seen.PageSha256, cancellationToken) is not { } html)
        {
            parts.Lacks(new(path, $"No page of {url} was kept."));
            return;
        }
        if (seen.Exchanges.Count == 0 || seen.PageRendered) archive.AddResource(seen.PageRendered ? $"urn:dom:{url}" : url, seen.FirstSeenAt, "text/html; charset=utf-8", html);
        archive.AddPage(url, seen.FirstSeenAt, seen.Name);
        if (tools.Pages is not null && ++drawn > MostDrawn)
        {
            parts.Lacks(new(path, $"Only the first {MostDrawn} kept pages of a bundle are drawn; {url} itself is in it."));
            return;
        }
        CapturedPage? page = tools.Pages is null ? null : await tools.Pages.DrawAsync(new KeptPage(url, html, kept.FindAsync), cancellationToken);
        await PutAsync(path, page, $"The page of {url} that was kept on {Instant(seen.FirstSeenAt)}, drawn by Chromium from the kept bytes alone", "was not kept", cancellationToken);
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
        await PutAsync(path, taken, $"The page of {listing.Url} as its shop showed it when this bundle was made, taken by Chromium{(taken?.Policy is { } policy ? $", allowed by {policy}" : "")}", "was not given, or not asked for", cancellationToken);
    }

    public void LeaveOut(ListingRow listing) => parts.Lacks(new($"screenshots/today-{listing.Id}.png", $"Only the first {MostPages} pages of a bundle are taken anew; {listing.Url} is not among them."));

    public async ValueTask DisposeAsync()
    {
        try
        {
            archive.Dispose();
        }
        finally
        {
            try
            {
                await warc.DisposeAsync();
            }
            finally
            {
                await drawings.DisposeAsync();
            }
        }
    }

    private async Task PutAsync(string path, CapturedPage? page, string description, string why, CancellationToken cancellationToken)
    {
        if (page is not { Problem: null, Screenshot.IsEmpty: false })
        {
            parts.Lacks(new(path, page?.Problem ?? "No browser was at hand."));
            return;
        }
        string said = $"{description}, on {Instant(page.At)}{(page.Lacking.Count == 0 ? "" : $", without {page.Lacking.Count} parts of the page that the manifest names")}{(page.IsWhole ? "" : ", as the page stood when its time was over")}";
        screenshots.Add(new(path, said, drawings.Position, page.Screenshot.Length));
        await drawings.WriteAsync(page.Screenshot, cancellationToken);
        await drawings.FlushAsync(cancellationToken);
        await parts.AddAsync(path, "image/png", said, page.Screenshot.ToArray(), cancellationToken);
        if (page.Lacking.Count > 0)
            parts.Lacks(new(path, $"The page looks different with what the screenshot is without, because it {why}: {string.Join(", ", page.Lacking.Take(MostNamed))}{(page.Lacking.Count > MostNamed ? $" and {page.Lacking.Count - MostNamed} more" : "")}."));
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

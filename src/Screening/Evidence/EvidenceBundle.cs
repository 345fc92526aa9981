using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Evidence;

/// <summary>
/// A case as one ZIP that can be checked without this program: what was offered, what it matches and why, the pictures, who decided what,
/// the audit entries, and the SHA-256 of every part in <c>manifest.json</c>. The same state gives the same bytes.
/// </summary>
public static class EvidenceBundle
{
    // The ZIP format begins in 1980; a fixed time keeps equal bundles equal.
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // read as a file, never inside a page
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Writes the bundle of a case; null if there is no such case, and nothing is written then.</summary>
    public static async Task<EvidenceManifest?> WriteAsync(TouchstoneDb db, IBlobStore blobs, long caseId, Stream output, CancellationToken cancellationToken)
    {
        CaseRow? found = await ReadAsync(db, caseId, cancellationToken);
        if (found is null) return null;
        List<HitRow> hits = [.. found.Hits.OrderBy(x => x.Id)];
        List<long?> captureIds = [.. hits.Select(x => x.CaptureId).Where(x => x is not null)];
        Dictionary<long, CaptureRow> captures = await db.Captures.AsNoTracking().Where(x => captureIds.Contains(x.Id)).ToDictionaryAsync(x => x.Id, cancellationToken);
        List<string> subjects = [AuditSubject.Case(caseId), .. hits.Select(x => AuditSubject.Hit(x.Id)), .. captures.Keys.Order().Select(AuditSubject.Capture)];
        List<AuditRow> audit = await db.Audit.AsNoTracking().Where(x => subjects.Contains(x.Subject)).OrderBy(x => x.Id).ToListAsync(cancellationToken);

        var parts = new List<EvidencePart>();
        await using ZipArchive archive = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        await AddJsonAsync("case.json", "The case and its history", CaseFacts.Of(found));
        await AddJsonAsync("hits.json", "What was offered or photographed, what it matches, and what was decided", hits.Select(x => HitFacts.Of(x, x.CaptureId is { } id ? captures.GetValueOrDefault(id) : null)));
        await AddJsonAsync("audit.json", "The entries of the audit log about this case and its hits", audit.Select(AuditFacts.Of));
        foreach (ReferenceRow reference in hits.Select(x => x.Reference).OfType<ReferenceRow>().DistinctBy(x => x.Id).OrderBy(x => x.Id))
        {
            byte[] raw = System.Text.Encoding.UTF8.GetBytes(reference.RawPayload);
            await AddAsync(ReferenceFacts.RawPartOf(reference), "text/plain", $"The register's record of {reference.ExternalId} as received", raw, CompressionLevel.Optimal);
        }
        List<MissingEvidence> missing = await AddPicturesAsync();
        var manifest = new EvidenceManifest(EvidenceManifest.CurrentFormat, caseId, found.Title, await AuditLog.HeadAsync(db, cancellationToken), parts, missing);
        await WriteEntryAsync(archive, "manifest.json", JsonSerializer.SerializeToUtf8Bytes(manifest, Json), CompressionLevel.Optimal, cancellationToken);
        return manifest;

        Task AddJsonAsync<T>(string path, string description, T value) =>
            AddAsync(path, "application/json", description, JsonSerializer.SerializeToUtf8Bytes(value, Json), CompressionLevel.Optimal);

        async Task AddAsync(string path, string mediaType, string description, byte[] bytes, CompressionLevel level)
        {
            await WriteEntryAsync(archive, path, bytes, level, cancellationToken);
            parts.Add(new(path, BlobName.Of(bytes), bytes.Length, mediaType, description));
        }

        async Task<List<MissingEvidence>> AddPicturesAsync()
        {
            List<MissingEvidence> lost = [];
            SortedDictionary<string, string> wanted = PicturesOf(hits, captures.Values);
            List<string> hashes = [.. wanted.Keys];
            Dictionary<string, string?> types = await db.Images.Where(x => hashes.Contains(x.Sha256)).ToDictionaryAsync(x => x.Sha256, x => x.MediaType, cancellationToken);
            foreach ((string sha256, string description) in wanted)
            {
                (byte[]? bytes, string? why) = await PictureAsync(blobs, sha256, cancellationToken);
                string type = types.GetValueOrDefault(sha256) ?? "application/octet-stream";
                if (bytes is null) lost.Add(new(sha256, why!));
                else await AddAsync($"images/{sha256}{ExtensionOf(type)}", type, description, bytes, CompressionLevel.NoCompression);
            }
            return lost;
        }
    }

    private static Task<CaseRow?> ReadAsync(TouchstoneDb db, long caseId, CancellationToken cancellationToken) => db.Cases.AsNoTracking().AsSplitQuery()
        .Include(x => x.Events)
        .Include(x => x.Hits).ThenInclude(x => x.Listing!.Shop)
        .Include(x => x.Hits).ThenInclude(x => x.Listing!.Images)
        .Include(x => x.Hits).ThenInclude(x => x.Reference!.Register)
        .Include(x => x.Hits).ThenInclude(x => x.Reference!.Images)
        .Include(x => x.Hits).ThenInclude(x => x.Match!.Screening)
        .FirstOrDefaultAsync(x => x.Id == caseId, cancellationToken);

    // A picture that is several things at once is described by the first of them.
    private static SortedDictionary<string, string> PicturesOf(List<HitRow> hits, IEnumerable<CaptureRow> captures)
    {
        var pictures = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (CaptureRow capture in captures.OrderBy(x => x.Id)) pictures.TryAdd(capture.ImageSha256, $"Field photo of capture {capture.Id}");
        foreach (HitRow hit in hits)
        {
            foreach (ListingImageRow image in (hit.Listing?.Images ?? []).OrderBy(x => x.Position).ThenBy(x => x.Id))
                if (image.ImageSha256 is { } seen) pictures.TryAdd(seen, $"Picture of {hit.Listing!.Url}");
            if (hit.Match?.ImageSha256 is { } matched) pictures.TryAdd(matched, $"The picture that matches in hit {hit.Id}");
            foreach (ReferenceImageRow image in (hit.Reference?.Images ?? []).OrderBy(x => x.Position).ThenBy(x => x.Id))
                if (image.ImageSha256 is { } registered) pictures.TryAdd(registered, $"Picture of reference {hit.Reference!.ExternalId}");
        }
        return pictures;
    }

    private static async Task<(byte[]? Bytes, string? Why)> PictureAsync(IBlobStore blobs, string sha256, CancellationToken cancellationToken)
    {
        try
        {
            byte[]? bytes = await blobs.GetAsync(sha256, cancellationToken);
            return (bytes, bytes is null ? "The picture is not in the store." : null);
        }
        catch (InvalidDataException)
        {
            return (null, "The stored bytes no longer have this hash; they were changed and are not given out.");
        }
    }

    private static async Task WriteEntryAsync(ZipArchive archive, string path, byte[] bytes, CompressionLevel level, CancellationToken cancellationToken)
    {
        ZipArchiveEntry entry = archive.CreateEntry(path, level);
        entry.LastWriteTime = EntryTime;
        await using Stream stream = await entry.OpenAsync(cancellationToken);
        await stream.WriteAsync(bytes, cancellationToken);
    }

    private static string ExtensionOf(string mediaType) => mediaType switch
    {
        "image/jpeg" => ".jpg",
        "image/png" => ".png",
        "image/webp" => ".webp",
        "image/avif" => ".avif",
        "image/gif" => ".gif",
        "image/tiff" => ".tif",
        "image/bmp" => ".bmp",
        "image/svg+xml" => ".svg",
        _ => ".bin",
    };
}

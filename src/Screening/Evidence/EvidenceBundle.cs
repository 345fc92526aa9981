using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Evidence;

/// <summary>
/// A case as one ZIP that can be checked without this program: what was seen when it was decided (the page, its facts, its pictures), what it matches and why,
/// who decided what, the audit entries, and the SHA-256 of every part in <c>manifest.json</c>. The same state gives the same bytes.
/// </summary>
public static class EvidenceBundle
{
    /// <summary>Writes the bundle of a case; null if there is no such case, and nothing is written then.</summary>
    public static async Task<EvidenceManifest?> WriteAsync(TouchstoneDb db, IBlobStore blobs, long caseId, Stream output, CancellationToken cancellationToken)
    {
        CaseRow? found = await ReadAsync(db, caseId, cancellationToken);
        if (found is null) return null;
        List<HitRow> hits = [.. found.Hits.OrderBy(x => x.Id)];
        List<long?> captureIds = [.. hits.Select(x => x.CaptureId).Where(x => x is not null)];
        Dictionary<long, CaptureRow> captures = await db.Captures.AsNoTracking().Where(x => captureIds.Contains(x.Id) || captureIds.Contains(x.ThingId)).ToDictionaryAsync(x => x.Id, cancellationToken);
        List<string> subjects = [AuditSubject.Case(caseId), .. hits.Select(x => AuditSubject.Hit(x.Id)), .. captures.Keys.Order().Select(AuditSubject.Capture)];
        List<AuditRow> audit = await db.Audit.AsNoTracking().Where(x => subjects.Contains(x.Subject)).OrderBy(x => x.Id).ToListAsync(cancellationToken);

        await using ZipArchive archive = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        var parts = new EvidenceParts(archive, db, blobs);
        await parts.AddJsonAsync("case.json", "The case and its history", CaseFacts.Of(found), cancellationToken);
        await parts.AddJsonAsync("hits.json", "What was seen or photographed, what it matches, and what was decided", hits.Select(x => HitFacts.Of(x, x.CaptureId is { } id ? captures.GetValueOrDefault(id) : null)), cancellationToken);
        await parts.AddJsonAsync("audit.json", "The entries of the audit log about this case and its hits", audit.Select(AuditFacts.Of), cancellationToken);
        foreach (ReferenceRow reference in hits.Select(x => x.Reference).OfType<ReferenceRow>().DistinctBy(x => x.Id).OrderBy(x => x.Id))
            await parts.AddAsync(ReferenceFacts.RawPartOf(reference), "text/plain", $"The register's record of {reference.ExternalId} as received", System.Text.Encoding.UTF8.GetBytes(reference.RawPayload), cancellationToken);
        foreach (ObservationRow seen in hits.Select(x => x.Match?.Screening?.Observation).OfType<ObservationRow>().DistinctBy(x => x.Id).OrderBy(x => x.Id)) await AddPageAsync(parts, seen, cancellationToken);
        SortedDictionary<string, string> pictures = PicturesOf(hits, captures.Values);
        List<string> hashes = [.. pictures.Keys];
        Dictionary<string, string?> types = await db.Images.Where(x => hashes.Contains(x.Sha256)).ToDictionaryAsync(x => x.Sha256, x => x.MediaType, cancellationToken);
        foreach ((string sha256, string description) in pictures)
        {
            string type = types.GetValueOrDefault(sha256) ?? "application/octet-stream";
            await parts.AddStoredAsync(sha256, $"images/{sha256}{ExtensionOf(type)}", type, description, cancellationToken);
        }
        return await parts.EndAsync(new EvidenceManifest(EvidenceManifest.CurrentFormat, caseId, found.Title, await AuditLog.HeadAsync(db, cancellationToken), parts.Added, parts.Missing), cancellationToken);
    }

    /// <summary>The page as it was read, and what went over the wire to bring it.</summary>
    private static async Task AddPageAsync(EvidenceParts parts, ObservationRow seen, CancellationToken cancellationToken)
    {
        if (seen.PageSha256 is { } page)
            await parts.AddStoredAsync(page, $"pages/{page}.txt", "text/plain; charset=utf-8", $"The page of {seen.Listing!.Url} as its facts were read{(seen.PageRendered ? ", made by a browser" : "")}", cancellationToken);
        foreach (ObservationExchangeRow exchange in seen.Exchanges.OrderBy(x => x.Position))
        {
            await parts.AddAsync(ExchangeFacts.HeadPartOf(exchange), "text/plain", $"The heads of the request for {exchange.Url} and of its answer, byte for byte", [.. exchange.RequestHead, .. exchange.ResponseHead], cancellationToken);
            if (exchange.BodySha256 is { } body) await parts.AddStoredAsync(body, ExchangeFacts.BodyPartOf(body), "application/octet-stream", $"The body of {exchange.Url} before it was unpacked", cancellationToken);
        }
    }

    private static Task<CaseRow?> ReadAsync(TouchstoneDb db, long caseId, CancellationToken cancellationToken) => db.Cases.AsNoTracking().AsSplitQuery()
        .Include(x => x.Events)
        .Include(x => x.Hits).ThenInclude(x => x.Decisions)
        .Include(x => x.Hits).ThenInclude(x => x.Reference!.Register)
        .Include(x => x.Hits).ThenInclude(x => x.Reference!.Record)
        .Include(x => x.Hits).ThenInclude(x => x.Reference!.Images)
        .Include(x => x.Hits).ThenInclude(x => x.Match!.Screening!.Observation!.Listing!.Shop)
        .Include(x => x.Hits).ThenInclude(x => x.Match!.Screening!.Observation!.Images)
        .Include(x => x.Hits).ThenInclude(x => x.Match!.Screening!.Observation!.Exchanges)
        .FirstOrDefaultAsync(x => x.Id == caseId, cancellationToken);

    // A picture that is several things at once is described by the first of them.
    private static SortedDictionary<string, string> PicturesOf(List<HitRow> hits, IEnumerable<CaptureRow> captures)
    {
        var pictures = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (CaptureRow capture in captures.OrderBy(x => x.Id)) pictures.TryAdd(capture.ImageSha256, $"Field photo of capture {capture.Id}");
        foreach (HitRow hit in hits)
        {
            ObservationRow? observation = hit.Match?.Screening?.Observation;
            foreach (ObservationImageRow image in (observation?.Images ?? []).OrderBy(x => x.Position))
                if (image.ImageSha256 is { } seen) pictures.TryAdd(seen, $"Picture of {observation!.Listing!.Url}");
            if (hit.Match?.ImageSha256 is { } matched) pictures.TryAdd(matched, $"The picture that matches in hit {hit.Id}");
            foreach (ReferenceImageRow image in (hit.Reference?.Images ?? []).OrderBy(x => x.Position).ThenBy(x => x.Id))
                if (image.ImageSha256 is { } registered) pictures.TryAdd(registered, $"Picture of reference {hit.Reference!.ExternalId}");
        }
        return pictures;
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

using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Calibration;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Rendering;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Evidence;

/// <summary>A bundle as written.</summary>
/// <param name="StampFailure">Why the configured authority gave no time stamp, for people; null: it did, or there is none.</param>
public sealed record WrittenEvidence(EvidenceManifest Manifest, string? StampFailure);

/// <summary>
/// A case as one ZIP that can be checked without this program: what was seen when it was decided (the page, its facts, its pictures, a web archive and screenshots), what it matches and why,
/// who decided what and what was done about it (samples, files, notices with what came back, returns), the audit entries, a report for people, and the SHA-256 of every part in <c>manifest.json</c>. The same state and the same time give the same parts, but for what a browser draws.
/// </summary>
public static class EvidenceBundle
{
    public const string ArchivePath = "archive.wacz", ReportPath = "report.pdf", ScreenshotFolder = "screenshots/";

    /// <summary>Writes the bundle of a case; null if there is no such case, and nothing is written then.</summary>
    /// <param name="key">Signs the manifest; null: nobody does.</param>
    public static async Task<WrittenEvidence?> WriteAsync(VerbContext context, IBlobStore blobs, EvidenceTools tools, SigningKey? key, long caseId, Stream output, CancellationToken cancellationToken)
    {
        TouchstoneDb db = context.Db;
        CaseRow? found = await ReadAsync(db, caseId, cancellationToken);
        if (found is null) return null;
        DateTimeOffset madeAt = DateTimeOffset.FromUnixTimeMilliseconds(context.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        List<HitRow> hits = [.. found.Hits.OrderBy(x => x.Id)];
        List<ObservationRow> observations = [.. hits.Select(x => x.Match?.Screening?.Observation).OfType<ObservationRow>().DistinctBy(x => x.Id).OrderBy(x => x.Id)];

        await using ZipArchive archive = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        var parts = new EvidenceParts(archive, db, blobs);
        CaseWork work = await CaseWork.ReadAsync(db, found, cancellationToken);
        Dictionary<long, CaptureRow> captures = await AddFactsAsync(parts, db, found, hits, work, cancellationToken);
        await work.AddAsync(parts, madeAt, cancellationToken);
        await parts.AddJsonAsync("requests.json", "How shops were asked: what each request said of itself, and the rules of the installation when the bundle was made", RequestFacts.Of(observations, tools.Requests, await db.Mandates.AsNoTracking().OrderBy(x => x.Id).ToListAsync(cancellationToken)), cancellationToken);
        await AddProfilesAsync(parts, db, hits, cancellationToken);
        foreach (ReferenceRow reference in hits.Select(x => x.Reference).OfType<ReferenceRow>().DistinctBy(x => x.Id).OrderBy(x => x.Id))
            await parts.AddAsync(ReferenceFacts.RawPartOf(reference), "text/plain", $"The register's record of {reference.ExternalId} as received", System.Text.Encoding.UTF8.GetBytes(reference.RawPayload), cancellationToken);
        foreach (ObservationRow seen in observations.Concat(work.Returned.Values).DistinctBy(x => x.Id).OrderBy(x => x.Id)) await AddPageAsync(parts, seen, cancellationToken);
        Dictionary<string, EvidencePart> pictures = await AddPicturesAsync(parts, db, PicturesOf(hits, captures.Values, work), cancellationToken);
        await using var seenThere = new EvidenceArchive(parts, blobs, tools, madeAt);
        await AddArchiveAsync(seenThere, observations, cancellationToken);
        string auditHead = await AuditLog.HeadAsync(db, cancellationToken);
        string report = new EvidenceReport(found, hits, pictures, seenThere.Screenshots, tools) { Work = work }.Write(context, madeAt, key, auditHead, parts);
        PrintOutcome printed = tools.Printer is null ? new(null, "No browser was at hand.") : await tools.Printer.PrintAsync(report, PictureAsync, cancellationToken);
        if (printed.Pdf is { } pdf) await parts.AddAsync(ReportPath, "application/pdf", "All of this for people: who, what, when, the pictures side by side, the hashes of the other parts, and how to check them", pdf, cancellationToken);
        else parts.Lacks(new(ReportPath, printed.Detail ?? "No browser printed it."));
        var manifest = new EvidenceManifest(
            EvidenceManifest.CurrentFormat, EvidenceArchive.Software, caseId, found.Title, madeAt, context.Actor, auditHead, tools.Authority?.Url.ToString(), parts.Added, parts.Missing, parts.Absent);
        return new WrittenEvidence(manifest, await parts.EndAsync(manifest, key, tools.Authority, cancellationToken));

        async Task<FetchOutcome?> PictureAsync(string path, CancellationToken token)
        {
            byte[]? bytes = seenThere.Screenshots.FirstOrDefault(x => x.Path == path) is { } shot ? await seenThere.ReadAsync(shot, token)
                : pictures.Values.FirstOrDefault(x => x.Path == path) is { } picture ? await blobs.GetAsync(picture.Sha256, token)
                : null;
            return bytes is null ? null : new FetchOutcome { Url = path, FinalUrl = path, Status = 200, ContentType = EvidenceArchive.MediaTypeOf(bytes), Body = bytes };
        }
    }

    /// <summary>Case, hits and audit entries; gives the field photos of the hits.</summary>
    private static async Task<Dictionary<long, CaptureRow>> AddFactsAsync(EvidenceParts parts, TouchstoneDb db, CaseRow found, List<HitRow> hits, CaseWork work, CancellationToken cancellationToken)
    {
        List<long?> captureIds = [.. hits.Select(x => x.CaptureId).Where(x => x is not null)];
        Dictionary<long, CaptureRow> captures = await db.Captures.AsNoTracking().Where(x => captureIds.Contains(x.Id) || captureIds.Contains(x.ThingId)).ToDictionaryAsync(x => x.Id, cancellationToken);
        List<string> subjects = [AuditSubject.Case(found.Id), .. hits.Select(x => AuditSubject.Hit(x.Id)), .. captures.Keys.Order().Select(AuditSubject.Capture), .. work.Notices.Select(x => AuditSubject.Notice(x.Id))];
        List<AuditRow> audit = await db.Audit.AsNoTracking().Where(x => subjects.Contains(x.Subject)).OrderBy(x => x.Id).ToListAsync(cancellationToken);
        await parts.AddJsonAsync("case.json", "The case and its history", CaseFacts.Of(found), cancellationToken);
        await parts.AddJsonAsync("hits.json", "What was seen or photographed, what it matches, and what was decided", hits.Select(x => HitFacts.Of(x, x.CaptureId is { } id ? captures.GetValueOrDefault(id) : null)), cancellationToken);
        await parts.AddJsonAsync("audit.json", "The entries of the audit log about this case, its hits and its notices", audit.Select(AuditFacts.Of), cancellationToken);
        return captures;
    }

    /// <summary>The calibration profiles that the matches' probabilities come from.</summary>
    private static async Task AddProfilesAsync(EvidenceParts parts, TouchstoneDb db, List<HitRow> hits, CancellationToken cancellationToken)
    {
        foreach (ScreeningRow screening in hits.Select(x => x.Match?.Screening).OfType<ScreeningRow>().DistinctBy(x => x.ProfileId).OrderBy(x => x.ProfileId, StringComparer.Ordinal))
        {
            string path = $"profiles/{screening.ProfileId}.json";
            string? content = await db.CalibrationProfiles.Where(x => x.Id == screening.ProfileId).Select(x => x.Content).FirstOrDefaultAsync(cancellationToken)
                ?? (ShippedProfiles.Find(screening.ModelId) is { } shipped && shipped.Id == screening.ProfileId ? shipped.ToJson() : null);
            if (content is null) parts.Lacks(new(path, $"The profile is known by its id {screening.ProfileId} only."));
            else await parts.AddAsync(path, "application/json", $"The calibration profile of the model {screening.ModelId} that the probabilities come from", System.Text.Encoding.UTF8.GetBytes(content), cancellationToken);
        }
    }

    /// <summary>Puts the pictures in and gives the parts of those that are there, by their hashes.</summary>
    private static async Task<Dictionary<string, EvidencePart>> AddPicturesAsync(EvidenceParts parts, TouchstoneDb db, SortedDictionary<string, string> pictures, CancellationToken cancellationToken)
    {
        List<string> hashes = [.. pictures.Keys];
        Dictionary<string, string?> types = await db.Images.Where(x => hashes.Contains(x.Sha256)).ToDictionaryAsync(x => x.Sha256, x => x.MediaType, cancellationToken);
        var found = new Dictionary<string, EvidencePart>(StringComparer.Ordinal);
        foreach ((string sha256, string description) in pictures)
        {
            string type = types.GetValueOrDefault(sha256) ?? "application/octet-stream";
            if (await parts.AddStoredAsync(sha256, $"images/{sha256}{ExtensionOf(type)}", type, description, cancellationToken) is { } part) found[sha256] = part;
        }
        return found;
    }

    /// <summary>The web archive and the screenshots.</summary>
    private static async Task AddArchiveAsync(EvidenceArchive archive, List<ObservationRow> observations, CancellationToken cancellationToken)
    {
        foreach (ObservationRow seen in observations) await archive.AddKeptAsync(seen, cancellationToken);
        foreach ((int place, ListingRow listing) in observations.Select(x => x.Listing!).DistinctBy(x => x.Id).Index())
        {
            if (place < EvidenceArchive.MostPages) await archive.AddLiveAsync(listing, cancellationToken);
            else archive.LeaveOut(listing);
        }
        await archive.EndAsync(cancellationToken);
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
        .Include(x => x.Hits).ThenInclude(x => x.Match!.Screening!.Observation!.Variants)
        .Include(x => x.Hits).ThenInclude(x => x.Match!.Screening!.Observation!.Exchanges)
        .FirstOrDefaultAsync(x => x.Id == caseId, cancellationToken);

    // A picture that is several things at once is described by the first of them.
    private static SortedDictionary<string, string> PicturesOf(List<HitRow> hits, IEnumerable<CaptureRow> captures, CaseWork work)
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
        foreach (ReturnRow back in work.Returns)
        {
            if (back.ImageSha256 is { } shown) pictures.TryAdd(shown, $"The picture that tells return {back.Id}");
            if (back.WatchImageSha256 is { } removed) pictures.TryAdd(removed, $"The picture of the removed offer that return {back.Id} is compared with");
        }
        foreach (ObservationImageRow image in work.Returned.Values.OrderBy(x => x.Id).SelectMany(x => x.Images.OrderBy(i => i.Position)))
            if (image.ImageSha256 is { } seen) pictures.TryAdd(seen, $"Picture of an offer that came back, {work.Returned[image.ObservationId].Listing!.Url}");
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
        "image/vnd.microsoft.icon" => ".ico",
        "image/svg+xml" => ".svg",
        _ => ".bin",
    };
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;

namespace Touchstone.Screening.Retention;

/// <summary>Which blobs rows refer to.</summary>
internal static class BlobUse
{
    /// <summary>The hashes by which the rows of the installation refer to blobs, one query for each column. What is only known of a picture (its row, features and text) does not keep it.</summary>
    public static IReadOnlyList<IQueryable<string?>> Of(TouchstoneDb db) =>
    [
        db.ReferenceImages.Select(x => x.ImageSha256),
        db.ReferenceNegatives.Select(x => (string?)x.ImageSha256),
        db.Searches.Select(x => x.ImageSha256),
        db.Imports.Where(x => x.FinishedAt == null).Select(x => x.FileSha256),
        db.Captures.Select(x => (string?)x.ImageSha256),
        db.Observations.Select(x => x.PageSha256),
        db.ObservationImages.Select(x => x.ImageSha256),
        db.SeenPictures.Select(x => (string?)x.ImageSha256),
        db.WatchPictures.Select(x => (string?)x.ImageSha256),
        db.Returns.Select(x => x.ImageSha256),
        db.Returns.Select(x => x.WatchImageSha256),
        db.ObservationExchanges.Select(x => x.BodySha256),
        db.RememberedUrls.Select(x => (string?)x.BodySha256),
        db.Matches.Select(x => x.ImageSha256),
        db.Matches.Select(x => x.ReferenceImageSha256),
        db.Evidence.Select(x => (string?)x.Sha256),
        db.Attachments.Select(x => (string?)x.Sha256),
        db.Notices.Select(x => x.PdfSha256),
        db.NoticeReplies.Select(x => x.AttachmentSha256),
        db.OutcomeChecks.Select(x => x.ExchangeSha256),
        db.Outbox.Select(x => x.AttachmentSha256),
    ];

    /// <summary>Those of the hashes that a row refers to.</summary>
    public static async Task<HashSet<string>> UsedAsync(TouchstoneDb db, string[] hashes, CancellationToken cancellationToken)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (IQueryable<string?> column in Of(db)) used.UnionWith((await column.Where(x => EF.Parameter(hashes).Contains(x)).Distinct().ToListAsync(cancellationToken)).OfType<string>());
        return used;
    }
}

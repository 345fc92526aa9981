using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Retention;

/// <summary>
/// Erases a picture, a page or a body on request: its bytes go, with the features and the text that were read of it, and are not stored again. Its hash, the rows that
/// refer to it, and the audit log stay, so that it can still be told what was decided on, and that it was erased, why and when.
/// </summary>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
/// <param name="Reason">For people, such as who asked and by which right; 1 to 2,000 characters.</param>
public sealed record Erase(string Sha256, string Reason)
{
    private const int LongestReason = 2000;

    /// <summary>Gives the erasure, the earlier one where the bytes were erased before.</summary>
    public async Task<VerbOutcome<ErasureRow>> RunAsync(VerbContext context, IBlobStore blobs, CancellationToken cancellationToken)
    {
        if (!BlobName.IsName(Sha256)) return Refused(Refusal.Invalid, $"\"{Sha256}\" is no SHA-256 of 64 lower-case hexadecimal digits.");
        if (string.IsNullOrWhiteSpace(Reason) || Reason.Length > LongestReason || Reason.Contains('\0', StringComparison.Ordinal)) return Refused(Refusal.Invalid, $"A reason has 1 to {LongestReason} characters and no NUL.");
        ErasureRow? erasure = await context.Db.Erasures.AsNoTracking().FirstOrDefaultAsync(e => e.Sha256 == Sha256, cancellationToken);
        if (erasure is null)
        {
            if (await ObjectionAsync(context, blobs, cancellationToken) is { } objection) return objection;
            erasure = new ErasureRow { Sha256 = Sha256, ErasedBy = context.Actor, Reason = Reason.Trim(), ErasedAt = context.Clock.GetUtcNow() };
            await RecordAsync(context, erasure, cancellationToken);
        }
        // After the record: whoever ends in between leaves bytes that nobody is given, and the retention job deletes them.
        await blobs.DeleteAsync(Sha256, DateTimeOffset.MaxValue, cancellationToken);
        foreach (string bundle in await BundlesWith(context.Db).ToListAsync(cancellationToken)) await blobs.DeleteAsync(bundle, DateTimeOffset.MaxValue, cancellationToken);
        return VerbOutcome.Done(erasure);
    }

    private async Task<VerbOutcome<ErasureRow>?> ObjectionAsync(VerbContext context, IBlobStore blobs, CancellationToken cancellationToken)
    {
        var reference = await context.Db.ReferenceImages.Where(i => i.ImageSha256 == Sha256 && i.Reference!.RetiredAt == null && i.Reference.Kind != ReferenceKind.SearchedPicture)
            .Select(i => new { i.ReferenceId, i.Reference!.ExternalId }).FirstOrDefaultAsync(cancellationToken);
        if (reference is not null) return Refused(Refusal.Conflict, $"It is a picture of reference {reference.ReferenceId} ({reference.ExternalId}), which is searched with it. Retire the reference first.");
        bool known = await context.Db.Images.AnyAsync(i => i.Sha256 == Sha256, cancellationToken) || (await BlobUse.UsedAsync(context.Db, [Sha256], cancellationToken)).Count > 0 || await blobs.GetAsync(Sha256, cancellationToken) is not null;
        return known ? null : Refused(Refusal.NotFound, $"Nothing is stored under {Sha256}, and nothing refers to it.");
    }

    private async Task RecordAsync(VerbContext context, ErasureRow erasure, CancellationToken cancellationToken)
    {
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        context.Db.Erasures.Add(erasure);
        // A kept bundle that holds the bytes cannot be changed without ceasing to be what was handed out: it goes, and its row stays.
        string[] bundles = await BundlesWith(context.Db).Where(x => !context.Db.Erasures.Any(e => e.Sha256 == x)).ToArrayAsync(cancellationToken);
        foreach (string bundle in bundles) context.Db.Erasures.Add(new ErasureRow { Sha256 = bundle, ErasedBy = erasure.ErasedBy, Reason = erasure.Reason, ErasedAt = erasure.ErasedAt });
        string failure = ErasedBlobs.Say(erasure);
        await context.Db.Images.Where(i => i.Sha256 == Sha256).ExecuteUpdateAsync(i => i.SetProperty(x => x.Failure, failure), cancellationToken);
        await context.Db.ImageFeatures.Where(f => f.ImageSha256 == Sha256).ExecuteDeleteAsync(cancellationToken);
        await context.Db.ImageTexts.Where(t => t.ImageSha256 == Sha256).ExecuteDeleteAsync(cancellationToken);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.PictureErased, AuditSubject.Picture(Sha256), erasure.Reason), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private IQueryable<string> BundlesWith(TouchstoneDb db) => db.Evidence.Where(x => x.Parts.Contains(Sha256)).Select(x => x.Sha256);

    private static VerbOutcome<ErasureRow> Refused(Refusal refusal, string detail) => VerbOutcome.Refused<ErasureRow>(refusal, detail);
}

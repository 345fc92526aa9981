using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>Puts a file into a case, closed ones included. The same file twice is one. It is kept as evidence is: nobody takes it out again.</summary>
/// <param name="Name">As the person's computer calls it; folders are dropped.</param>
/// <param name="Bytes">1..<see cref="AttachmentContent.MostBytes"/>; one of the kinds of <see cref="AttachmentContent"/>.</param>
public sealed record AddAttachment(long CaseId, string Name, ReadOnlyMemory<byte> Bytes)
{
    public async Task<VerbOutcome<AttachmentRow>> RunAsync(VerbContext context, IBlobStore blobs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(blobs);
        if (AttachmentContent.NameOf(Name) is not { } name) return Refused(Refusal.Invalid, "The file has no name.");
        if (Bytes.Length is 0 or > AttachmentContent.MostBytes) return Refused(Refusal.Invalid, $"A file has 1 byte to {AttachmentContent.MostBytes >> 20} MiB.");
        if (AttachmentContent.TypeOf(name, Bytes.Span) is not { } type) return Refused(Refusal.Invalid, $"The file is none of {AttachmentContent.Kinds}, or not what its name says.");
        string sha256 = BlobName.Of(Bytes.Span);
        if (await ErasedBlobs.WhyAsync(context.Db, sha256, cancellationToken) is { } erased) return Refused(Refusal.Conflict, erased);
        if (await context.Db.Attachments.AsNoTracking().FirstOrDefaultAsync(x => x.CaseId == CaseId && x.Sha256 == sha256, cancellationToken) is { } known) return VerbOutcome.Done(known);
        await blobs.PutAsync(Bytes, cancellationToken);
        VerbOutcome<CaseRow> outcome;
        do
        {
            outcome = await CaseHistory.FindAsync(context, CaseId, null, cancellationToken);
            if (!outcome.Done) return Refused(outcome.Refusal!.Value, outcome.Detail!);
            if (await context.Db.Attachments.CountAsync(x => x.CaseId == CaseId, cancellationToken) >= AttachmentContent.MostFiles) return Refused(Refusal.Conflict, $"A case has at most {AttachmentContent.MostFiles} files.");
            var row = new AttachmentRow { CaseId = CaseId, Case = outcome.Value, Sha256 = sha256, Name = name, MediaType = type, Bytes = Bytes.Length, AddedBy = context.Actor, AddedAt = context.Clock.GetUtcNow() };
            context.Db.Attachments.Add(row);
            CaseHistory.Add(context, outcome.Value!, CaseEventKind.Attached, name);
            outcome = await CaseHistory.SaveAsync(context, outcome.Value!, AuditAction.AttachmentAdded, $"{name}, {sha256}", cancellationToken);
            if (outcome.Done) return VerbOutcome.Done(row);
        }
        while (outcome.Refusal == Refusal.Overtaken);
        return Refused(outcome.Refusal!.Value, outcome.Detail!);
    }

    /// <summary>The files of a case, in the order in which they came.</summary>
    public static async Task<IReadOnlyList<AttachmentRow>> OfCaseAsync(TouchstoneDb db, long caseId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return await db.Attachments.AsNoTracking().Where(x => x.CaseId == caseId).OrderBy(x => x.Id).Take(AttachmentContent.MostFiles).ToListAsync(cancellationToken);
    }

    private static VerbOutcome<AttachmentRow> Refused(Refusal refusal, string detail) => VerbOutcome.Refused<AttachmentRow>(refusal, detail);
}

using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Evidence;

/// <summary>What was handed out.</summary>
/// <param name="Sha256">Of the ZIP as written, also kept in the audit log.</param>
public sealed record ExportedEvidence(EvidenceManifest Manifest, string Sha256);

/// <summary>Hands the evidence of a case out, sealed with the installation's key, records that with the bundle's hash, and keeps the bundle under it.</summary>
public sealed record ExportEvidence(long CaseId, EvidenceTools Tools)
{
    /// <summary>Makes the bundle and keeps it; a refusal, and an end in between, leaves nothing under a name.</summary>
    public async Task<VerbOutcome<ExportedEvidence>> RunAsync(VerbContext context, IBlobStore blobs, CancellationToken cancellationToken)
    {
        await using BlobDraft bundle = blobs.Draft();
        using SigningKey key = await SigningKey.OpenAsync(context.Db, context.Clock, cancellationToken);
        WrittenEvidence? written;
        await using (var zip = new SealedStream(bundle.Content))
        {
            written = await EvidenceBundle.WriteAsync(context, blobs, Tools, key, CaseId, zip, cancellationToken);
            if (written is null) return VerbOutcome.Refused<ExportedEvidence>(Refusal.NotFound, $"There is no case {CaseId}.");
            if (written.StampFailure is { } failure)
                return VerbOutcome.Refused<ExportedEvidence>(Refusal.Conflict, $"{Tools.Authority!.Url} gave no time stamp: {failure} Try again later, or name another time-stamping authority.");
            await bundle.Content.WriteAsync(EvidenceSeal.Write(key, zip.Blocks()), cancellationToken);
        }
        EvidenceManifest manifest = written.Manifest;
        long bytes = bundle.Length;
        string sha256 = await bundle.KeepAsync(cancellationToken);
        context.Db.Evidence.Add(new EvidenceRow
        {
            CaseId = CaseId,
            Sha256 = sha256,
            Bytes = bytes,
            MadeBy = context.Actor,
            MadeAt = manifest.MadeAt,
            CheckedAt = manifest.MadeAt,
            Parts = string.Concat(manifest.Parts.Select(x => $"{x.Path} {x.Sha256}\n")),
        });
        await AuditLog.SaveAsync(
            context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.EvidenceExported, AuditSubject.Case(CaseId), $"bundle {sha256}, {manifest.Parts.Count} parts, {manifest.Missing.Count} missing{(Tools.Authority is { } authority ? $", time-stamped by {authority.Url}" : "")}"), cancellationToken);
        return VerbOutcome.Done(new ExportedEvidence(manifest, sha256));
    }
}

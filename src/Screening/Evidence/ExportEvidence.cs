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
    /// <summary>Writes the bundle to <paramref name="output"/>, which need not be seekable; a refusal writes nothing.</summary>
    public async Task<VerbOutcome<ExportedEvidence>> RunAsync(VerbContext context, IBlobStore blobs, Stream output, CancellationToken cancellationToken)
    {
        using var bundle = new MemoryStream();
        using SigningKey key = await SigningKey.OpenAsync(context.Db, context.Clock, cancellationToken);
        WrittenEvidence? written;
        await using (var zip = new SealedStream(bundle))
        {
            written = await EvidenceBundle.WriteAsync(context, blobs, Tools, key, CaseId, zip, cancellationToken);
            if (written is null) return VerbOutcome.Refused<ExportedEvidence>(Refusal.NotFound, $"There is no case {CaseId}.");
            if (written.StampFailure is { } failure)
                return VerbOutcome.Refused<ExportedEvidence>(Refusal.Conflict, $"{Tools.Authority!.Url} gave no time stamp: {failure} Try again later, or name another time-stamping authority.");
            bundle.Write(EvidenceSeal.Write(key, zip.Blocks()));
        }
        ReadOnlyMemory<byte> bytes = bundle.GetBuffer().AsMemory(0, (int)bundle.Length);
        EvidenceManifest manifest = written.Manifest;
        string sha256 = await blobs.PutAsync(bytes, cancellationToken);
        context.Db.Evidence.Add(new EvidenceRow
        {
            CaseId = CaseId,
            Sha256 = sha256,
            Bytes = bytes.Length,
            MadeBy = context.Actor,
            MadeAt = manifest.MadeAt,
            CheckedAt = manifest.MadeAt,
            Parts = string.Concat(manifest.Parts.Select(x => $"{x.Path} {x.Sha256}\n")),
        });
        await AuditLog.SaveAsync(
            context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.EvidenceExported, AuditSubject.Case(CaseId), $"bundle {sha256}, {manifest.Parts.Count} parts, {manifest.Missing.Count} missing{(Tools.Authority is { } authority ? $", time-stamped by {authority.Url}" : "")}"), cancellationToken);
        await output.WriteAsync(bytes, cancellationToken);
        return VerbOutcome.Done(new ExportedEvidence(manifest, sha256));
    }
}

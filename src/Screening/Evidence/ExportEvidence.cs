using System.Security.Cryptography;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Blobs;

namespace Touchstone.Screening.Evidence;

/// <summary>What was handed out.</summary>
/// <param name="Sha256">Of the ZIP as written, also kept in the audit log.</param>
public sealed record ExportedEvidence(EvidenceManifest Manifest, string Sha256);

/// <summary>Hands the evidence of a case out, sealed with the installation's key, and records that with the bundle's hash.</summary>
public sealed record ExportEvidence(long CaseId)
{
    /// <summary>Writes the bundle to <paramref name="output"/>, which need not be seekable; a refusal writes nothing.</summary>
    public async Task<VerbOutcome<ExportedEvidence>> RunAsync(VerbContext context, IBlobStore blobs, Stream output, CancellationToken cancellationToken)
    {
        using var hash = SHA256.Create();
        EvidenceManifest? manifest;
        await using (var hashed = new CryptoStream(output, hash, CryptoStreamMode.Write, leaveOpen: true))
        {
            await using var zip = new SealedStream(hashed);
            manifest = await EvidenceBundle.WriteAsync(context.Db, blobs, CaseId, zip, cancellationToken);
            if (manifest is not null)
            {
                using SigningKey key = await SigningKey.OpenAsync(context.Db, context.Clock, cancellationToken);
                await hashed.WriteAsync(EvidenceSeal.Write(key, zip.Sha256()), cancellationToken);
            }
            await hashed.FlushFinalBlockAsync(cancellationToken);
        }
        if (manifest is null) return VerbOutcome.Refused<ExportedEvidence>(Refusal.NotFound, $"There is no case {CaseId}.");
        string sha256 = Convert.ToHexStringLower(hash.Hash!);
        await AuditLog.SaveAsync(
            context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.EvidenceExported, AuditSubject.Case(CaseId), $"bundle {sha256}, {manifest.Parts.Count} parts, {manifest.Missing.Count} missing"), cancellationToken);
        return VerbOutcome.Done(new ExportedEvidence(manifest, sha256));
    }
}

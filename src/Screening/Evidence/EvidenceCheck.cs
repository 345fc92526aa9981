using System.IO.Compression;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;

namespace Touchstone.Screening.Evidence;

/// <summary>What the check of a bundle found.</summary>
/// <param name="Problem">What is wrong, for people; null: every byte is as it was handed out.</param>
/// <param name="SealedBy">The short name of the key that sealed it; null: the seal is broken or absent.</param>
/// <param name="Parts">The parts whose bytes have the hashes of the manifest.</param>
/// <param name="Recorded">Whether the audit log that was asked says that this bundle was handed out; null: none was asked.</param>
public sealed record EvidenceVerification(string? Problem, string? SealedBy, int Parts, bool? Recorded)
{
    public bool Whole => Problem is null;
}

/// <summary>Says whether a bundle is as it was handed out: by its seal, which covers every byte, its manifest, and the audit log of the installation where that is at hand.</summary>
public static class EvidenceCheck
{
    private const string ManifestPath = "manifest.json";

    /// <param name="db">The installation that handed it out; null: it is not at hand.</param>
    public static async Task<EvidenceVerification> RunAsync(byte[] bundle, TouchstoneDb? db, CancellationToken cancellationToken)
    {
        (string? key, string? problem) = EvidenceSeal.Read(bundle);
        if (key is null) return new EvidenceVerification(problem, null, 0, null);
        string name = SigningKey.NameOf(key);
        (int parts, string? wrong) = await PartsAsync(bundle, cancellationToken);
        if (wrong is not null) return new EvidenceVerification(wrong, name, parts, null);
        if (db is null) return new EvidenceVerification(null, name, parts, null);
        if (await SigningKey.FindPublicKeyAsync(db, cancellationToken) != key) return new EvidenceVerification("Another installation's key sealed it.", name, parts, false);
        string recorded = $"bundle {BlobName.Of(bundle)}";
        bool isRecorded = await db.Audit.AnyAsync(x => x.Action == AuditAction.EvidenceExported && x.Detail!.StartsWith(recorded), cancellationToken);
        return new EvidenceVerification(isRecorded ? null : "The audit log does not say that it was handed out.", name, parts, isRecorded);
    }

    private static async Task<(int Parts, string? Problem)> PartsAsync(byte[] bundle, CancellationToken cancellationToken)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bundle, writable: false), ZipArchiveMode.Read);
            if (archive.GetEntry(ManifestPath) is not { } entry) return (0, $"It has no {ManifestPath}.");
            await using Stream stream = await entry.OpenAsync(cancellationToken);
            if (await JsonSerializer.DeserializeAsync<EvidenceManifest>(stream, EvidenceParts.Json, cancellationToken) is not { } manifest) return (0, $"Its {ManifestPath} is empty.");
            int parts = 0;
            foreach (EvidencePart part in manifest.Parts)
            {
                if (archive.GetEntry(part.Path) is not { } found) return (parts, $"The part {part.Path} is missing.");
                await using Stream content = await found.OpenAsync(cancellationToken);
                using var bytes = new MemoryStream();
                await content.CopyToAsync(bytes, cancellationToken);
                if (BlobName.Of(bytes.ToArray()) != part.Sha256) return (parts, $"The part {part.Path} does not have the hash that the manifest names.");
                parts++;
            }
            return archive.Entries.Count == parts + 1 ? (parts, null) : (parts, "It holds parts that the manifest does not name.");
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            return (0, $"It is no whole bundle: {e.Message}");
        }
    }
}

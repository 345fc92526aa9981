using System.IO.Compression;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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

    /// <summary>The first bytes that do not hold; null: all do, or the bytes hold and what they say does not.</summary>
    public ByteRange? Range { get; init; }

    /// <summary>The part in which those bytes lie; null: in none, or it cannot be said.</summary>
    public string? RangePart { get; init; }

    /// <summary>When an authority stamped the manifest; null: none did.</summary>
    public DateTimeOffset? StampedAt { get; init; }

    /// <summary>The subject of the authority's certificate.</summary>
    public string? StampedBy { get; init; }

    /// <summary>Whether a given authority of certificates vouches for the one that stamped; null: none was given.</summary>
    public bool? StampTrusted { get; init; }
}

/// <summary>Says whether a bundle is as it was handed out: by its seal, which covers every byte, its manifest, its time stamp, and the audit log of the installation where that is at hand.</summary>
public static class EvidenceCheck
{
    // Of the manifest and of what signs it; the parts are only hashed.
    private const int LargestManifest = 64 << 20;

    /// <param name="bundle">Readable at any place; read through several times, and never held in memory. The caller closes it.</param>
    /// <param name="db">The installation that handed it out; null: it is not at hand.</param>
    /// <param name="authorities">Certificates that vouch for time-stamping authorities; null: whether one is to be trusted is not asked.</param>
    public static async Task<EvidenceVerification> RunAsync(Stream bundle, TouchstoneDb? db, X509Certificate2Collection? authorities, CancellationToken cancellationToken)
    {
        ReadSeal seal = await EvidenceSeal.ReadAsync(bundle, cancellationToken);
        if (seal.PublicKey is not { } key) return new EvidenceVerification(seal.Problem, null, 0, null) { Range = seal.Range, RangePart = seal.Range is { } range ? await ZipPlaces.PartAtAsync(bundle, range.From, cancellationToken) : null };
        EvidenceVerification read = await PartsAsync(bundle, key, authorities, cancellationToken);
        if (!read.Whole || db is null) return read;
        if (await SigningKey.FindPublicKeyAsync(db, cancellationToken) != key) return read with { Problem = "Another installation's key sealed it.", Recorded = false };
        bundle.Position = 0;
        string recorded = $"bundle {await BlobName.OfAsync(bundle, cancellationToken)}";
        bool isRecorded = await db.Audit.AnyAsync(x => x.Action == AuditAction.EvidenceExported && x.Detail!.StartsWith(recorded), cancellationToken);
        return read with { Problem = isRecorded ? null : "The audit log does not say that it was handed out.", Recorded = isRecorded };
    }

    /// <summary>Whether the parts are those of the manifest, and the manifest is signed and stamped. The seal holds: whatever is wrong here, whoever has the key made so.</summary>
    private static async Task<EvidenceVerification> PartsAsync(Stream bundle, string key, X509Certificate2Collection? authorities, CancellationToken cancellationToken)
    {
        var found = new EvidenceVerification(null, SigningKey.NameOf(key), 0, null);
        try
        {
            bundle.Position = 0;
            await using ZipArchive archive = await ZipArchive.CreateAsync(bundle, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellationToken);
            if (await ReadAsync(archive, EvidenceManifest.Path, cancellationToken) is not { } bytes) return found with { Problem = $"It has no {EvidenceManifest.Path}." };
            if (JsonSerializer.Deserialize<EvidenceManifest>(bytes, EvidenceParts.Json) is not { } manifest) return found with { Problem = $"Its {EvidenceManifest.Path} is empty." };
            if (manifest.Format != EvidenceManifest.CurrentFormat) return found with { Problem = $"It has the form '{manifest.Format}'; {EvidenceManifest.CurrentFormat} is read." };
            string chain = EvidencePart.Genesis;
            foreach (EvidencePart part in manifest.Parts)
            {
                if (archive.GetEntry(part.Path) is not { } entry) return found with { Problem = $"The part {part.Path} is missing." };
                await using (Stream content = await entry.OpenAsync(cancellationToken))
                    if (await BlobName.OfAsync(content, cancellationToken) != part.Sha256) return found with { Problem = $"The part {part.Path} does not have the hash that the manifest names." };
                chain = EvidencePart.ChainOf(chain, part.Path, part.Sha256);
                if (chain != part.Chain) return found with { Problem = $"The part {part.Path} does not carry on the chain of the part before." };
                found = found with { Parts = found.Parts + 1 };
            }
            byte[]? signature = await ReadAsync(archive, EvidenceManifest.SignaturePath, cancellationToken), pem = await ReadAsync(archive, EvidenceManifest.KeyPath, cancellationToken);
            if (signature is null || pem is null || !SigningKey.IsValid(key, SHA256.HashData(bytes), Convert.ToBase64String(signature))) return found with { Problem = $"The key that sealed it did not sign its {EvidenceManifest.Path}." };
            byte[]? token = await ReadAsync(archive, EvidenceManifest.TokenPath, cancellationToken);
            // The manifest, its signature and its key stand beside the parts, and the token where there is one.
            if (archive.Entries.Count != manifest.Parts.Count + (token is null ? 3 : 4)) return found with { Problem = "It holds parts that the manifest does not name." };
            return Stamped(found, manifest, bytes, token, authorities);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            return found with { Problem = $"It is no whole bundle: {e.Message}" };
        }
    }

    private static EvidenceVerification Stamped(EvidenceVerification found, EvidenceManifest manifest, byte[] bytes, byte[]? token, X509Certificate2Collection? authorities)
    {
        if (token is null) return manifest.TimestampAuthority is null ? found : found with { Problem = $"The time stamp of {manifest.TimestampAuthority} is missing." };
        if (TimestampAuthority.Read(token, bytes) is not { } stamp) return found with { Problem = $"Its time stamp is none of its {EvidenceManifest.Path}." };
        found = found with { StampedAt = stamp.At, StampedBy = stamp.Signer };
        if (authorities is null) return found;
        bool trusted = TimestampAuthority.IsVouchedFor(token, bytes, authorities);
        return found with { StampTrusted = trusted, Problem = trusted ? null : $"None of the given certificates vouches for {stamp.Signer}, which stamped it." };
    }

    private static async Task<byte[]?> ReadAsync(ZipArchive archive, string path, CancellationToken cancellationToken)
    {
        if (archive.GetEntry(path) is not { } entry) return null;
        if (entry.Length > LargestManifest) throw new InvalidDataException($"{path} has {entry.Length} bytes; {LargestManifest} are read.");
        await using Stream content = await entry.OpenAsync(cancellationToken);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }
}

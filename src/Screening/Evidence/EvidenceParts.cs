using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;

namespace Touchstone.Screening.Evidence;

/// <summary>Writes the parts of a bundle one after the other and keeps what the manifest says of each. Not safe for concurrent use.</summary>
internal sealed class EvidenceParts(ZipArchive archive, TouchstoneDb db, IBlobStore blobs)
{
    // The ZIP format begins in 1980; a fixed time keeps equal bundles equal.
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // read as a file, never inside a page
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly List<EvidencePart> added = [];
    private readonly List<MissingEvidence> missing = [];
    private readonly List<AbsentEvidence> absent = [];
    private readonly HashSet<string> paths = new(StringComparer.Ordinal);

    public IReadOnlyList<EvidencePart> Added => added;

    public IReadOnlyList<MissingEvidence> Missing => missing;

    public IReadOnlyList<AbsentEvidence> Absent => absent;

    public void Lacks(AbsentEvidence part) => absent.Add(part);

    public Task AddJsonAsync<T>(string path, string description, T value, CancellationToken cancellationToken) =>
        AddAsync(path, "application/json", description, JsonSerializer.SerializeToUtf8Bytes(value, Json), cancellationToken);

    public async Task AddAsync(string path, string mediaType, string description, byte[] bytes, CancellationToken cancellationToken)
    {
        // Pictures and archives are packed already.
        bool packed = mediaType.StartsWith("image/", StringComparison.Ordinal) || path.EndsWith(".wacz", StringComparison.Ordinal);
        await WriteAsync(path, bytes, packed ? CompressionLevel.NoCompression : CompressionLevel.Optimal, cancellationToken);
        string sha256 = BlobName.Of(bytes), before = added.Count == 0 ? EvidencePart.Genesis : added[^1].Chain;
        added.Add(new(path, sha256, EvidencePart.ChainOf(before, path, sha256), bytes.Length, mediaType, description));
    }

    /// <summary>Adds a blob once and gives its bytes; one that is lost, was changed or was erased on request is named as missing.</summary>
    public async Task<byte[]?> AddStoredAsync(string sha256, string path, string mediaType, string description, CancellationToken cancellationToken)
    {
        if (!paths.Add(path)) return null;
        try
        {
            if (await blobs.GetAsync(sha256, cancellationToken) is { } bytes)
            {
                await AddAsync(path, mediaType, description, bytes, cancellationToken);
                return bytes;
            }
            missing.Add(new(sha256, await ErasedBlobs.WhyAsync(db, sha256, cancellationToken) ?? "It is not in the store."));
        }
        catch (InvalidDataException)
        {
            missing.Add(new(sha256, "The stored bytes no longer have this hash; they were changed and are not given out."));
        }
        return null;
    }

    /// <summary>Writes the manifest, which names all other parts, and what signs and stamps it.</summary>
    /// <returns>Why the authority gave no time stamp, for people; null: it did, or there is none.</returns>
    public async Task<string?> EndAsync(EvidenceManifest manifest, SigningKey? key, TimestampAuthority? authority, CancellationToken cancellationToken)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, Json);
        await WriteAsync(EvidenceManifest.Path, bytes, CompressionLevel.Optimal, cancellationToken);
        if (key is not null)
        {
            await WriteAsync(EvidenceManifest.SignaturePath, Convert.FromBase64String(key.Sign(SHA256.HashData(bytes))), CompressionLevel.NoCompression, cancellationToken);
            await WriteAsync(EvidenceManifest.KeyPath, Encoding.ASCII.GetBytes($"{PemEncoding.WriteString("PUBLIC KEY", Convert.FromBase64String(key.PublicKey))}\n"), CompressionLevel.NoCompression, cancellationToken);
        }
        if (authority is null) return null;
        StampOutcome stamp = await authority.StampAsync(bytes, cancellationToken);
        if (stamp.Token is null) return stamp.Failure;
        await WriteAsync(EvidenceManifest.TokenPath, stamp.Token, CompressionLevel.NoCompression, cancellationToken);
        return null;
    }

    private async Task WriteAsync(string path, byte[] bytes, CompressionLevel level, CancellationToken cancellationToken)
    {
        ZipArchiveEntry entry = archive.CreateEntry(path, level);
        entry.LastWriteTime = EntryTime;
        await using Stream stream = await entry.OpenAsync(cancellationToken);
        await stream.WriteAsync(bytes, cancellationToken);
    }
}

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

    public Task AddAsync(string path, string mediaType, string description, byte[] bytes, CancellationToken cancellationToken) =>
        AddAsync(path, mediaType, description, new MemoryStream(bytes, writable: false), cancellationToken);

    /// <param name="content">Read from its beginning to its end.</param>
    public async Task<EvidencePart> AddAsync(string path, string mediaType, string description, Stream content, CancellationToken cancellationToken)
    {
        // Pictures and archives are packed already.
        bool packed = mediaType.StartsWith("image/", StringComparison.Ordinal) || path.EndsWith(".wacz", StringComparison.Ordinal);
        string sha256 = await WriteAsync(path, content, packed ? CompressionLevel.NoCompression : CompressionLevel.Optimal, cancellationToken), before = added.Count == 0 ? EvidencePart.Genesis : added[^1].Chain;
        added.Add(new(path, sha256, EvidencePart.ChainOf(before, path, sha256), content.Length, mediaType, description));
        return added[^1];
    }

    /// <summary>Adds a blob and gives its part; one that is lost, was changed or was erased on request is named as missing. Null: it is, or it is in already.</summary>
    public async Task<EvidencePart?> AddStoredAsync(string sha256, string path, string mediaType, string description, CancellationToken cancellationToken)
    {
        if (!paths.Add(path)) return null;
        try
        {
            await using FileStream? bytes = await blobs.OpenAsync(sha256, cancellationToken);
            if (bytes is not null) return await AddAsync(path, mediaType, description, bytes, cancellationToken);
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

    private Task<string> WriteAsync(string path, byte[] bytes, CompressionLevel level, CancellationToken cancellationToken) => WriteAsync(path, new MemoryStream(bytes, writable: false), level, cancellationToken);

    /// <summary>Writes a file of the ZIP and gives its SHA-256.</summary>
    private async Task<string> WriteAsync(string path, Stream content, CompressionLevel level, CancellationToken cancellationToken)
    {
        ZipArchiveEntry entry = archive.CreateEntry(path, level);
        entry.LastWriteTime = EntryTime;
        using var hash = SHA256.Create();
        content.Position = 0;
        await using (var stream = new CryptoStream(await entry.OpenAsync(cancellationToken), hash, CryptoStreamMode.Write)) await content.CopyToAsync(stream, cancellationToken);
        return Convert.ToHexStringLower(hash.Hash!);
    }
}

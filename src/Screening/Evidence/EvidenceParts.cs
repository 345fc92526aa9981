using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
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
    private readonly HashSet<string> paths = new(StringComparer.Ordinal);

    public IReadOnlyList<EvidencePart> Added => added;

    public IReadOnlyList<MissingEvidence> Missing => missing;

    public Task AddJsonAsync<T>(string path, string description, T value, CancellationToken cancellationToken) =>
        AddAsync(path, "application/json", description, JsonSerializer.SerializeToUtf8Bytes(value, Json), cancellationToken);

    public async Task AddAsync(string path, string mediaType, string description, byte[] bytes, CancellationToken cancellationToken)
    {
        // Pictures are packed already.
        await WriteAsync(path, bytes, mediaType.StartsWith("image/", StringComparison.Ordinal) ? CompressionLevel.NoCompression : CompressionLevel.Optimal, cancellationToken);
        added.Add(new(path, BlobName.Of(bytes), bytes.Length, mediaType, description));
    }

    /// <summary>Adds a blob once; one that is lost, was changed or was erased on request is named as missing.</summary>
    public async Task AddStoredAsync(string sha256, string path, string mediaType, string description, CancellationToken cancellationToken)
    {
        if (!paths.Add(path)) return;
        try
        {
            if (await blobs.GetAsync(sha256, cancellationToken) is { } bytes) await AddAsync(path, mediaType, description, bytes, cancellationToken);
            else missing.Add(new(sha256, await ErasedBlobs.WhyAsync(db, sha256, cancellationToken) ?? "It is not in the store."));
        }
        catch (InvalidDataException)
        {
            missing.Add(new(sha256, "The stored bytes no longer have this hash; they were changed and are not given out."));
        }
    }

    /// <summary>Writes the manifest, which is the last part and names all others.</summary>
    public async Task<EvidenceManifest> EndAsync(EvidenceManifest manifest, CancellationToken cancellationToken)
    {
        await WriteAsync("manifest.json", JsonSerializer.SerializeToUtf8Bytes(manifest, Json), CompressionLevel.Optimal, cancellationToken);
        return manifest;
    }

    private async Task WriteAsync(string path, byte[] bytes, CompressionLevel level, CancellationToken cancellationToken)
    {
        ZipArchiveEntry entry = archive.CreateEntry(path, level);
        entry.LastWriteTime = EntryTime;
        await using Stream stream = await entry.OpenAsync(cancellationToken);
        await stream.WriteAsync(bytes, cancellationToken);
    }
}

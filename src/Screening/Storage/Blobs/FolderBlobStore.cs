namespace Touchstone.Screening.Storage.Blobs;

/// <summary>Blobs in a folder of the installation. A put that returned is on disk.</summary>
public sealed class FolderBlobStore(string folder) : IBlobStore
{
    public async Task<string> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        string sha256 = BlobName.Of(bytes.Span);
        string path = PathOf(sha256);
        if (File.Exists(path)) return sha256;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = $"{path}.{Guid.NewGuid():N}.part";
        await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            await file.WriteAsync(bytes, cancellationToken);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
        return sha256;
    }

    public async Task<byte[]?> GetAsync(string sha256, CancellationToken cancellationToken)
    {
        string path = PathOf(sha256);
        if (!File.Exists(path)) return null;
        byte[] bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        return BlobName.Of(bytes) == sha256 ? bytes : throw new InvalidDataException($"The stored file {path} does not have its SHA-256; restore it from a backup.");
    }

    private string PathOf(string sha256) => Path.Combine(folder, BlobName.PathOf(sha256));
}

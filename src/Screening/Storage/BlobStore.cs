using System.Security.Cryptography;

namespace Touchstone.Screening.Storage;

/// <summary>
/// Bytes under their SHA-256 in a folder of the installation (<c>ab/cd/abcd…</c>). A put that returned is on disk; equal bytes are
/// kept once; a blob that no longer has its hash is refused. Safe for concurrent use, also by several processes.
/// </summary>
public sealed class BlobStore(string folder)
{
    /// <summary>The hash of bytes: 64 lower-case hexadecimal digits.</summary>
    public static string Sha256Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Stores the bytes and returns their hash.</summary>
    public async Task<string> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        string sha256 = Sha256Of(bytes.Span);
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

    /// <summary>The bytes, or null if there are none under this hash.</summary>
    /// <exception cref="InvalidDataException">The file was changed: its bytes no longer have the hash.</exception>
    public async Task<byte[]?> GetAsync(string sha256, CancellationToken cancellationToken)
    {
        string path = PathOf(sha256);
        if (!File.Exists(path)) return null;
        byte[] bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        return Sha256Of(bytes) == sha256 ? bytes : throw new InvalidDataException($"The stored file {path} does not have its SHA-256; restore it from a backup.");
    }

    public bool Contains(string sha256) => File.Exists(PathOf(sha256));

    private string PathOf(string sha256)
    {
        if (sha256 is not { Length: 64 } || !sha256.All(char.IsAsciiHexDigitLower))
            throw new ArgumentException("A blob is named by 64 lower-case hexadecimal digits.", nameof(sha256));
        return Path.Combine(folder, sha256[..2], sha256[2..4], sha256);
    }
}

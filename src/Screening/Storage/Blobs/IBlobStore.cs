using System.Security.Cryptography;

namespace Touchstone.Screening.Storage.Blobs;

/// <summary>
/// Bytes under their SHA-256: pictures, pages, evidence. A put that returned is kept; equal bytes are kept once; bytes that no longer have their hash are
/// refused. Safe for concurrent use, also by several processes.
/// </summary>
public interface IBlobStore
{
    /// <summary>Stores the bytes and returns their hash.</summary>
    /// <exception cref="IOException">They cannot be stored; the message says where and why.</exception>
    Task<string> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>The bytes, or null if there are none under this hash.</summary>
    /// <exception cref="ArgumentException">No name of a blob.</exception>
    /// <exception cref="InvalidDataException">They were changed: they no longer have the hash.</exception>
    /// <exception cref="IOException">The store cannot be read; the message says where and why.</exception>
    Task<byte[]?> GetAsync(string sha256, CancellationToken cancellationToken);
}

/// <summary>The names of blobs.</summary>
public static class BlobName
{
    /// <summary>The hash of bytes: 64 lower-case hexadecimal digits.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The path of a blob below a store's root: <c>ab/cd/abcd…</c>.</summary>
    /// <exception cref="ArgumentException">No name of a blob: other texts must not become paths or keys.</exception>
    internal static string PathOf(string sha256) =>
        sha256 is { Length: 64 } && sha256.All(char.IsAsciiHexDigitLower) ? $"{sha256[..2]}/{sha256[2..4]}/{sha256}" : throw new ArgumentException("A blob is named by 64 lower-case hexadecimal digits.", nameof(sha256));
}

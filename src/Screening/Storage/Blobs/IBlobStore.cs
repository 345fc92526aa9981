using System.Security.Cryptography;

namespace Touchstone.Screening.Storage.Blobs;

/// <summary>
/// Bytes under their SHA-256: pictures, pages, evidence. A put that returned is kept until somebody deletes it; equal bytes are kept once; bytes that no longer have their
/// hash are refused. Safe for concurrent use, also by several processes.
/// </summary>
public interface IBlobStore
{
    /// <summary>Stores the bytes and returns their hash.</summary>
    /// <exception cref="IOException">They cannot be stored; the message says where and why.</exception>
    Task<string> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Begins bytes that are too many for the memory; the caller disposes of the draft.</summary>
    /// <exception cref="IOException">No file can be made; the message says where and why.</exception>
    BlobDraft Draft();

    /// <summary>An empty file beside the drafts, to write and read at any place, which is gone when it is closed.</summary>
    /// <exception cref="IOException">No file can be made; the message says where and why.</exception>
    FileStream Scratch();

    /// <summary>The bytes, or null if there are none under this hash.</summary>
    /// <exception cref="ArgumentException">No name of a blob.</exception>
    /// <exception cref="InvalidDataException">They were changed: they no longer have the hash.</exception>
    /// <exception cref="IOException">The store cannot be read; the message says where and why.</exception>
    Task<byte[]?> GetAsync(string sha256, CancellationToken cancellationToken);

    /// <summary>The bytes to read at any place, once all of them were read and have the hash; null if there are none. The caller closes it.</summary>
    /// <exception cref="ArgumentException">No name of a blob.</exception>
    /// <exception cref="InvalidDataException">They were changed: they no longer have the hash.</exception>
    /// <exception cref="IOException">The store cannot be read; the message says where and why.</exception>
    Task<FileStream?> OpenAsync(string sha256, CancellationToken cancellationToken);

    /// <summary>Deletes the bytes unless they were stored, or stored again, at <paramref name="before"/> or later; false where they stay or there are none.</summary>
    /// <exception cref="ArgumentException">No name of a blob.</exception>
    /// <exception cref="IOException">The store cannot be changed; the message says where and why.</exception>
    Task<bool> DeleteAsync(string sha256, DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>The blobs whose hashes begin with two digits, in no order; what is stored or deleted meanwhile may be among them or not.</summary>
    /// <param name="start">Two lower-case hexadecimal digits.</param>
    /// <exception cref="ArgumentException">No such digits.</exception>
    /// <exception cref="IOException">The store cannot be read; the message says where and why.</exception>
    IAsyncEnumerable<StoredBlob> ListAsync(string start, CancellationToken cancellationToken);
}

/// <summary>The names of blobs.</summary>
public static class BlobName
{
    /// <summary>The hash of bytes: 64 lower-case hexadecimal digits.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The hash of what a stream holds from where it stands to its end.</summary>
    public static async Task<string> OfAsync(Stream bytes, CancellationToken cancellationToken) => Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, cancellationToken));

    /// <summary>Whether a text has the form of a blob's name.</summary>
    public static bool IsName(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);

    /// <exception cref="ArgumentException">No two digits of a name.</exception>
    internal static string CheckedStart(string start) =>
        start is { Length: 2 } && start.All(char.IsAsciiHexDigitLower) ? start : throw new ArgumentException("Names of blobs begin with two lower-case hexadecimal digits.", nameof(start));

    /// <summary>The path of a blob below a store's root: <c>ab/cd/abcd…</c>.</summary>
    /// <exception cref="ArgumentException">No name of a blob: other texts must not become paths or keys.</exception>
    internal static string PathOf(string sha256) =>
        IsName(sha256) ? $"{sha256[..2]}/{sha256[2..4]}/{sha256}" : throw new ArgumentException("A blob is named by 64 lower-case hexadecimal digits.", nameof(sha256));
}

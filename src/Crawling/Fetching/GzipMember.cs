using System.Buffers.Binary;
using System.IO.Compression;

namespace Touchstone.Crawling.Fetching;

/// <summary>
/// The content of a gzip file's first member without its trailer: browsers do not look at the length and the checksum there, and some servers write wrong ones.
/// Source: RFC 1952, section 2.3. Pure; thread-safe.
/// </summary>
internal static class GzipMember
{
    private const int FixedHeader = 10, HeaderCheck = 1 << 1, Extra = 1 << 2, Name = 1 << 3, Comment = 1 << 4;

    /// <summary>Unpacks the content; null where the header is none of a gzip file.</summary>
    public static DeflateStream? Open(ReadOnlyMemory<byte> packed)
    {
        ReadOnlySpan<byte> bytes = packed.Span;
        if (bytes.Length < FixedHeader || bytes is not [0x1F, 0x8B, 8, ..]) return null;
        int flags = bytes[3], at = FixedHeader;
        if ((flags & Extra) != 0)
        {
            if (bytes.Length < at + 2) return null;
            at += 2 + BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
        }
        foreach (int text in (ReadOnlySpan<int>)[Name, Comment])
        {
            if ((flags & text) == 0) continue;
            int end = at < bytes.Length ? bytes[at..].IndexOf((byte)0) : -1;
            if (end < 0) return null;
            at += end + 1;
        }
        if ((flags & HeaderCheck) != 0) at += 2;
        return at < bytes.Length ? new DeflateStream(new MemoryStream(packed[at..].ToArray(), writable: false), CompressionMode.Decompress) : null;
    }
}

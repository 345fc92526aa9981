using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Touchstone.Index.Segments;

/// <summary>A section as the header lists it. Offset and Bytes in bytes; ElementSize: bytes of one element; Checksum: SHA-256.</summary>
internal sealed record SectionEntry(string Name, long Offset, long Bytes, int ElementSize, byte[] Checksum);

/// <summary>
/// The first 4,096 bytes of a segment file, little-endian: magic, format version, kind, kind's version, space, length of the file,
/// sections, zeros, and SHA-256 of all that. Pure.
/// </summary>
internal sealed record SegmentHeader(SegmentKind Kind, string Space, long FileLength, IReadOnlyList<SectionEntry> Sections)
{
    public const int Length = 4_096;

    /// <summary>Sections begin at multiples of this: a cache line, and the widest vector.</summary>
    public const int Alignment = 64;

    public const int MostSections = 32;
    public const int LongestName = 32;
    public const int LongestSpace = 256;

    private const int FormatVersion = 1;
    private const int ChecksumLength = 32;

    // Ends as PNG's does, so that a transfer that rewrites line ends is seen.
    private static ReadOnlySpan<byte> Magic => "TSSEG\r\n\x1a"u8;

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Length];
        using var stream = new MemoryStream(bytes);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(FormatVersion);
        writer.Write(Kind.Name);
        writer.Write(Kind.Version);
        writer.Write(Space);
        writer.Write(FileLength);
        writer.Write(Sections.Count);
        foreach (SectionEntry section in Sections)
        {
            writer.Write(section.Name);
            writer.Write(section.Offset);
            writer.Write(section.Bytes);
            writer.Write(section.ElementSize);
            writer.Write(section.Checksum);
        }
        writer.Flush();
        SHA256.HashData(bytes.AsSpan(0, Length - ChecksumLength), bytes.AsSpan(Length - ChecksumLength));
        return bytes;
    }

    /// <exception cref="SegmentFileException">Not a header of this version.</exception>
    public static SegmentHeader Read(string path, byte[] bytes)
    {
        if (bytes.Length < Length || !bytes.AsSpan().StartsWith(Magic)) throw new SegmentFileException(path, SegmentFault.NotASegment, "it does not begin as a segment file does");
        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(Magic.Length));
        if (version != FormatVersion) throw new SegmentFileException(path, SegmentFault.OtherVersion, $"its format is version {version}, this program reads version {FormatVersion}");
        if (!SHA256.HashData(bytes.AsSpan(0, Length - ChecksumLength)).AsSpan().SequenceEqual(bytes.AsSpan(Length - ChecksumLength)))
            throw new SegmentFileException(path, SegmentFault.NotASegment, "its header does not have its checksum");

        // The checksum says that ToBytes wrote the rest.
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        reader.ReadBytes(Magic.Length + sizeof(int));
        var kind = new SegmentKind(reader.ReadString(), reader.ReadInt32());
        string space = reader.ReadString();
        long length = reader.ReadInt64();
        var sections = new SectionEntry[reader.ReadInt32()];
        for (int i = 0; i < sections.Length; i++)
            sections[i] = new SectionEntry(reader.ReadString(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt32(), reader.ReadBytes(ChecksumLength));
        return new SegmentHeader(kind, space, length, sections);
    }

    /// <exception cref="PlatformNotSupportedException">The machine stores the most significant byte first: sections are read as they lie.</exception>
    public static void CheckByteOrder()
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Segment files are little-endian, this machine is not.");
    }

    /// <exception cref="ArgumentException">Longer than the header has room for, or empty.</exception>
    public static void CheckText(string text, int longest, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, parameter);
        if (Encoding.UTF8.GetByteCount(text) > longest) throw new ArgumentException($"“{text}” has more than {longest} bytes.", parameter);
    }
}

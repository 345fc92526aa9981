using System.Buffers.Binary;

namespace Touchstone.Vision.Imaging;

/// <summary>The chunks of a PNG one after the other, as far as the file goes. Source: PNG specification, third edition, sections 5.2 and 5.3. Not thread-safe.</summary>
internal ref struct PngChunks(ReadOnlySpan<byte> file)
{
    private const int Head = 8, Check = 4, HeaderLength = 13;

    private readonly ReadOnlySpan<byte> _file = file;
    private int _at = Signature.Length;
    private int _next = Signature.Length;
    private int _length;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public readonly ReadOnlySpan<byte> Type => _file.Slice(_at + 4, 4);

    /// <summary>What of the chunk the file holds.</summary>
    public readonly ReadOnlySpan<byte> Content => _file.Slice(_at + Head, _length);

    /// <summary>Whether the file holds all that the chunk states.</summary>
    public readonly bool IsWhole => BinaryPrimitives.ReadUInt32BigEndian(_file[_at..]) == (uint)_length;

    /// <summary>What the first chunk says of the picture; empty where it is no header.</summary>
    public static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> file)
    {
        PngChunks chunks = new(file);
        return chunks.Next() && chunks.Is("IHDR"u8) && chunks.Content.Length >= HeaderLength ? chunks.Content[..HeaderLength] : [];
    }

    public readonly bool Is(ReadOnlySpan<byte> type) => Type.SequenceEqual(type);

    /// <summary>Goes to the next chunk; false where the file ends.</summary>
    public bool Next()
    {
        if (_next > _file.Length - Head) return false;
        _at = _next;
        _length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(_file[_at..]), (uint)(_file.Length - _at - Head));
        // The last chunk may end with the file or before its check.
        _next = _at + Head + Math.Min(_length + Check, _file.Length - _at - Head);
        return true;
    }

    public static void Write(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(type);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), content));
        file.Write(number);
    }

    // Annex D of the specification.
    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }
        return crc;
    }
}

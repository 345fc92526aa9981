using System.Buffers.Binary;
using System.Text;

namespace Touchstone.Screening.Evidence;

/// <summary>Where the parts of a ZIP lie in its bytes, also where some of them were changed. Pure.</summary>
internal static class ZipPlaces
{
    // APPNOTE 4.3.12 and 4.3.16.
    private const int EndLength = 22, EndDirectoryStart = 16, EntryLength = 46, EntryNameLength = 28, EntryExtraLength = 30, EntryCommentLength = 32, EntryPlace = 42;

    /// <summary>The part whose header or content holds this byte; null: it lies behind all of them, or the directory cannot be read.</summary>
    public static string? PartAt(ReadOnlySpan<byte> zip, long place)
    {
        int end = zip.LastIndexOf("PK\u0005\u0006"u8);
        if (end < 0 || end + EndLength > zip.Length) return null;
        long directory = BinaryPrimitives.ReadUInt32LittleEndian(zip[(end + EndDirectoryStart)..]);
        if (place >= directory) return null;
        string? part = null;
        long begins = -1;
        for (long at = directory; at + EntryLength <= end && zip[(int)at..].StartsWith("PK\u0001\u0002"u8);)
        {
            ReadOnlySpan<byte> entry = zip[(int)at..end];
            int name = BinaryPrimitives.ReadUInt16LittleEndian(entry[EntryNameLength..]);
            long starts = BinaryPrimitives.ReadUInt32LittleEndian(entry[EntryPlace..]);
            if (EntryLength + name > entry.Length) return null;
            if (starts <= place && starts > begins) (part, begins) = (Encoding.UTF8.GetString(entry.Slice(EntryLength, name)), starts);
            at += EntryLength + name + BinaryPrimitives.ReadUInt16LittleEndian(entry[EntryExtraLength..]) + BinaryPrimitives.ReadUInt16LittleEndian(entry[EntryCommentLength..]);
        }
        return part;
    }
}

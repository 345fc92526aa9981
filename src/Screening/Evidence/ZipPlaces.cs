using System.Buffers.Binary;
using System.Text;

namespace Touchstone.Screening.Evidence;

/// <summary>Where the parts of a ZIP lie in its bytes, also where some of them were changed.</summary>
internal static class ZipPlaces
{
    // APPNOTE 4.3.12, 4.3.14 to 4.3.16 and 4.5.3.
    private const int EndLength = 22, EndDirectoryStart = 16, EntryLength = 46, EntryPacked = 20, EntryUnpacked = 24, EntryNameLength = 28, EntryExtraLength = 30, EntryCommentLength = 32, EntryPlace = 42;
    private const int LocatorLength = 20, LocatorPlace = 8, LargeEndLength = 56, LargeEndDirectoryStart = 48, FieldHead = 4;
    private const ushort LargeField = 1;
    private const uint Elsewhere = uint.MaxValue;

    // Of the end of a file, where its directory's end is looked for; and the largest directory that is read.
    private const int Tail = EndLength + ushort.MaxValue + LocatorLength, LargestDirectory = 64 << 20;

    /// <summary>The part whose header or content holds this byte; null: it lies behind all of them, or the directory cannot be read.</summary>
    public static async Task<string?> PartAtAsync(Stream zip, long place, CancellationToken cancellationToken)
    {
        long tailStart = Math.Max(0, zip.Length - Tail);
        byte[] tail = await ReadAsync(zip, tailStart, (int)(zip.Length - tailStart), cancellationToken);
        int end = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (end < 0 || end + EndLength > tail.Length) return null;
        long directory = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + EndDirectoryStart));
        if (directory == Elsewhere && end >= LocatorLength && tail.AsSpan(end - LocatorLength).StartsWith("PK\u0006\u0007"u8))
        {
            long largeEnd = BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(end - LocatorLength + LocatorPlace));
            if (largeEnd < 0 || largeEnd + LargeEndLength > zip.Length) return null;
            directory = BinaryPrimitives.ReadInt64LittleEndian((await ReadAsync(zip, largeEnd, LargeEndLength, cancellationToken)).AsSpan(LargeEndDirectoryStart));
        }
        long length = tailStart + end - directory;
        return place >= directory || directory < 0 || length is < 0 or > LargestDirectory ? null : PartAt(await ReadAsync(zip, directory, (int)length, cancellationToken), place);
    }

    private static string? PartAt(ReadOnlySpan<byte> directory, long place)
    {
        string? part = null;
        long begins = -1;
        while (directory.Length >= EntryLength && directory.StartsWith("PK\u0001\u0002"u8))
        {
            int name = BinaryPrimitives.ReadUInt16LittleEndian(directory[EntryNameLength..]), extra = BinaryPrimitives.ReadUInt16LittleEndian(directory[EntryExtraLength..]);
            int next = EntryLength + name + extra + BinaryPrimitives.ReadUInt16LittleEndian(directory[EntryCommentLength..]);
            if (next > directory.Length) return null;
            long starts = StartOf(directory, directory.Slice(EntryLength + name, extra));
            if (starts <= place && starts > begins) (part, begins) = (Encoding.UTF8.GetString(directory.Slice(EntryLength, name)), starts);
            directory = directory[next..];
        }
        return part;
    }

    /// <summary>Where a part begins; in a file of more than 4 GiB an extra field says so, after what else is too large for the entry.</summary>
    private static long StartOf(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> extra)
    {
        uint starts = BinaryPrimitives.ReadUInt32LittleEndian(entry[EntryPlace..]);
        if (starts != Elsewhere) return starts;
        int before = sizeof(long) * ((BinaryPrimitives.ReadUInt32LittleEndian(entry[EntryPacked..]) == Elsewhere ? 1 : 0) + (BinaryPrimitives.ReadUInt32LittleEndian(entry[EntryUnpacked..]) == Elsewhere ? 1 : 0));
        while (extra.Length >= FieldHead)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(extra[sizeof(ushort)..]);
            if (FieldHead + length > extra.Length) break;
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == LargeField && before + sizeof(long) <= length) return BinaryPrimitives.ReadInt64LittleEndian(extra[(FieldHead + before)..]);
            extra = extra[(FieldHead + length)..];
        }
        return starts;
    }

    private static async Task<byte[]> ReadAsync(Stream zip, long place, int length, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[length];
        zip.Position = place;
        await zip.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }
}

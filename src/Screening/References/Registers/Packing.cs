using System.Formats.Tar;
using System.IO.Compression;

namespace Touchstone.Screening.References.Registers;

/// <summary>How a file is packed.</summary>
internal enum PackingKind { None, Zip, Tar, Gzip }

/// <summary>
/// Tells archives by their first bytes, and unpacks those that cannot be read in any order into a temporary folder, which belongs to the caller: a file in gzip as itself, and a tar as a ZIP of the
/// same names, so that there is one reader of archives. What unpacks to more than an honest register is refused.
/// </summary>
internal static class Packing
{
    /// <summary>Most bytes of a file in gzip, and of a tar's files together.</summary>
    public const long MostBytes = 4L << 30;

    // Where a tar's head says what it is. Source: POSIX.1, pax interchange format.
    private const int TarMark = 257;

    // The names of an archive's first members stand in it.
    private const int HeadBytes = 1 << 20;

    private static readonly string[] Workbooks = [".xlsx", ".xlsm", ".xlsb", ".xls"];

    public static PackingKind Of(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] head = new byte[TarMark + 5];
        Span<byte> read = head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        if (read is [0x1F, 0x8B, 8, ..]) return PackingKind.Gzip;
        if (read.Length == head.Length && read[TarMark..].SequenceEqual("ustar"u8)) return PackingKind.Tar;
        if (path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)) return PackingKind.Zip;
        return read.StartsWith("PK\u0003\u0004"u8) && !Workbooks.Any(x => path.EndsWith(x, StringComparison.OrdinalIgnoreCase)) && !IsWorkbook(path) ? PackingKind.Zip : PackingKind.None;
    }

    /// <summary>The path of what a file in gzip holds, alone in a temporary folder, called as the file without <c>.gz</c>.</summary>
    /// <exception cref="ArgumentException">It unpacks to too much.</exception>
    public static string Unzip(string path)
    {
        string folder = Directory.CreateTempSubdirectory("touchstone-import-").FullName;
        try
        {
            string name = Path.GetFileName(path);
            if (name.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase)) name = name[..^4] + ".tar";
            else if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) name = name[..^3];
            string unpacked = Path.Combine(folder, name.Length == 0 ? "register" : name);
            using (FileStream from = File.OpenRead(path))
            using (GZipStream gzip = new(from, CompressionMode.Decompress))
            using (FileStream to = File.Create(unpacked)) Copy(gzip, to, MostBytes, name);
            if (Path.HasExtension(unpacked)) return unpacked;
            string ending;
            using (FileStream content = File.OpenRead(unpacked))
            {
                byte[] head = new byte[HeadBytes];
                ending = ImportCopy.EndingOf(head.AsSpan(0, content.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false)));
            }
            File.Move(unpacked, unpacked + ending);
            return unpacked + ending;
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>The path of a ZIP with the files of a tar, alone in a temporary folder. Links and devices are left out: they lead elsewhere.</summary>
    /// <exception cref="ArgumentException">They are too much together.</exception>
    public static string ToZip(string path)
    {
        string folder = Directory.CreateTempSubdirectory("touchstone-import-").FullName;
        try
        {
            string zipped = Path.Combine(folder, "files.zip");
            long room = MostBytes;
            using FileStream from = File.OpenRead(path);
            using TarReader tar = new(from);
            using ZipArchive zip = ZipFile.Open(zipped, ZipArchiveMode.Create);
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.DataStream is not { } content || entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile)) continue;
                using Stream to = zip.CreateEntry(entry.Name, CompressionLevel.NoCompression).Open();
                room -= Copy(content, to, room, Path.GetFileName(path));
            }
            return zipped;
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private static long Copy(Stream from, Stream to, long room, string name)
    {
        byte[] part = new byte[1 << 16];
        long all = 0;
        for (int read; (read = from.Read(part)) > 0; to.Write(part, 0, read))
            if ((all += read) > room) throw new ArgumentException($"{name} unpacks to more than {MostBytes >> 20} MiB; give it in parts.");
        return all;
    }

    /// <summary>Whether an archive is a workbook under another name.</summary>
    private static bool IsWorkbook(string path)
    {
        try
        {
            using ZipArchive zip = ZipFile.OpenRead(path);
            return zip.GetEntry("xl/workbook.xml") is not null || zip.GetEntry("xl/workbook.bin") is not null;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}

using System.IO.Compression;
using System.Text;
using Touchstone.Crawling.Text;

namespace Touchstone.Screening.References.Registers;

/// <summary>The files of one import: a folder, an archive, or a file with the folder it lies in. Nothing outside is ever opened. Not safe for concurrent use.</summary>
public abstract class ImportFiles : IDisposable
{
    /// <summary>The largest member of an archive and the largest picture: 64 MiB.</summary>
    public const long MaxBytes = 64L << 20;

    private ILookup<string, string>? _byLastName;

    private ImportFiles()
    {
    }

    /// <summary>What the operator named, without its folder.</summary>
    public required string Name { get; init; }

    /// <summary>True if the operator named one file: then only it is read, and its neighbours are only looked up as pictures.</summary>
    public bool IsSingleFile { get; private init; }

    /// <summary>Names relative to the folder or archive, forward slashes, in ordinal order; of a single file only its own.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>
    /// Opens a file; null if there is none under that name, if the name leads outside, or if a link stands on the way to it. Of a name that is nowhere exactly so, the first that differs only in
    /// the case or the accents of its letters counts: registers are written on one system and packed on another.
    /// </summary>
    public abstract Stream? Open(string name);

    /// <summary>Whether <see cref="Open"/> opens something under that name.</summary>
    public bool Holds(string name)
    {
        using Stream? stream = Open(name);
        return stream is not null;
    }

    /// <summary>Why a file cannot be opened, in a sentence for people that says how to mend it; null where it can, or where there is none.</summary>
    public virtual string? ProblemOf(string name) => null;

    /// <summary>A folder, a file, an archive (.zip, .tar) or what gzip packed (.gz, .tar.gz); archives are told by what they hold, whatever they are called.</summary>
    /// <exception cref="ArgumentException">There is neither a file nor a folder at the path.</exception>
    /// <exception cref="InvalidDataException">The archive is damaged; the message says how to mend it.</exception>
    public static ImportFiles At(string path)
    {
        string full = Path.GetFullPath(path);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(full));
        if (Directory.Exists(full)) return new Folder(full, null) { Name = name };
        if (!File.Exists(full)) throw new ArgumentException($"There is neither a file nor a folder at {path}.", nameof(path));
        try
        {
            if (Packed(full, name) is { } packed) return packed;
        }
        // The readers of archives say what they stumbled over, not what to do.
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new InvalidDataException($"The archive {name} cannot be read: it is damaged, cut off, one of several parts, or of another format than its name says; pack it anew as ZIP.", e);
        }
        return new Folder(Path.GetDirectoryName(full)!, name) { Name = name, IsSingleFile = true };
    }

    /// <summary>
    /// The name under which the import holds a picture that a record names: in the folder of the record's file, in <c>pictures</c> or <c>images</c> beside it, else the only file that is called so anywhere
    /// in the folder or archive: offices and shops put pictures into folders that their records do not name. Null: none, or several without a difference.
    /// </summary>
    /// <param name="record">The file that holds the record.</param>
    public string? FindBeside(string record, string picture)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(picture);
        // Programs that made addresses of the names escaped them.
        return AsWritten(record, picture) ?? (picture.Contains('%', StringComparison.Ordinal) ? AsWritten(record, Uri.UnescapeDataString(picture)) : null);
    }

    private string? AsWritten(string record, string picture)
    {
        string folder = FolderOf(record);
        string relative = picture.Replace('\\', '/');
        if (new[] { folder + relative, $"{folder}pictures/{relative}", $"{folder}images/{relative}" }.FirstOrDefault(Holds) is { } beside) return beside;
        if (IsSingleFile) return null;
        string folded = FileNameFolding.Fold(relative);
        _byLastName ??= Names.ToLookup(x => LastNameOf(FileNameFolding.Fold(x)), StringComparer.Ordinal);
        string[] called = [.. _byLastName[LastNameOf(folded)]];
        string[] below = [.. called.Where(x => ('/' + FileNameFolding.Fold(x)).EndsWith('/' + folded, StringComparison.Ordinal))];
        return below.Length == 1 ? below[0] : called.Length == 1 ? called[0] : null;
    }

    /// <summary>The folder of a file, with the slash behind it; empty for one that lies in none.</summary>
    public static string FolderOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name[..(name.LastIndexOf('/') + 1)];
    }

    private static ImportFiles? Packed(string path, string name)
    {
        switch (Packing.Of(path))
        {
            case PackingKind.Zip: return new Archive(path) { Name = name };
            case PackingKind.Tar: return new Archive(Packing.ToZip(path), temporary: true) { Name = name };
            case PackingKind.Gzip:
                string unpacked = Packing.Unzip(path);
                string folder = Path.GetDirectoryName(unpacked)!, only = Path.GetFileName(unpacked);
                if (Packing.Of(unpacked) != PackingKind.Tar) return new Folder(folder, only, folder) { Name = only, IsSingleFile = true };
                try
                {
                    return new Archive(Packing.ToZip(unpacked), temporary: true) { Name = name };
                }
                finally
                {
                    Directory.Delete(folder, recursive: true);
                }
            default: return null;
        }
    }

    /// <summary>One document that was downloaded.</summary>
    public static ImportFiles Of(string name, ReadOnlyMemory<byte> bytes) => new Document(bytes) { Name = name, IsSingleFile = true };

    /// <summary>All bytes of a file; null if it is absent or larger than <see cref="MaxBytes"/>.</summary>
    public async Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        await using Stream? stream = Open(name);
        if (stream is null) return null;
        using MemoryStream bytes = new();
        byte[] part = new byte[81920];
        for (int read; (read = await stream.ReadAsync(part, cancellationToken)) > 0;)
        {
            if (bytes.Length + read > MaxBytes) return null;
            bytes.Write(part, 0, read);
        }
        return bytes.ToArray();
    }

    /// <summary>The first bytes of a file, to see what it is.</summary>
    public byte[] Head(string name, int count = 8192)
    {
        using Stream? stream = Open(name);
        if (stream is null) return [];
        byte[] head = new byte[count];
        return head[..stream.ReadAtLeast(head, count, throwOnEndOfStream: false)];
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    private static string LastNameOf(string name) => name[(name.LastIndexOf('/') + 1)..];

    /// <param name="temporary">A folder that goes with this; null: none.</param>
    private sealed class Folder(string folder, string? only, string? temporary = null) : ImportFiles
    {
        private IReadOnlyList<string>? _names;

        public override IReadOnlyList<string> Names => _names ??= only is not null ? [only] : [.. List()];

        public override Stream? Open(string name)
        {
            if (Resolve(name) is not { } exact || (File.Exists(exact) ? exact : Similar(exact)) is not { } path) return null;
            if (name != only && IsThroughLink(path)) return null;
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && temporary is not null) Directory.Delete(temporary, recursive: true);
            base.Dispose(disposing);
        }

        private IEnumerable<string> List() => Directory
            .EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint })
            .Select(x => Path.GetRelativePath(folder, x).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

        /// <summary>Step by step from this folder, each the entry of that name or the first that folds to it.</summary>
        private string? Similar(string path)
        {
            string at = Path.TrimEndingDirectorySeparator(folder);
            foreach (string step in Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar))
            {
                string next = Path.Combine(at, step);
                if (!Path.Exists(next))
                    next = Directory.Exists(at) ? Directory.EnumerateFileSystemEntries(at).Where(x => FileNameFolding.Fold(Path.GetFileName(x)) == FileNameFolding.Fold(step)).Order(StringComparer.Ordinal).FirstOrDefault() ?? "" : "";
                if (next.Length == 0) return null;
                at = next;
            }
            return File.Exists(at) ? at : null;
        }

        /// <summary>Whether a link stands between this folder and the file: what it leads to may lie anywhere.</summary>
        private bool IsThroughLink(string path)
        {
            string root = Path.TrimEndingDirectorySeparator(folder);
            for (string? at = path; at is not null && at.Length > root.Length; at = Path.GetDirectoryName(at))
                if (File.GetAttributes(at).HasFlag(FileAttributes.ReparsePoint)) return true;
            return false;
        }

        private string? Resolve(string name)
        {
            if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(name)) return null;
            string path = Path.GetFullPath(Path.Combine(folder, name.Replace('\\', '/')));
            return path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : null;
        }
    }

    private sealed class Archive : ImportFiles
    {
        // What the ZIP format names for entries that are not marked as UTF-8.
        private const int NameCodePage = 437;

        // What programs write all the same: those of the west, of central Europe, Cyrillic, Greek, Turkish, and of East Asia.
        private static readonly int[] OtherCodePages = [850, 1252, 852, 1250, 866, 1251, 737, 1253, 857, 1254, 932, 949, 936, 950];

        private readonly ZipArchive _zip;
        private readonly string? _temporary;
        private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
        private readonly Dictionary<string, ZipArchiveEntry> _folded = new(StringComparer.Ordinal);

        /// <param name="temporary">Whether the archive lies in a folder that goes with this.</param>
        public Archive(string path, bool temporary = false)
        {
            _temporary = temporary ? Path.GetDirectoryName(path) : null;
            _zip = ZipFile.Open(path, ZipArchiveMode.Read, WebEncoding.Utf8Or(NameCodePage));
            foreach (ZipArchiveEntry entry in _zip.Entries)
                if (entry.Name.Length > 0) _entries.TryAdd(Unused(entry.FullName.Replace('\\', '/')), entry);
            Names = [.. _entries.Keys.Order(StringComparer.Ordinal)];
            foreach (string name in Names) _folded.TryAdd(FileNameFolding.Fold(name), _entries[name]);
        }

        public override IReadOnlyList<string> Names { get; }

        public override Stream? Open(string name) => Find(name) is { } entry && ProblemOf(name) is null ? new Limited(entry.Open(), name) : null;

        public override string? ProblemOf(string name)
        {
            if (Find(name) is not { } entry) return null;
            if (entry.IsEncrypted) return $"{name} is protected by a password in the archive; pack it anew without one.";
            try
            {
                entry.Open().Dispose();
                return null;
            }
            catch (InvalidDataException)
            {
                return $"{name} is packed by a method that is not read, or damaged; pack it anew as an ordinary ZIP.";
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _zip.Dispose();
                if (_temporary is not null) Directory.Delete(_temporary, recursive: true);
            }
            base.Dispose(disposing);
        }

        private ZipArchiveEntry? Find(string name) =>
            _entries.GetValueOrDefault(name.Replace('\\', '/')) ?? _folded.GetValueOrDefault(FileNameFolding.Fold(name))
            ?? OtherCodePages.Where(_ => !Ascii.IsValid(name)).Select(x => As(name, x)).OfType<string>().Select(x => _folded.GetValueOrDefault(FileNameFolding.Fold(x))).FirstOrDefault(x => x is not null);

        /// <summary>What the name, written by another code page, was read as; null where that has not its letters.</summary>
        private static string? As(string name, int codePage)
        {
            try
            {
                Encoding written = CodePagesEncodingProvider.Instance.GetEncoding(codePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;
                return WebEncoding.Utf8Or(NameCodePage).GetString(written.GetBytes(name.Replace('\\', '/')));
            }
            catch (EncoderFallbackException)
            {
                return null;
            }
        }

        /// <summary>An archive may hold two files of one name; the second is read as another one, not left out.</summary>
        private string Unused(string name)
        {
            if (!_entries.ContainsKey(name)) return name;
            string ending = Path.GetExtension(name);
            string stem = name[..^ending.Length];
            return Enumerable.Range(2, int.MaxValue - 2).Select(x => $"{stem} ({x}){ending}").First(x => !_entries.ContainsKey(x));
        }
    }

    private sealed class Document(ReadOnlyMemory<byte> bytes) : ImportFiles
    {
        public override IReadOnlyList<string> Names => [Name];

        public override Stream? Open(string name) => name == Name ? new MemoryStream(bytes.ToArray(), writable: false) : null;
    }

    /// <summary>An archive's member, cut off at a size that no honest record has: a small archive can hold a large nothing.</summary>
    private sealed class Limited(Stream inner, string name) : Stream
    {
        private const long Most = 4 * MaxBytes;

        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _read; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            try
            {
                return Count(inner.Read(buffer, offset, count));
            }
            catch (InvalidDataException e) when (_read <= Most)
            {
                throw Damaged(e);
            }
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return Count(await inner.ReadAsync(buffer, cancellationToken));
            }
            catch (InvalidDataException e) when (_read <= Most)
            {
                throw Damaged(e);
            }
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        private int Count(int read)
        {
            _read += read;
            return _read <= Most ? read : throw new InvalidDataException($"{name} unpacks to more than {Most >> 20} MiB; give it in parts.");
        }

        private InvalidDataException Damaged(Exception e) => new($"{name} is damaged in the archive; pack it anew.", e);
    }
}

using System.IO.Compression;
using Touchstone.Crawling.Text;

namespace Touchstone.Screening.References.Registers;

/// <summary>The files of one import: a folder, an archive, or a file with the folder it lies in. Nothing outside is ever opened. Not safe for concurrent use.</summary>
public abstract class ImportFiles : IDisposable
{
    /// <summary>The largest member of an archive and the largest picture: 64 MiB.</summary>
    public const long MaxBytes = 64L << 20;

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

    /// <exception cref="ArgumentException">There is neither a file nor a folder at the path.</exception>
    /// <exception cref="InvalidDataException">The file is called .zip and is no archive.</exception>
    public static ImportFiles At(string path)
    {
        string full = Path.GetFullPath(path);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(full));
        if (Directory.Exists(full)) return new Folder(full, null) { Name = name };
        if (!File.Exists(full)) throw new ArgumentException($"There is neither a file nor a folder at {path}.", nameof(path));
        if (full.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)) return new Archive(full) { Name = name };
        return new Folder(Path.GetDirectoryName(full)!, name) { Name = name, IsSingleFile = true };
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

    private sealed class Folder(string folder, string? only) : ImportFiles
    {
        private IReadOnlyList<string>? _names;

        public override IReadOnlyList<string> Names => _names ??= only is not null ? [only] : [.. List()];

        public override Stream? Open(string name)
        {
            if (Resolve(name) is not { } exact || (File.Exists(exact) ? exact : Similar(exact)) is not { } path) return null;
            if (name != only && IsThroughLink(path)) return null;
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
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
        private readonly ZipArchive _zip;
        // What the ZIP format names for entries that are not marked as UTF-8.
        private const int NameCodePage = 437;

        private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
        private readonly Dictionary<string, ZipArchiveEntry> _folded = new(StringComparer.Ordinal);

        public Archive(string path)
        {
            _zip = ZipFile.Open(path, ZipArchiveMode.Read, WebEncoding.Utf8Or(NameCodePage));
            foreach (ZipArchiveEntry entry in _zip.Entries)
                if (entry.Name.Length > 0) _entries.TryAdd(entry.FullName.Replace('\\', '/'), entry);
            Names = [.. _entries.Keys.Order(StringComparer.Ordinal)];
            foreach (string name in Names) _folded.TryAdd(FileNameFolding.Fold(name), _entries[name]);
        }

        public override IReadOnlyList<string> Names { get; }

        public override Stream? Open(string name) =>
            (_entries.GetValueOrDefault(name.Replace('\\', '/')) ?? _folded.GetValueOrDefault(FileNameFolding.Fold(name))) is { } entry ? new Limited(entry.Open()) : null;

        protected override void Dispose(bool disposing)
        {
            if (disposing) _zip.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class Document(ReadOnlyMemory<byte> bytes) : ImportFiles
    {
        public override IReadOnlyList<string> Names => [Name];

        public override Stream? Open(string name) => name == Name ? new MemoryStream(bytes.ToArray(), writable: false) : null;
    }

    /// <summary>An archive's member, cut off at a size that no honest record has: a small archive can hold a large nothing.</summary>
    private sealed class Limited(Stream inner) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _read; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Count(await inner.ReadAsync(buffer, cancellationToken));

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
            return _read <= 4 * MaxBytes ? read : throw new InvalidDataException($"A member of the archive is larger than {4 * MaxBytes >> 20} MiB.");
        }
    }
}

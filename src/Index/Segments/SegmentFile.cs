using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Touchstone.Index.Segments;

/// <summary>
/// An immutable part of a gallery in a file that is mapped into memory: opening takes milliseconds whatever its size, and pages are read when
/// they are first looked at. Who reads takes a lease (<see cref="Lease"/>). Safe for concurrent use, disposing included. The file must not be
/// shortened or written to while it is open: <see cref="SegmentWriter"/> never does, it replaces.
/// </summary>
public sealed class SegmentFile : IDisposable
{
    private readonly SegmentHeader _header;
    private readonly MappedBytes _bytes;

    private SegmentFile(string path, SegmentHeader header, MappedBytes bytes) => (Path, _header, _bytes) = (path, header, bytes);

    public string Path { get; }

    /// <summary>The model or vocabulary that made the contents.</summary>
    public string Space => _header.Space;

    /// <summary>Bytes of the file.</summary>
    public long Length => _header.FileLength;

    /// <summary>Opens the file and checks its header and length; <see cref="Verify"/> checks the contents.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What it must hold, in this version.</param>
    /// <param name="space">The model or vocabulary that must have made the contents.</param>
    /// <exception cref="SegmentFileException">It cannot be read, or is not such a file.</exception>
    public static SegmentFile Open(string path, SegmentKind kind, string space)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(kind);
        SegmentHeader.CheckByteOrder();
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            byte[] first = new byte[SegmentHeader.Length];
            int read = stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
            SegmentHeader header = SegmentHeader.Read(path, first[..read]);
            if (header.Kind.Name != kind.Name) throw new SegmentFileException(path, SegmentFault.OtherKind, $"it holds {header.Kind}, not {kind}");
            if (header.Kind != kind) throw new SegmentFileException(path, SegmentFault.OtherVersion, $"it holds {header.Kind}, this program reads {kind}");
            if (header.Space != space) throw new SegmentFileException(path, SegmentFault.OtherSpace, $"its contents are of {header.Space}, not of {space}");
            if (header.FileLength != stream.Length) throw new SegmentFileException(path, SegmentFault.WrongLength, $"it has {stream.Length} bytes, its header says {header.FileLength}");
            return new SegmentFile(path, header, new MappedBytes(stream));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SegmentFileException(path, SegmentFault.Unreadable, e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>Finds a section.</summary>
    /// <typeparam name="T">The type of its elements.</typeparam>
    /// <exception cref="SegmentFileException">There is none of that name, or its elements have another size.</exception>
    public SegmentSection<T> Section<T>(string name)
        where T : unmanaged
    {
        SectionEntry entry = _header.Sections.FirstOrDefault(x => x.Name == name) ?? throw new SegmentFileException(Path, SegmentFault.Corrupt, $"it has no section “{name}”");
        int size = Unsafe.SizeOf<T>();
        if (entry.ElementSize != size || entry.Bytes % size != 0 || entry.Offset + entry.Bytes > Length)
            throw new SegmentFileException(Path, SegmentFault.Corrupt, $"its section “{name}” has {entry.Bytes} bytes in elements of {entry.ElementSize}, not of {size}");
        return new SegmentSection<T>(this, entry.Offset, checked((int)(entry.Bytes / size)));
    }

    /// <summary>Finds a section that must have so many elements.</summary>
    /// <exception cref="SegmentFileException">There is none of that name, or it has another shape.</exception>
    public SegmentSection<T> Section<T>(string name, int length)
        where T : unmanaged
    {
        SegmentSection<T> section = Section<T>(name);
        if (section.Length != length) throw new SegmentFileException(Path, SegmentFault.Corrupt, $"its section “{name}” has {section.Length} elements, not {length}");
        return section;
    }

    /// <summary>Keeps the file mapped until the lease is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The file is disposed.</exception>
    public SegmentLease Lease() => new(this, _bytes);

    /// <summary>Compares every section with its checksum: reads the whole file, about a second for 2 GB.</summary>
    /// <exception cref="SegmentFileException">A section is damaged.</exception>
    public void Verify(CancellationToken cancellationToken = default)
    {
        const int Step = 1 << 24;
        using SegmentLease lease = Lease();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (SectionEntry entry in _header.Sections)
        {
            for (long at = 0; at < entry.Bytes; at += Step)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(_bytes.Span<byte>(entry.Offset + at, (int)Math.Min(Step, entry.Bytes - at)));
            }
            if (!hash.GetHashAndReset().AsSpan().SequenceEqual(entry.Checksum)) throw new SegmentFileException(Path, SegmentFault.Corrupt, $"its section “{entry.Name}” does not have its checksum");
        }
    }

    /// <summary>Closes the file once the last lease is disposed.</summary>
    public void Dispose() => _bytes.Dispose();
}

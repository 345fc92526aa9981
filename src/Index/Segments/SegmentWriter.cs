using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Touchstone.Index.Segments;

/// <summary>
/// Writes a segment file, section after section, in bounded memory. It is written beside its place under the name with <c>.part</c>, flushed
/// to disk and renamed by <see cref="Commit"/>: whoever opens the name sees the whole old or the whole new file, also after a power failure.
/// What an interrupted writer leaves is overwritten by the next. One writer a name at a time; not safe for concurrent use.
/// </summary>
public sealed class SegmentWriter : IDisposable
{
    private const int BufferLength = 1 << 20;

    private readonly string _path;
    private readonly SegmentKind _kind;
    private readonly string _space;
    private readonly FileStream _stream;
    private readonly List<SectionEntry> _sections = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private string? _name;
    private int _elementSize;
    private long _start;
    private bool _committed;

    /// <param name="path">The file to make or replace. On Windows a file that is open cannot be replaced: give each generation a name of its own.</param>
    /// <param name="kind">What the file holds.</param>
    /// <param name="space">The model or vocabulary that made the contents, 1 to 256 bytes of UTF-8; a reader names it, too.</param>
    /// <exception cref="IOException">The file cannot be made, or another writer is at it.</exception>
    /// <exception cref="ArgumentException">A name is empty or too long, or the version is below 1.</exception>
    public SegmentWriter(string path, SegmentKind kind, string space)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(kind);
        SegmentHeader.CheckText(kind.Name, SegmentHeader.LongestName, nameof(kind));
        SegmentHeader.CheckText(space, SegmentHeader.LongestSpace, nameof(space));
        ArgumentOutOfRangeException.ThrowIfLessThan(kind.Version, 1, nameof(kind));
        SegmentHeader.CheckByteOrder();
        (_path, _kind, _space) = (Path.GetFullPath(path), kind, space);
        _stream = new FileStream(_path + ".part", FileMode.Create, FileAccess.Write, FileShare.None, BufferLength);
        _stream.Write(new byte[SegmentHeader.Length]);
    }

    /// <summary>Begins a section; <see cref="Append{T}"/> fills it until the next begins.</summary>
    /// <typeparam name="T">The type of its elements; no padding within, since its bytes are written as they lie.</typeparam>
    /// <param name="name">Unlike the others' of this file; 1 to 32 bytes of UTF-8.</param>
    /// <exception cref="ArgumentException">A name that is taken, empty or too long.</exception>
    /// <exception cref="InvalidOperationException">There are 32 sections.</exception>
    public void Begin<T>(string name)
        where T : unmanaged
    {
        SegmentHeader.CheckText(name, SegmentHeader.LongestName, nameof(name));
        EndSection();
        if (_sections.Exists(x => x.Name == name)) throw new ArgumentException($"There is a section “{name}” already.", nameof(name));
        if (_sections.Count == SegmentHeader.MostSections) throw new InvalidOperationException($"A segment file has at most {SegmentHeader.MostSections} sections.");
        int beyond = (int)(_stream.Position % SegmentHeader.Alignment);
        if (beyond > 0) _stream.Write(new byte[SegmentHeader.Alignment - beyond]);
        (_name, _elementSize, _start) = (name, Unsafe.SizeOf<T>(), _stream.Position);
    }

    /// <summary>Adds elements to the section begun last; at most 2,147,483,647 elements in all, which is what one span holds.</summary>
    /// <exception cref="InvalidOperationException">No section of such elements is begun, or it is full.</exception>
    public void Append<T>(ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        if (_name is null || _elementSize != Unsafe.SizeOf<T>()) throw new InvalidOperationException($"No section of elements of {Unsafe.SizeOf<T>()} bytes is begun.");
        if (((_stream.Position - _start) / _elementSize) + elements.Length > int.MaxValue) throw new InvalidOperationException($"The section “{_name}” would have more than {int.MaxValue} elements; make smaller segments.");
        for (int at = 0; at < elements.Length; at += BufferLength)
        {
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(elements.Slice(at, Math.Min(BufferLength, elements.Length - at)));
            _hash.AppendData(bytes);
            _stream.Write(bytes);
        }
    }

    /// <summary>Writes a whole section.</summary>
    public void Write<T>(string name, ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        Begin<T>(name);
        Append(elements);
    }

    /// <summary>Ends the last section, flushes all to disk and puts the file in its place. Nothing can be written afterwards.</summary>
    /// <exception cref="IOException">The disk is full, or the name cannot be taken; the old file is still there.</exception>
    public void Commit()
    {
        ObjectDisposedException.ThrowIf(_committed, this);
        EndSection();
        var header = new SegmentHeader(_kind, _space, _stream.Position, _sections);
        _stream.Position = 0;
        _stream.Write(header.ToBytes());
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        File.Move(_stream.Name, _path, overwrite: true);
        _committed = true;

        // .NET cannot flush a folder. Renaming changes the file's own times, too, and a journaling file system that flushes these flushes the new name.
        if (OperatingSystem.IsWindows()) return;
        using var renamed = File.OpenHandle(_path);
        RandomAccess.FlushToDisk(renamed);
    }

    /// <summary>Without <see cref="Commit"/> the file under the temporary name goes and the old one stays.</summary>
    public void Dispose()
    {
        _hash.Dispose();
        _stream.Dispose();
        if (!_committed) File.Delete(_stream.Name);
    }

    private void EndSection()
    {
        if (_name is null) return;
        _sections.Add(new SectionEntry(_name, _start, _stream.Position - _start, _elementSize, _hash.GetHashAndReset()));
        _name = null;
    }
}

namespace Touchstone.Index.Segments;

/// <summary>
/// Keeps a segment file mapped while somebody reads in it: the spans are valid until it is disposed, even if the file is disposed, replaced
/// or deleted meanwhile. Dispose it when the last span is out of use; spans used later read memory that is no longer mapped.
/// Safe for concurrent reads.
/// </summary>
public sealed class SegmentLease : IDisposable
{
    private readonly SegmentFile _file;
    private readonly MappedBytes _bytes;
    private int _disposed;

    internal SegmentLease(SegmentFile file, MappedBytes bytes)
    {
        bytes.Hold();
        (_file, _bytes) = (file, bytes);
    }

    /// <summary>The section's elements where they lie in the file, aligned to 64 bytes; nothing is copied.</summary>
    /// <exception cref="ArgumentException">A section of another file.</exception>
    /// <exception cref="ObjectDisposedException">The lease is disposed.</exception>
    public ReadOnlySpan<T> Read<T>(SegmentSection<T> section)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (section.File != _file) throw new ArgumentException("The section is another file's.", nameof(section));
        return _bytes.Span<T>(section.Offset, section.Length);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) _bytes.LetGo();
    }
}

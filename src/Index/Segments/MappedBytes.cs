using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Touchstone.Index.Segments;

/// <summary>
/// A file mapped into memory, read-only. A span over mapped memory needs a pointer, hence the unsafe code. The handle counts who
/// holds it, and the memory stays mapped until it is disposed and the last holder has let go. Safe for concurrent use.
/// </summary>
internal sealed class MappedBytes : IDisposable
{
    private readonly SafeMemoryMappedViewHandle _handle;
    private readonly long _start;
    private volatile bool _disposed;

    public MappedBytes(FileStream stream)
    {
        Length = stream.Length;
        using var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        MemoryMappedViewAccessor view = file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        (_handle, _start) = (view.SafeMemoryMappedViewHandle, view.PointerOffset);
    }

    public long Length { get; }

    /// <exception cref="ObjectDisposedException">Disposed before.</exception>
    public void Hold()
    {
        // The handle itself refuses new holders only when the old ones have let go.
        ObjectDisposedException.ThrowIf(_disposed, this);
        bool held = false;
        _handle.DangerousAddRef(ref held);
    }

    /// <summary>Once for each <see cref="Hold"/>.</summary>
    public void LetGo() => _handle.DangerousRelease();

    /// <summary>Elements in place. Only for who holds the memory, and only until it lets go.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A part lies outside the file.</exception>
    public unsafe ReadOnlySpan<T> Span<T>(long offset, int length)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + ((long)length * Unsafe.SizeOf<T>()), Length, nameof(length));
        return new ReadOnlySpan<T>((byte*)_handle.DangerousGetHandle() + _start + offset, length);
    }

    public void Dispose()
    {
        _disposed = true;
        _handle.Dispose();
    }
}

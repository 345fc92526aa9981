namespace Touchstone.Index.Segments;

/// <summary>A section's place in its file, found and checked when the file is opened. Length: elements of <typeparamref name="T"/>.</summary>
public readonly record struct SegmentSection<T>
    where T : unmanaged
{
    internal SegmentSection(SegmentFile file, long offset, int length) => (File, Offset, Length) = (file, offset, length);

    public int Length { get; }

    internal SegmentFile File { get; }

    internal long Offset { get; }
}

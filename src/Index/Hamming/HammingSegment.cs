using System.Globalization;
using Touchstone.Index.Segments;

namespace Touchstone.Index.Hamming;

/// <summary>
/// 256-bit keys in a file, immutable; <see cref="HammingSegmentBuilder"/> makes one. A key takes 40 bytes with its id. Finds exactly what a
/// <see cref="HammingIndex"/> of the same keys finds. Safe for concurrent use; a search that runs while it is disposed ends unharmed.
/// </summary>
public sealed class HammingSegment : HammingKeys, IDisposable
{
    /// <summary>Sections. ids: of each key; word 0 to word 3: that word of each key.</summary>
    internal static readonly SegmentKind Kind = new("hamming", 1);

    private readonly SegmentFile _file;
    private readonly SegmentSection<long> _ids;
    private readonly SegmentSection<ulong>[] _columns;

    private HammingSegment(SegmentFile file)
    {
        _file = file;
        _ids = file.Section<long>("ids");
        _columns = [.. Enumerable.Range(0, KeyWords).Select(word => file.Section<ulong>(ColumnName(word), _ids.Length))];
    }

    /// <summary>Keys held.</summary>
    public int Count => _ids.Length;

    /// <summary>Bytes of the file, which are the bytes of memory that it takes at most.</summary>
    public long Bytes => _file.Length;

    /// <summary>Opens a file in milliseconds.</summary>
    /// <param name="path">The file.</param>
    /// <param name="space">The hash that the keys must be.</param>
    /// <exception cref="SegmentFileException">It cannot be read, or is no such file.</exception>
    public static HammingSegment Open(string path, string space)
    {
        SegmentFile file = SegmentFile.Open(path, Kind, space);
        try
        {
            return new HammingSegment(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the whole file and compares it with its checksums.</summary>
    /// <exception cref="SegmentFileException">It is damaged.</exception>
    public void Verify(CancellationToken cancellationToken = default) => _file.Verify(cancellationToken);

    public void Dispose() => _file.Dispose();

    internal override HammingReader Read() => new Reader(this, _file.Lease());

    internal static string ColumnName(int word) => string.Create(CultureInfo.InvariantCulture, $"word {word}");

    private sealed class Reader(HammingSegment segment, SegmentLease lease) : HammingReader
    {
        public override ReadOnlySpan<long> Ids => lease.Read(segment._ids);

        public override ReadOnlySpan<ulong> Column(int word) => lease.Read(segment._columns[word]);

        public override void Dispose() => lease.Dispose();
    }
}

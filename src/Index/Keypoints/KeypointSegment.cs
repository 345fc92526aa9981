using System.Numerics;
using System.Runtime.InteropServices;
using Touchstone.Index.Segments;

namespace Touchstone.Index.Keypoints;

/// <summary>
/// Keypoint postings in a file, immutable; <see cref="KeypointSegmentBuilder"/> makes one. A posting takes 11 bytes and a picture 10 more.
/// Finds exactly what a <see cref="KeypointIndex"/> of the same pictures finds. Safe for concurrent use; a search that runs while it is
/// disposed ends unharmed.
/// </summary>
public sealed class KeypointSegment : KeypointPostings, IDisposable
{
    /// <summary>
    /// Sections. ids: of each row; sizes: postings of each row. starts: for each cell and each range of 65,536 rows, the number of its first
    /// posting. blocks: where each cell's block begins in postings, which holds the signatures, then the rows within their range in two bytes
    /// each, then the geometries, padded to eight bytes.
    /// </summary>
    internal static readonly SegmentKind Kind = new("keypoints", 1);

    /// <summary>Rows in a range.</summary>
    internal const int RangeRows = 1 << 16;

    private readonly SegmentFile _file;
    private readonly SegmentSection<long> _ids;
    private readonly SegmentSection<ushort> _sizes;
    private readonly SegmentSection<uint> _starts;
    private readonly SegmentSection<uint> _blocks;
    private readonly SegmentSection<ulong> _postings;

    private KeypointSegment(SegmentFile file, VisualVocabulary vocabulary)
        : base(vocabulary)
    {
        _file = file;
        _ids = file.Section<long>("ids");
        Ranges = (_ids.Length + RangeRows - 1) / RangeRows;
        _sizes = file.Section<ushort>("sizes", _ids.Length);
        _starts = file.Section<uint>("starts", (VisualVocabulary.Cells * Ranges) + 1);
        _blocks = file.Section<uint>("blocks", VisualVocabulary.Cells + 1);
        _postings = file.Section<ulong>("postings");
    }

    /// <summary>Pictures held.</summary>
    public int Count => _ids.Length;

    /// <summary>Bytes of the file, which are the bytes of memory that it takes at most.</summary>
    public long Bytes => _file.Length;

    private int Ranges { get; }

    /// <summary>Opens a file in milliseconds.</summary>
    /// <param name="path">The file.</param>
    /// <param name="vocabulary">The one it must be made with.</param>
    /// <exception cref="SegmentFileException">It cannot be read, or is no such file.</exception>
    public static KeypointSegment Open(string path, VisualVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        SegmentFile file = SegmentFile.Open(path, Kind, vocabulary.Name);
        try
        {
            return new KeypointSegment(file, vocabulary);
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

    internal override PostingReader Read() => new Reader(this, _file.Lease());

    /// <summary>Eight-byte words of a block with so many postings.</summary>
    internal static long BlockLength(long postings) => postings + ((postings * (sizeof(ushort) + sizeof(byte))) + sizeof(ulong) - 1) / sizeof(ulong);

    private sealed class Reader(KeypointSegment segment, SegmentLease lease) : PostingReader
    {
        public override int Rows => segment.Count;

        public override long Postings => lease.Read(segment._starts)[^1];

        public override int CountIn(int cell)
        {
            ReadOnlySpan<uint> starts = lease.Read(segment._starts);
            return (int)(starts[(cell + 1) * segment.Ranges] - starts[cell * segment.Ranges]);
        }

        public override void Vote(in Probe probe, float rarity, int firstRow, HoughAccumulator accumulator)
        {
            Cell cell = At(probe.Cell);
            ReadOnlySpan<ulong> signatures = cell.Signatures;
            ulong asked = probe.Signature;
            int range = 0;
            for (int i = 0; i < signatures.Length; i++)
            {
                int apart = BitOperations.PopCount(signatures[i] ^ asked);
                if (apart > SignatureAgreement.MostBitsApart) continue;
                range = cell.RangeOf(i, range);
                accumulator.Cast(firstRow + (range * RangeRows) + cell.Rows[i], probe, cell.Geometries[i], rarity * SignatureAgreement.Weight(apart));
            }
        }

        public override void Copy(int cell, Span<Posting> postings)
        {
            Cell at = At(cell);
            int range = 0;
            for (int i = 0; i < at.Signatures.Length; i++)
            {
                range = at.RangeOf(i, range);
                postings[i] = new Posting((range * RangeRows) + at.Rows[i], at.Signatures[i], at.Geometries[i]);
            }
        }

        public override bool IsAlive(int row) => true;

        public override long Id(int row) => lease.Read(segment._ids)[row];

        public override int PostingsOf(int row) => lease.Read(segment._sizes)[row];

        public override void Dispose() => lease.Dispose();

        private Cell At(int cell)
        {
            ReadOnlySpan<uint> starts = lease.Read(segment._starts).Slice(cell * segment.Ranges, segment.Ranges + 1);
            ReadOnlySpan<ulong> block = lease.Read(segment._postings)[(int)lease.Read(segment._blocks)[cell]..];
            int count = (int)(starts[^1] - starts[0]);
            ReadOnlySpan<byte> rest = MemoryMarshal.AsBytes(block[count..]);
            return new Cell(starts, block[..count], MemoryMarshal.Cast<byte, ushort>(rest[..(count * sizeof(ushort))]), rest.Slice(count * sizeof(ushort), count));
        }
    }

    /// <summary>A cell's postings in place. Rows: within their range.</summary>
    private readonly ref struct Cell(ReadOnlySpan<uint> starts, ReadOnlySpan<ulong> signatures, ReadOnlySpan<ushort> rows, ReadOnlySpan<byte> geometries)
    {
        private readonly ReadOnlySpan<uint> _starts = starts;

        public ReadOnlySpan<ulong> Signatures { get; } = signatures;

        public ReadOnlySpan<ushort> Rows { get; } = rows;

        public ReadOnlySpan<byte> Geometries { get; } = geometries;

        /// <summary>The range of rows of the posting; not before <paramref name="range"/>.</summary>
        public int RangeOf(int posting, int range)
        {
            while (_starts[range + 1] - _starts[0] <= posting) range++;
            return range;
        }
    }
}

using System.Runtime.InteropServices;
using Touchstone.Index.Segments;

namespace Touchstone.Index.Keypoints;

/// <summary>
/// Makes a <see cref="KeypointSegment"/> from pictures, or from the postings of older segments and of an index, as they come. Memory: 10 bytes
/// a picture and a sixty-fourth of the postings; on disk the postings once more (16 bytes each) until it is disposed. Nothing is at the path
/// before <see cref="Commit"/>. Not safe for concurrent use.
/// </summary>
public sealed class KeypointSegmentBuilder : IDisposable
{
    private readonly VisualVocabulary _vocabulary;
    private readonly SegmentWriter _writer;
    private readonly PostingBuckets _buckets;
    private readonly List<long> _ids = [];
    private readonly List<ushort> _sizes = [];

    /// <param name="path">The file to make or replace.</param>
    /// <param name="vocabulary">What sorts descriptors.</param>
    /// <exception cref="IOException">The files cannot be made, or another builder is at them.</exception>
    public KeypointSegmentBuilder(string path, VisualVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        _vocabulary = vocabulary;
        _writer = new SegmentWriter(path, KeypointSegment.Kind, vocabulary.Name);
        try
        {
            _buckets = new PostingBuckets(Path.GetFullPath(path) + ".cells");
        }
        catch
        {
            _writer.Dispose();
            throw;
        }
    }

    /// <summary>Adds a picture.</summary>
    /// <param name="id">Its id, unlike the others'.</param>
    /// <param name="keypoints">In the order of the descriptors, strongest first; the first <see cref="KeypointSearch.KeypointsKept"/> are kept.</param>
    /// <param name="descriptors">128 bytes for each keypoint.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public void Add(long id, ReadOnlySpan<IndexedKeypoint> keypoints, ReadOnlySpan<byte> descriptors)
    {
        KeypointSearch.Check(keypoints, descriptors);
        int kept = Math.Min(KeypointSearch.KeypointsKept, keypoints.Length);
        Span<PlacedDescriptor> placed = stackalloc PlacedDescriptor[1];
        for (int i = 0; i < kept; i++)
        {
            _vocabulary.Place(descriptors.Slice(i * VisualVocabulary.DescriptorLength, VisualVocabulary.DescriptorLength), placed);
            _buckets.Add(new CellPosting(placed[0].Signature, _ids.Count, (ushort)placed[0].Cell, KeypointGeometry.Of(keypoints[i])));
        }
        AddRow(id, kept);
    }

    /// <summary>Adds pictures as another segment or an index holds them, without their descriptors.</summary>
    /// <param name="postings">Made with the same vocabulary.</param>
    /// <param name="keep">Whether to take the picture of an id.</param>
    /// <exception cref="ArgumentException">Another vocabulary.</exception>
    public void AddAll(KeypointPostings postings, Func<long, bool> keep)
    {
        ArgumentNullException.ThrowIfNull(postings);
        ArgumentNullException.ThrowIfNull(keep);
        if (postings.Vocabulary.Name != _vocabulary.Name) throw new ArgumentException($"The segment is made with {_vocabulary.Name}, not with {postings.Vocabulary.Name}.", nameof(postings));
        using PostingReader reader = postings.Read();
        int[] rows = new int[reader.Rows];
        for (int row = 0; row < rows.Length; row++)
        {
            long id = reader.Id(row);
            bool kept = reader.IsAlive(row) && keep(id);
            rows[row] = kept ? _ids.Count : -1;
            if (kept) AddRow(id, reader.PostingsOf(row));
        }
        Posting[] copied = [];
        for (int cell = 0; cell < VisualVocabulary.Cells; cell++)
        {
            int count = reader.CountIn(cell);
            if (copied.Length < count) copied = new Posting[2 * count];
            reader.Copy(cell, copied);
            foreach (Posting posting in copied.AsSpan(0, count))
                if (rows[posting.Row] is >= 0 and int row) _buckets.Add(new CellPosting(posting.Signature, row, (ushort)cell, posting.Geometry));
        }
    }

    /// <summary>Sorts and writes all, and puts the file in its place.</summary>
    /// <exception cref="IOException">The disk is full, or the name cannot be taken; an old file is still there.</exception>
    /// <exception cref="InvalidOperationException">More postings than a segment holds (4,294,967,295, or 12 GB); make smaller segments.</exception>
    public void Commit()
    {
        _writer.Write<long>("ids", CollectionsMarshal.AsSpan(_ids));
        _writer.Write<ushort>("sizes", CollectionsMarshal.AsSpan(_sizes));
        int ranges = (_ids.Count + KeypointSegment.RangeRows - 1) / KeypointSegment.RangeRows;
        uint[] starts = new uint[(VisualVocabulary.Cells * ranges) + 1], blocks = new uint[VisualVocabulary.Cells + 1];
        _writer.Begin<ulong>("postings");
        int firstCell = 0;
        long postings = 0, length = 0;
        foreach (CellPosting[] bucket in _buckets.Sorted())
        {
            int at = 0;
            for (int cell = firstCell; cell < firstCell + PostingBuckets.CellsInBucket; cell++)
            {
                int from = at;
                blocks[cell] = checked((uint)length);
                for (int range = 0; range < ranges; range++)
                {
                    starts[(cell * ranges) + range] = checked((uint)(postings + at));
                    while (at < bucket.Length && bucket[at].Cell == cell && bucket[at].Row < (range + 1L) * KeypointSegment.RangeRows) at++;
                }
                length += Append(bucket.AsSpan(from..at));
            }
            postings += bucket.Length;
            firstCell += PostingBuckets.CellsInBucket;
        }
        starts[^1] = checked((uint)postings);
        blocks[^1] = checked((uint)length);
        _writer.Write<uint>("starts", starts);
        _writer.Write<uint>("blocks", blocks);
        _writer.Commit();
    }

    public void Dispose()
    {
        _buckets.Dispose();
        _writer.Dispose();
    }

    private void AddRow(long id, int postings)
    {
        _ids.Add(id);
        _sizes.Add((ushort)postings);
    }

    /// <summary>Writes a cell's block; returns its length in eight-byte words.</summary>
    private long Append(ReadOnlySpan<CellPosting> postings)
    {
        ulong[] block = new ulong[KeypointSegment.BlockLength(postings.Length)];
        Span<byte> rest = MemoryMarshal.AsBytes(block.AsSpan(postings.Length));
        Span<ushort> rows = MemoryMarshal.Cast<byte, ushort>(rest);
        Span<byte> geometries = rest[(postings.Length * sizeof(ushort))..];
        for (int i = 0; i < postings.Length; i++)
        {
            block[i] = postings[i].Signature;
            rows[i] = (ushort)(postings[i].Row % KeypointSegment.RangeRows);
            geometries[i] = postings[i].Geometry;
        }
        _writer.Append<ulong>(block);
        return block.Length;
    }
}

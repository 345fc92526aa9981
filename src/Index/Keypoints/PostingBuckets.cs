using System.Runtime.InteropServices;

namespace Touchstone.Index.Keypoints;

/// <summary>A posting with its cell.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct CellPosting(ulong Signature, int Row, ushort Cell, byte Geometry);

/// <summary>
/// Postings on their way from pictures to cells: spread by cell over 64 temporary files as they come, then sorted file by file, so that
/// memory holds one sixty-fourth of them. The files are deleted when it is disposed, and by the next one in the same folder. Not safe for concurrent use.
/// </summary>
internal sealed class PostingBuckets : IDisposable
{
    public const int CellsInBucket = VisualVocabulary.Cells / Buckets;

    private const int Buckets = 64;
    private const int BufferLength = 1 << 16;

    private readonly string _folder;
    private readonly FileStream[] _buckets = new FileStream[Buckets];

    /// <param name="folder">Made anew and deleted.</param>
    public PostingBuckets(string folder)
    {
        _folder = folder;
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        for (int i = 0; i < Buckets; i++) _buckets[i] = new FileStream(Path.Combine(folder, $"{i}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferLength);
    }

    public void Add(CellPosting posting) => _buckets[posting.Cell / CellsInBucket].Write(MemoryMarshal.AsBytes(new ReadOnlySpan<CellPosting>(in posting)));

    /// <summary>The postings of each bucket in turn, sorted by cell; those of one cell in the order in which they came.</summary>
    public IEnumerable<CellPosting[]> Sorted()
    {
        foreach (FileStream bucket in _buckets)
        {
            bucket.Position = 0;
            var read = new CellPosting[bucket.Length / Marshal.SizeOf<CellPosting>()];
            bucket.ReadExactly(MemoryMarshal.AsBytes(read.AsSpan()));
            int[] places = new int[CellsInBucket + 1];
            foreach (ref readonly CellPosting posting in read.AsSpan()) places[(posting.Cell % CellsInBucket) + 1]++;
            for (int i = 1; i < places.Length; i++) places[i] += places[i - 1];
            var sorted = new CellPosting[read.Length];
            foreach (ref readonly CellPosting posting in read.AsSpan()) sorted[places[posting.Cell % CellsInBucket]++] = posting;
            yield return sorted;
        }
    }

    public void Dispose()
    {
        foreach (FileStream bucket in _buckets) bucket.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

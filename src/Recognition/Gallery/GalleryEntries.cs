using System.Buffers.Binary;
using Touchstone.Index.Segments;

namespace Touchstone.Recognition.Gallery;

/// <summary>
/// Which reference images a generation holds, in a memory-mapped file: sorted by id, with an order by reference and one by hash beside it. An entry takes 57
/// bytes. Immutable; safe for concurrent use; a lookup while it is disposed ends unharmed.
/// </summary>
internal sealed class GalleryEntries : IDisposable
{
    internal static readonly SegmentKind Kind = new("gallery entries", 1);
    internal const int HashWords = 4;

    private readonly SegmentFile file;
    private readonly SegmentSection<long> ids, references;
    private readonly SegmentSection<byte> kinds;
    private readonly SegmentSection<ulong> hashes;
    private readonly SegmentSection<int> byReference, byHash;

    private GalleryEntries(SegmentFile file)
    {
        this.file = file;
        ids = file.Section<long>("ids");
        references = file.Section<long>("references", ids.Length);
        kinds = file.Section<byte>("kinds", ids.Length);
        hashes = file.Section<ulong>("hashes", ids.Length * HashWords);
        byReference = file.Section<int>("by reference", ids.Length);
        byHash = file.Section<int>("by hash", ids.Length);
        using SegmentLease lease = file.Lease();
        Fingerprint = lease.Read(file.Section<long>("fingerprint", 1))[0];
    }

    public int Count => ids.Length;

    /// <summary>Of all entries; see <see cref="GalleryFingerprint"/>.</summary>
    public long Fingerprint { get; }

    public long Bytes => file.Length;

    /// <exception cref="SegmentFileException">It cannot be read, or is no such file.</exception>
    public static GalleryEntries Open(string path, string modelId)
    {
        SegmentFile file = SegmentFile.Open(path, Kind, modelId);
        try
        {
            return new GalleryEntries(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The entry of that id, or null.</summary>
    public GalleryImage? Find(long id)
    {
        using SegmentLease lease = file.Lease();
        int row = lease.Read(ids).BinarySearch(id);
        return row < 0 ? null : Entry(lease, row);
    }

    /// <summary>The images of a reference, by id.</summary>
    public IReadOnlyList<GalleryImage> OfReference(long referenceId)
    {
        using SegmentLease lease = file.Lease();
        ReadOnlySpan<int> order = lease.Read(byReference);
        ReadOnlySpan<long> of = lease.Read(references);
        int low = 0, high = order.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (of[order[middle]] < referenceId) low = middle + 1;
            else high = middle;
        }
        var found = new List<GalleryImage>();
        for (; low < order.Length && of[order[low]] == referenceId; low++) found.Add(Entry(lease, order[low]));
        return found;
    }

    /// <summary>The entries of an image, by id.</summary>
    public IReadOnlyList<GalleryImage> OfHash(string sha256)
    {
        using SegmentLease lease = file.Lease();
        ReadOnlySpan<int> order = lease.Read(byHash);
        ReadOnlySpan<ulong> words = lease.Read(hashes);
        Span<ulong> wanted = stackalloc ulong[HashWords];
        // Made-up names in tests and evaluations are no hashes; nothing has them.
        if (!TryWords(sha256, wanted)) return [];
        int low = 0, high = order.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (words[order[middle] * HashWords] < wanted[0]) low = middle + 1;
            else high = middle;
        }
        var found = new List<GalleryImage>();
        for (; low < order.Length && words[order[low] * HashWords] == wanted[0]; low++)
            if (words.Slice(order[low] * HashWords, HashWords).SequenceEqual(wanted)) found.Add(Entry(lease, order[low]));
        return found;
    }

    /// <summary>Every entry, by id.</summary>
    public IEnumerable<GalleryImage> All()
    {
        for (int row = 0; row < Count; row++) yield return At(row);
    }

    public void Dispose() => file.Dispose();

    /// <summary>A hash as four words; false if the text is none.</summary>
    internal static bool TryWords(string sha256, Span<ulong> words)
    {
        Span<byte> hash = stackalloc byte[HashWords * sizeof(ulong)];
        if (sha256.Length != 2 * hash.Length || Convert.FromHexString(sha256, hash, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        for (int i = 0; i < HashWords; i++) words[i] = BinaryPrimitives.ReadUInt64BigEndian(hash[(i * sizeof(ulong))..]);
        return true;
    }

    private GalleryImage At(int row)
    {
        using SegmentLease lease = file.Lease();
        return Entry(lease, row);
    }

    private GalleryImage Entry(SegmentLease lease, int row)
    {
        Span<byte> hash = stackalloc byte[HashWords * sizeof(ulong)];
        for (int i = 0; i < HashWords; i++) BinaryPrimitives.WriteUInt64BigEndian(hash[(i * sizeof(ulong))..], lease.Read(hashes)[(row * HashWords) + i]);
        return new GalleryImage(lease.Read(ids)[row], lease.Read(references)[row], (ReferenceKind)lease.Read(kinds)[row], Convert.ToHexStringLower(hash));
    }
}

using System.Runtime.InteropServices;
using Touchstone.Index.Segments;

namespace Touchstone.Recognition.Gallery;

/// <summary>Takes the entries of a generation, in any order, and writes them as <see cref="GalleryEntries"/>. Memory: 57 bytes an entry. Not safe for concurrent use.</summary>
internal sealed class GalleryEntriesBuilder
{
    private readonly List<long> ids = [], references = [];
    private readonly List<byte> kinds = [];
    private readonly List<ulong> hashes = [];
    private long fingerprint;

    public int Count => ids.Count;

    /// <param name="image">Its id unlike the others'.</param>
    /// <exception cref="ArgumentException">Its hash is no SHA-256.</exception>
    public void Add(GalleryImage image)
    {
        Span<ulong> words = stackalloc ulong[GalleryEntries.HashWords];
        if (!GalleryEntries.TryWords(image.Sha256, words)) throw new ArgumentException($"“{image.Sha256}” is no SHA-256: 64 hexadecimal digits.", nameof(image));
        ids.Add(image.ReferenceImageId);
        references.Add(image.ReferenceId);
        kinds.Add((byte)image.Kind);
        hashes.AddRange(words);
        fingerprint ^= GalleryFingerprint.Of(image);
    }

    public void Write(string path, string modelId)
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        Array.Sort(ids.ToArray(), order);
        long[] references = Array.ConvertAll(order, i => this.references[i]);
        ulong[] words = new ulong[Count * GalleryEntries.HashWords];
        for (int row = 0; row < Count; row++)
            CollectionsMarshal.AsSpan(hashes).Slice(order[row] * GalleryEntries.HashWords, GalleryEntries.HashWords).CopyTo(words.AsSpan(row * GalleryEntries.HashWords));
        using var writer = new SegmentWriter(path, GalleryEntries.Kind, modelId);
        writer.Write<long>("ids", Array.ConvertAll(order, i => ids[i]));
        writer.Write<long>("references", references);
        writer.Write<byte>("kinds", Array.ConvertAll(order, i => kinds[i]));
        writer.Write<ulong>("hashes", words);
        writer.Write<int>("by reference", OrderBy(row => references[row]));
        writer.Write<int>("by hash", OrderBy(row => words[row * GalleryEntries.HashWords]));
        writer.Write<long>("fingerprint", [fingerprint]);
        writer.Commit();
    }

    private int[] OrderBy<TKey>(Func<int, TKey> key)
        where TKey : IComparable<TKey>
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        Array.Sort(order, (a, b) => key(a).CompareTo(key(b)) is var by && by != 0 ? by : a.CompareTo(b));
        return order;
    }
}

using System.Numerics;

namespace Touchstone.Index.Hamming;

/// <summary>One answer: the id under which a key was added, and its distance to the nearest query in bits, 0..256.</summary>
public readonly record struct HammingNeighbour(long Id, int Distance);

/// <summary>A set of keys to search. Accepts: whether an id may be an answer; null if all may. Asked only for keys within the distance, on the searching thread.</summary>
public readonly record struct HammingPart(HammingKeys Keys, Func<long, bool>? Accepts = null);

/// <summary>
/// Keys searched by Hamming distance, each compared: nothing is missed. Keys lie word by word, and two or three of four words show of nearly every key
/// that it is too far away, so a search reads 16 or 24 MB for a million keys. Several queries (the eight ways in which a picture can be turned and
/// mirrored) read the keys once. Deterministic; safe for concurrent use.
/// </summary>
public static class HammingSearch
{
    /// <summary>The k keys nearest to any of the queries within the distance, nearest first, ties by id ascending.</summary>
    /// <param name="parts">The sets, at least one.</param>
    /// <param name="queries">Keys of <see cref="HammingKeys.KeyWords"/> words, one after the other, at least one.</param>
    /// <param name="maxDistance">Largest distance in bits that counts, 0..256.</param>
    /// <param name="k">Most answers, at least 1.</param>
    /// <exception cref="ArgumentException">A value out of its range.</exception>
    public static IReadOnlyList<HammingNeighbour> Find(IReadOnlyList<HammingPart> parts, ReadOnlySpan<ulong> queries, int maxDistance, int k)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (queries.IsEmpty || queries.Length % HammingKeys.KeyWords != 0) throw new ArgumentException($"Queries have a multiple of {HammingKeys.KeyWords} words, not {queries.Length}.", nameof(queries));
        ArgumentOutOfRangeException.ThrowIfNegative(maxDistance);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxDistance, 64 * HammingKeys.KeyWords);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        var readers = new List<HammingReader>(parts.Count);
        try
        {
            foreach (HammingPart part in parts) readers.Add(part.Keys.Read());
            int rows = readers.Sum(x => x.Ids.Length);
            if (rows == 0) return [];
            var best = new BestNeighbours(Math.Min(k, rows));
            for (int i = 0; i < parts.Count; i++) Scan(readers[i], queries, maxDistance, parts[i].Accepts, best);
            return Array.ConvertAll(best.Sorted(), x => new HammingNeighbour(x.Id, (int)-x.Score));
        }
        finally
        {
            foreach (HammingReader reader in readers) reader.Dispose();
        }
    }

    private static void Scan(HammingReader reader, ReadOnlySpan<ulong> queries, int maxDistance, Func<long, bool>? accepts, BestNeighbours best)
    {
        ReadOnlySpan<long> ids = reader.Ids;
        ReadOnlySpan<ulong> first = reader.Column(0)[..ids.Length], second = reader.Column(1), third = reader.Column(2), fourth = reader.Column(3);
        var near = new NearKeys(first, second, third);
        for (int row = 0; (row = near.Next(row, queries, maxDistance)) < ids.Length; row++)
        {
            int distance = Distance(first[row], second[row], third[row], fourth[row], queries);
            if (distance <= maxDistance && (accepts is null || accepts(ids[row]))) best.Offer(ids[row], -distance);
        }
    }

    private static int Distance(ulong a, ulong b, ulong c, ulong d, ReadOnlySpan<ulong> queries)
    {
        int least = int.MaxValue;
        for (int q = 0; q < queries.Length; q += HammingKeys.KeyWords)
        {
            int distance = BitOperations.PopCount(a ^ queries[q]) + BitOperations.PopCount(b ^ queries[q + 1])
                + BitOperations.PopCount(c ^ queries[q + 2]) + BitOperations.PopCount(d ^ queries[q + 3]);
            least = Math.Min(least, distance);
        }
        return least;
    }
}

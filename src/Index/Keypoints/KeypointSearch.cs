using System.Buffers;

namespace Touchstone.Index.Keypoints;

/// <summary>One keypoint of a picture. Angle in radians; Scale in px, above 0.</summary>
public readonly record struct IndexedKeypoint(float Angle, float Scale);

/// <summary>A picture that shares keypoints with the query. Votes: rarity-weighted sum of those that agree on a turn and a change of size.</summary>
public readonly record struct KeypointVotes(long Id, float Votes);

/// <summary>A picture to ask with. Keypoints: strongest first, in the order of the descriptors; Descriptors: 128 bytes for each.</summary>
public readonly record struct KeypointQuery(ReadOnlyMemory<IndexedKeypoint> Keypoints, ReadOnlyMemory<byte> Descriptors);

/// <summary>A set of pictures to search. Accepts: whether the picture of an id may be an answer; null if all may. Asked only for pictures with votes, on the searching thread.</summary>
public readonly record struct KeypointPart(KeypointPostings Postings, Func<long, bool>? Accepts = null);

/// <summary>What was found. Visited: postings compared; Unasked: cells of keypoints left out because the budget was used up, of Cells that hold any.</summary>
public sealed record KeypointAnswer(IReadOnlyList<KeypointVotes> Votes, long Visited, int Cells, int Unasked);

/// <summary>
/// Pictures searched by their local features: every keypoint votes for the pictures that have one like it, and votes count that agree on one
/// turn and one change of size. Finds a small or covered part of a picture that no whole-picture vector shows. It proposes; the geometric
/// check decides. Several sets are searched as if they were one, so a picture's votes do not depend on how pictures are spread over sets.
/// Deterministic; safe for concurrent use. Sources: Sivic and Zisserman, "Video Google", ICCV 2003; Jégou, Douze and Schmid, ECCV 2008.
/// </summary>
public static class KeypointSearch
{
    /// <summary>Keypoints of a picture that are kept or asked: the first ones given, so give the strongest first.</summary>
    public const int KeypointsKept = 300;

    /// <summary>Most queries in one search.</summary>
    public const int MostQueries = 100;

    private const int CellsAsked = 6;

    // A picture with many keypoints gets more votes by chance.
    private const float FewestPostings = 20;
    private const float PostingsPower = 0.25f;

    /// <summary>The k pictures with most votes for any of the queries, best first, ties by id ascending; pictures with fewer than three agreeing keypoints are left out.</summary>
    /// <param name="parts">The sets, all of the same vocabulary; an id is expected in one of them only, or refused by <see cref="KeypointPart.Accepts"/> in the others.</param>
    /// <param name="queries">Looks of one thing, such as upright and mirrored; 1 to <see cref="MostQueries"/>. Keypoints beyond <see cref="KeypointsKept"/> are not asked.</param>
    /// <param name="k">Most answers, at least 1.</param>
    /// <param name="budget">
    /// Most postings to compare, at least 1. Cells with few postings, which tell most, are asked first; the first cell for which the budget is
    /// too small and all longer ones are not asked, and counted in the answer.
    /// </param>
    /// <exception cref="ArgumentException">The lengths do not agree, a value is out of its range, or the vocabularies differ.</exception>
    public static KeypointAnswer Find(IReadOnlyList<KeypointPart> parts, IReadOnlyList<KeypointQuery> queries, int k, long budget = long.MaxValue)
    {
        Check(parts, queries, k, budget);
        var readers = new List<PostingReader>(parts.Count);
        try
        {
            foreach (KeypointPart part in parts) readers.Add(part.Postings.Read());
            return Find(parts, readers, queries, k, budget);
        }
        finally
        {
            foreach (PostingReader reader in readers) reader.Dispose();
        }
    }

    internal static void Check(ReadOnlySpan<IndexedKeypoint> keypoints, ReadOnlySpan<byte> descriptors)
    {
        if (descriptors.Length != keypoints.Length * VisualVocabulary.DescriptorLength)
            throw new ArgumentException($"{keypoints.Length} keypoints have {keypoints.Length * VisualVocabulary.DescriptorLength} bytes of descriptors, not {descriptors.Length}.", nameof(descriptors));
    }

    private static KeypointAnswer Find(IReadOnlyList<KeypointPart> parts, List<PostingReader> readers, IReadOnlyList<KeypointQuery> queries, int k, long budget)
    {
        int[] firstRows = new int[readers.Count + 1];
        for (int i = 0; i < readers.Count; i++) firstRows[i + 1] = checked(firstRows[i] + readers[i].Rows);
        int keypoints = queries.Sum(x => Math.Min(KeypointsKept, x.Keypoints.Length));
        Probe[] probes = ArrayPool<Probe>.Shared.Rent(Math.Max(1, keypoints * CellsAsked));
        try
        {
            int count = Place(parts[0].Postings.Vocabulary, queries, probes);
            HoughAccumulator accumulator = HoughAccumulator.Borrow(firstRows[^1], queries.Count, keypoints);
            (long visited, int cells, int unasked) = Vote(readers, firstRows, probes.AsSpan(0, count), budget, accumulator);
            var best = new BestNeighbours(Math.Min(k, Math.Max(1, firstRows[^1])));
            int at = 0;
            accumulator.Count((row, votes) =>
            {
                while (row < firstRows[at]) at--;
                while (row >= firstRows[at + 1]) at++;
                PostingReader reader = readers[at];
                row -= firstRows[at];
                if (!reader.IsAlive(row)) return;
                long id = reader.Id(row);
                if (parts[at].Accepts is { } accepts && !accepts(id)) return;
                best.Offer(id, votes / MathF.Pow(Math.Max(FewestPostings, reader.PostingsOf(row)), PostingsPower));
            });
            accumulator.GiveBack();
            return new KeypointAnswer(Array.ConvertAll(best.Sorted(), x => new KeypointVotes(x.Id, x.Score)), visited, cells, unasked);
        }
        finally
        {
            ArrayPool<Probe>.Shared.Return(probes);
        }
    }

    /// <summary>Writes the probes of all queries, nearest cells first; returns how many.</summary>
    private static int Place(VisualVocabulary vocabulary, IReadOnlyList<KeypointQuery> queries, Span<Probe> probes)
    {
        Span<PlacedDescriptor> placed = stackalloc PlacedDescriptor[CellsAsked];
        int count = 0, keypoint = 0;
        for (int query = 0; query < queries.Count; query++)
        {
            ReadOnlySpan<IndexedKeypoint> keypoints = queries[query].Keypoints.Span;
            ReadOnlySpan<byte> descriptors = queries[query].Descriptors.Span;
            for (int i = 0; i < Math.Min(KeypointsKept, keypoints.Length); i++, keypoint++)
            {
                vocabulary.Place(descriptors.Slice(i * VisualVocabulary.DescriptorLength, VisualVocabulary.DescriptorLength), placed);
                byte geometry = KeypointGeometry.Of(keypoints[i]);
                foreach (PlacedDescriptor at in placed) probes[count++] = new Probe(at.Cell, at.Signature, (ushort)keypoint, (byte)query, geometry);
            }
        }
        return count;
    }

    /// <summary>Asks the cells, those with fewest postings first. A cell that several keypoints ask is asked by one after the other.</summary>
    private static (long Visited, int Cells, int Unasked) Vote(List<PostingReader> readers, int[] firstRows, ReadOnlySpan<Probe> probes, long budget, HoughAccumulator accumulator)
    {
        long postings = readers.Sum(x => x.Postings);
        UInt128[] order = new UInt128[probes.Length];
        int cells = 0;
        for (int i = 0; i < probes.Length; i++)
        {
            long count = 0;
            foreach (PostingReader reader in readers) count += reader.CountIn(probes[i].Cell);
            if (count > 0) order[cells++] = new UInt128((ulong)count, ((ulong)probes[i].Cell << 32) | (uint)i);
        }
        order.AsSpan(0, cells).Sort();
        long visited = 0;
        for (int i = 0; i < cells; i++)
        {
            long count = (long)(ulong)(order[i] >> 64);
            if (count > budget - visited) return (visited, cells, cells - i);
            visited += count;
            float rarity = MathF.Log(1 + (postings / (float)count));
            ref readonly Probe probe = ref probes[(int)(uint)order[i]];
            for (int part = 0; part < readers.Count; part++) readers[part].Vote(probe, rarity, firstRows[part], accumulator);
        }
        return (visited, cells, 0);
    }

    private static void Check(IReadOnlyList<KeypointPart> parts, IReadOnlyList<KeypointQuery> queries, int k, long budget)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 1);
        if (parts.Count == 0) throw new ArgumentException("There is nothing to search.", nameof(parts));
        if (queries.Count is 0 or > MostQueries) throw new ArgumentException($"A search has 1 to {MostQueries} queries, not {queries.Count}.", nameof(queries));
        foreach (KeypointPart part in parts)
            if (part.Postings.Vocabulary.Name != parts[0].Postings.Vocabulary.Name) throw new ArgumentException($"Postings of {part.Postings.Vocabulary.Name} are not searched together with postings of {parts[0].Postings.Vocabulary.Name}.", nameof(parts));
        foreach (KeypointQuery query in queries) Check(query.Keypoints.Span, query.Descriptors.Span);
    }
}

using System.Collections.Concurrent;

namespace Touchstone.Index.Keypoints;

/// <summary>
/// The votes of one search. A keypoint votes at most once for a picture, with the nearest posting it has there; a picture's count is that of
/// its best turn and change of size, neighbours included, so that chance votes, which spread, count little. Votes for pictures that too few
/// keypoints vote for are never sorted. Borrowed and given back, so that a search over many rows need not clear a table of them.
/// Not safe for concurrent use.
/// </summary>
internal sealed class HoughAccumulator
{
    /// <summary>Places that a vote can fall on for one query: turns by changes of size.</summary>
    public const int Bins = Turns * Sizes;

    /// <summary>The fewest keypoints of a query that a picture must share.</summary>
    public const int FewestVotes = 3;

    private const int Turns = KeypointGeometry.Turns;
    private const int Sizes = 24;

    private static readonly ConcurrentBag<HoughAccumulator> Idle = [];

    /// <summary>For each row how many votes it has, at most <see cref="FewestVotes"/>; all zero between searches.</summary>
    private byte[] _tallies = [];

    /// <summary>For each row with so many votes its place among such rows.</summary>
    private int[] _places = [];

    private Vote[] _votes = new Vote[1 << 14];
    private int _count;
    private readonly List<int> _rows = [];

    // For one row at a time: the best vote of each keypoint, and the bins.
    private int[] _bestVote = [];
    private int[] _bestVoteOf = [];
    private float[] _weights = [];
    private byte[] _counts = [];
    private int[] _keypoints = [];

    private HoughAccumulator()
    {
    }

    /// <summary>An empty accumulator for so many rows, queries and keypoints of all queries together.</summary>
    public static HoughAccumulator Borrow(int rows, int queries, int keypoints)
    {
        if (!Idle.TryTake(out HoughAccumulator? accumulator)) accumulator = new HoughAccumulator();
        Grow(ref accumulator._tallies, rows);
        Grow(ref accumulator._places, rows);
        Grow(ref accumulator._bestVote, keypoints);
        Grow(ref accumulator._bestVoteOf, keypoints);
        Grow(ref accumulator._weights, queries * Bins);
        Grow(ref accumulator._counts, queries * Bins);
        Grow(ref accumulator._keypoints, queries);
        return accumulator;
    }

    /// <summary>A vote for a row. Geometry: the posting's.</summary>
    public void Cast(int row, in Probe probe, byte geometry, float weight)
    {
        int size = Math.Clamp(KeypointGeometry.SizeChange(geometry, probe.Geometry) + (Sizes / 2), 0, Sizes - 1);
        int bin = (probe.Query * Bins) + (size * Turns) + KeypointGeometry.Turn(geometry, probe.Geometry);
        if (_count == _votes.Length) Array.Resize(ref _votes, _count * 2);
        _votes[_count++] = new Vote(row, probe.Keypoint, (ushort)bin, weight);
        ref byte tally = ref _tallies[row];
        if (tally == FewestVotes) return;
        if (++tally < FewestVotes) return;
        _places[row] = _rows.Count;
        _rows.Add(row);
    }

    /// <summary>Counts the votes, tells every row that has any weight that agrees, and empties the accumulator.</summary>
    public void Count(Action<int, float> tell)
    {
        int[] ends = new int[_rows.Count];
        ReadOnlySpan<Vote> votes = _votes.AsSpan(0, _count);
        foreach (ref readonly Vote vote in votes)
            if (_tallies[vote.Row] == FewestVotes) ends[_places[vote.Row]]++;
        for (int i = 1; i < ends.Length; i++) ends[i] += ends[i - 1];
        Vote[] sorted = new Vote[ends.Length == 0 ? 0 : ends[^1]];
        for (int i = votes.Length - 1; i >= 0; i--) // from the back: a row's votes stay in the order in which they were cast
            if (_tallies[votes[i].Row] == FewestVotes) sorted[--ends[_places[votes[i].Row]]] = votes[i];
        Array.Fill(_bestVoteOf, -1);
        for (int i = 0; i < _rows.Count; i++)
        {
            float count = Count(i, sorted.AsSpan(ends[i]..(i + 1 < ends.Length ? ends[i + 1] : sorted.Length)));
            if (count > 0) tell(_rows[i], count);
        }
        foreach (ref readonly Vote vote in votes) _tallies[vote.Row] = 0;
        _count = 0;
        _rows.Clear();
    }

    /// <summary>For the next search; only after <see cref="Count(Action{int, float})"/>.</summary>
    public void GiveBack() => Idle.Add(this);

    /// <summary>The weight that agrees on a turn and a change of size in the query for which that is most; 0 if fewer than two votes do.</summary>
    private float Count(int place, Span<Vote> votes)
    {
        for (int i = 0; i < votes.Length; i++)
        {
            int keypoint = votes[i].Keypoint;
            if (_bestVoteOf[keypoint] == place && votes[_bestVote[keypoint]].Weight >= votes[i].Weight) continue;
            (_bestVoteOf[keypoint], _bestVote[keypoint]) = (place, i);
        }
        int kept = 0;
        for (int i = 0; i < votes.Length; i++)
        {
            Vote vote = votes[i];
            if (_bestVote[vote.Keypoint] != i) continue;
            votes[kept++] = vote;
            _weights[vote.Bin] += vote.Weight;
            if (_counts[vote.Bin] < byte.MaxValue) _counts[vote.Bin]++;
            _keypoints[vote.Bin / Bins]++;
        }
        votes = votes[..kept];
        float best = 0;
        foreach (Vote vote in votes)
            if (_keypoints[vote.Bin / Bins] >= FewestVotes) best = Math.Max(best, BestAround(vote.Bin));
        foreach (Vote vote in votes)
        {
            _weights[vote.Bin] = 0;
            _counts[vote.Bin] = 0;
            _keypoints[vote.Bin / Bins] = 0;
        }
        return best;
    }

    /// <summary>The most that any two neighbouring turns by two neighbouring changes of size hold that this bin is among.</summary>
    private float BestAround(int bin)
    {
        int query = bin - (bin % Bins), size = bin % Bins / Turns, turn = bin % Turns;
        float best = 0;
        for (int lower = Math.Max(0, size - 1); lower <= Math.Min(size, Sizes - 2); lower++)
            for (int back = 0; back < 2; back++)
            {
                int left = (turn - back) & (Turns - 1), right = (left + 1) & (Turns - 1), here = query + (lower * Turns), above = here + Turns;
                if (_counts[here + left] + _counts[here + right] + _counts[above + left] + _counts[above + right] < 2) continue;
                best = Math.Max(best, _weights[here + left] + _weights[here + right] + _weights[above + left] + _weights[above + right]);
            }
        return best;
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length) array = new T[Math.Max(length, array.Length * 2)];
    }

    private readonly record struct Vote(int Row, ushort Keypoint, ushort Bin, float Weight);
}

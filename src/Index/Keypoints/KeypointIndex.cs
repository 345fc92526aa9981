using System.Numerics;

namespace Touchstone.Index.Keypoints;

/// <summary>One keypoint of a picture. Angle in radians; Scale in px, above 0.</summary>
public readonly record struct IndexedKeypoint(float Angle, float Scale);

/// <summary>A picture that shares keypoints with the query. Votes: rarity-weighted sum of those that agree on a turn and a change of size.</summary>
public readonly record struct KeypointVotes(long Id, float Votes);

/// <summary>
/// Pictures searched by their local features: every keypoint votes for the pictures that have one like it, and votes count that agree on one
/// turn and one change of size. Finds a small or covered part of a picture that no whole-picture vector shows. It proposes; the geometric
/// check decides. One entry per id. Safe for concurrent searches and changes; a search sees every change that returned before it began.
/// Sources: Sivic and Zisserman, "Video Google", ICCV 2003; Jégou, Douze and Schmid, ECCV 2008.
/// </summary>
public sealed class KeypointIndex(DescriptorWords words) : IDisposable
{
    /// <summary>Keypoints kept of a picture: the first ones given, so give the strongest first.</summary>
    public const int KeypointsKept = 300;

    private const int Length = DescriptorWords.DescriptorLength;
    private const int CellsAsked = 6;
    private const int MostBitsApart = 22;
    private const int FewestVotes = 3;

    private readonly ReaderWriterLockSlim _lock = new();
    private readonly PostingList[] _cells = new PostingList[DescriptorWords.Cells];
    private readonly Dictionary<long, int> _rowOf = [];
    private readonly List<(long Id, bool Alive, int Postings)> _rows = [];
    private int _dead;
    private long _postings;

    /// <summary>Pictures held.</summary>
    public int Count
    {
        get
        {
            _lock.EnterReadLock();
            try
            {
                return _rowOf.Count;
            }
            finally
            {
                _lock.ExitReadLock();
            }
        }
    }

    /// <summary>Adds the picture, or replaces it if the id is held.</summary>
    /// <param name="keypoints">In the order of the descriptors.</param>
    /// <param name="descriptors">128 bytes for each keypoint.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public void Put(long id, ReadOnlySpan<IndexedKeypoint> keypoints, ReadOnlySpan<byte> descriptors)
    {
        Check(keypoints, descriptors);
        int kept = Math.Min(KeypointsKept, keypoints.Length);
        var placed = new (int Cell, ulong Signature)[kept];
        Span<float> descriptor = stackalloc float[Length], residual = stackalloc float[Length];
        Span<WordCell> nearest = stackalloc WordCell[1];
        for (int i = 0; i < kept; i++)
        {
            Widen(descriptors.Slice(i * Length, Length), descriptor);
            words.Nearest(descriptor, nearest);
            words.Residual(descriptor, nearest[0].Cell, residual);
            placed[i] = (nearest[0].Cell, ResidualSignature.Of(residual));
        }
        _lock.EnterWriteLock();
        try
        {
            Bury(id);
            int row = _rows.Count;
            _rows.Add((id, true, kept));
            _rowOf.Add(id, row);
            for (int i = 0; i < kept; i++) _cells[placed[i].Cell].Add(new Posting(row, placed[i].Signature, TurnOf(keypoints[i].Angle), SizeOf(keypoints[i].Scale)));
            _postings += kept;
            if (_dead > 64 && _dead > _rowOf.Count / 2) Compact();
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Removes the picture; true if it was held.</summary>
    public bool Remove(long id)
    {
        _lock.EnterWriteLock();
        try
        {
            return Bury(id);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>The k pictures with most votes, best first, ties by id ascending; pictures with fewer than three agreeing keypoints are left out.</summary>
    /// <param name="keypoints">The query's, strongest first; those beyond <see cref="KeypointsKept"/> are not asked.</param>
    /// <param name="descriptors">128 bytes for each keypoint.</param>
    /// <exception cref="ArgumentException">The lengths do not agree, or k is below 1.</exception>
    public IReadOnlyList<KeypointVotes> Search(ReadOnlySpan<IndexedKeypoint> keypoints, ReadOnlySpan<byte> descriptors, int k)
    {
        Check(keypoints, descriptors);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        _lock.EnterReadLock();
        try
        {
            if (_rowOf.Count == 0) return [];
            var ballot = new Ballot(_rows.Count);
            Span<float> descriptor = stackalloc float[Length], residual = stackalloc float[Length];
            Span<WordCell> nearest = stackalloc WordCell[CellsAsked];
            for (int i = 0; i < Math.Min(KeypointsKept, keypoints.Length); i++)
            {
                Widen(descriptors.Slice(i * Length, Length), descriptor);
                words.Nearest(descriptor, nearest);
                byte turn = TurnOf(keypoints[i].Angle);
                sbyte size = SizeOf(keypoints[i].Scale);
                foreach (WordCell cell in nearest)
                {
                    if (_cells[cell.Cell].Count == 0) continue;
                    words.Residual(descriptor, cell.Cell, residual);
                    Ask(_cells[cell.Cell], ResidualSignature.Of(residual), i, turn, size, ballot);
                }
            }
            IEnumerable<KeypointVotes> counted = from row in ballot.RowsWith(FewestVotes) where _rows[row].Alive select new KeypointVotes(_rows[row].Id, ballot.Count(row) / MathF.Pow(Math.Max(20, _rows[row].Postings), 0.25f));
            return [.. counted.Where(x => x.Votes > 0).OrderByDescending(x => x.Votes).ThenBy(x => x.Id).Take(k)];
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public void Dispose() => _lock.Dispose();

    private void Ask(PostingList cell, ulong signature, int keypoint, byte turn, sbyte size, Ballot ballot)
    {
        float rarity = MathF.Log(1 + (_postings / (float)cell.Count));
        foreach (Posting posting in cell.Items)
        {
            int apart = BitOperations.PopCount(posting.Signature ^ signature);
            if (apart > MostBitsApart) continue;
            float weight = rarity * MathF.Exp(-apart * apart / 200f);
            ballot.Cast(keypoint, posting.Row, (turn - posting.Turn) & (Ballot.Turns - 1), size - posting.Size, weight);
        }
    }

    private bool Bury(long id)
    {
        if (!_rowOf.Remove(id, out int row)) return false;
        _rows[row] = _rows[row] with { Alive = false };
        _postings -= _rows[row].Postings;
        _dead++;
        return true;
    }

    /// <summary>Drops the postings of removed pictures.</summary>
    private void Compact()
    {
        int[] moved = new int[_rows.Count];
        int next = 0;
        for (int row = 0; row < moved.Length; row++) moved[row] = _rows[row].Alive ? next++ : -1;
        for (int cell = 0; cell < _cells.Length; cell++) _cells[cell].Renumber(moved);
        _rows.RemoveAll(x => !x.Alive);
        foreach ((int row, (long id, _, _)) in _rows.Index()) _rowOf[id] = row;
        _dead = 0;
    }

    private static byte TurnOf(float angle) => (byte)((int)MathF.Floor(angle / (2 * MathF.PI) * Ballot.Turns) & (Ballot.Turns - 1));

    private static sbyte SizeOf(float scale) => (sbyte)Math.Clamp(MathF.Round(2 * MathF.Log2(scale)), -40, 40);

    private static void Widen(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++) values[i] = bytes[i];
    }

    private static void Check(ReadOnlySpan<IndexedKeypoint> keypoints, ReadOnlySpan<byte> descriptors)
    {
        if (descriptors.Length != keypoints.Length * Length) throw new ArgumentException($"{keypoints.Length} keypoints have {keypoints.Length * Length} bytes of descriptors, not {descriptors.Length}.", nameof(descriptors));
    }
}

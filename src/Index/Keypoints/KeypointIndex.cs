using System.Numerics;

namespace Touchstone.Index.Keypoints;

/// <summary>
/// Keypoint postings in memory: pictures are added, replaced and removed. One entry per id. Safe for concurrent searches and changes; a search
/// sees every change that returned before it began.
/// </summary>
public sealed class KeypointIndex(VisualVocabulary vocabulary) : KeypointPostings(vocabulary), IDisposable
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly PostingList[] _cells = new PostingList[VisualVocabulary.Cells];
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
    /// <param name="keypoints">In the order of the descriptors, strongest first; the first <see cref="KeypointSearch.KeypointsKept"/> are kept.</param>
    /// <param name="descriptors">128 bytes for each keypoint.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public void Put(long id, ReadOnlySpan<IndexedKeypoint> keypoints, ReadOnlySpan<byte> descriptors)
    {
        KeypointSearch.Check(keypoints, descriptors);
        var placed = new PlacedDescriptor[Math.Min(KeypointSearch.KeypointsKept, keypoints.Length)];
        for (int i = 0; i < placed.Length; i++) Vocabulary.Place(descriptors.Slice(i * VisualVocabulary.DescriptorLength, VisualVocabulary.DescriptorLength), placed.AsSpan(i, 1));
        _lock.EnterWriteLock();
        try
        {
            Bury(id);
            int row = _rows.Count;
            _rows.Add((id, true, placed.Length));
            _rowOf.Add(id, row);
            for (int i = 0; i < placed.Length; i++) _cells[placed[i].Cell].Add(new Posting(row, placed[i].Signature, KeypointGeometry.Of(keypoints[i])));
            _postings += placed.Length;
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

    /// <summary>Searches these pictures alone, with one query and every cell asked; see <see cref="KeypointSearch.Find(IReadOnlyList{KeypointPart}, IReadOnlyList{KeypointQuery}, int, long)"/>.</summary>
    /// <exception cref="ArgumentException">The lengths do not agree, or k is below 1.</exception>
    public IReadOnlyList<KeypointVotes> Search(ReadOnlyMemory<IndexedKeypoint> keypoints, ReadOnlyMemory<byte> descriptors, int k) =>
        KeypointSearch.Find([new KeypointPart(this)], [new KeypointQuery(keypoints, descriptors)], k).Votes;

    public void Dispose() => _lock.Dispose();

    internal override PostingReader Read()
    {
        _lock.EnterReadLock();
        return new Reader(this);
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

    /// <summary>Holds the read lock.</summary>
    private sealed class Reader(KeypointIndex index) : PostingReader
    {
        public override int Rows => index._rows.Count;

        public override long Postings => index._postings;

        public override int CountIn(int cell) => index._cells[cell].Count;

        public override void Vote(in Probe probe, float rarity, int firstRow, HoughAccumulator accumulator)
        {
            foreach (ref readonly Posting posting in index._cells[probe.Cell].Items)
            {
                int apart = BitOperations.PopCount(posting.Signature ^ probe.Signature);
                if (apart <= SignatureAgreement.MostBitsApart) accumulator.Cast(firstRow + posting.Row, probe, posting.Geometry, rarity * SignatureAgreement.Weight(apart));
            }
        }

        public override void Copy(int cell, Span<Posting> postings) => index._cells[cell].Items.CopyTo(postings);

        public override bool IsAlive(int row) => index._rows[row].Alive;

        public override long Id(int row) => index._rows[row].Id;

        public override int PostingsOf(int row) => index._rows[row].Postings;

        public override void Dispose() => index._lock.ExitReadLock();
    }
}

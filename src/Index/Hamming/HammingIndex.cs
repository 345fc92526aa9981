namespace Touchstone.Index.Hamming;

/// <summary>
/// 256-bit keys (perceptual hashes) in memory: keys are added and removed. A key is four words, the most significant first. Several keys may
/// share one id. Safe for concurrent searches and changes; a search sees every change that returned before it began.
/// </summary>
public sealed class HammingIndex : HammingKeys, IDisposable
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly RowDirectory _rows = new();
    private readonly ulong[][] _columns = [.. Enumerable.Range(0, KeyWords).Select(_ => new ulong[256])];
    private long _generation;

    /// <summary>Keys held.</summary>
    public int Count
    {
        get
        {
            _lock.EnterReadLock();
            try
            {
                return _rows.Count;
            }
            finally
            {
                _lock.ExitReadLock();
            }
        }
    }

    /// <summary>Grows by one with each change.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <param name="id">Any id; adding a further key under the same id keeps both.</param>
    /// <param name="key">Exactly <see cref="HammingKeys.KeyWords"/> words.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public void Add(long id, ReadOnlySpan<ulong> key)
    {
        Check(key);
        _lock.EnterWriteLock();
        try
        {
            int row = _rows.Count;
            for (int word = 0; word < KeyWords; word++)
            {
                if (row == _columns[word].Length) Array.Resize(ref _columns[word], row * 2);
                _columns[word][row] = key[word];
            }
            _rows.Append(id);
            Interlocked.Increment(ref _generation);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Removes all keys of the id; true if there were any.</summary>
    public bool Remove(long id)
    {
        _lock.EnterWriteLock();
        try
        {
            if (!_rows.Remove(id, Move)) return false;
            Interlocked.Increment(ref _generation);
            return true;
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Searches these keys alone with one query; see <see cref="HammingSearch.Find(IReadOnlyList{HammingPart}, ReadOnlySpan{ulong}, int, int)"/>.</summary>
    /// <param name="key">Exactly <see cref="HammingKeys.KeyWords"/> words.</param>
    /// <exception cref="ArgumentException">A value out of its range.</exception>
    public IReadOnlyList<HammingNeighbour> Search(ReadOnlySpan<ulong> key, int maxDistance, int k)
    {
        Check(key);
        return HammingSearch.Find([new HammingPart(this)], key, maxDistance, k);
    }

    public void Dispose() => _lock.Dispose();

    internal override HammingReader Read()
    {
        _lock.EnterReadLock();
        return new Reader(this);
    }

    private void Move(int from, int to)
    {
        foreach (ulong[] column in _columns) column[to] = column[from];
    }

    /// <summary>Holds the read lock.</summary>
    private sealed class Reader(HammingIndex index) : HammingReader
    {
        public override ReadOnlySpan<long> Ids => index._rows.Ids;

        public override ReadOnlySpan<ulong> Column(int word) => index._columns[word];

        public override void Dispose() => index._lock.ExitReadLock();
    }
}

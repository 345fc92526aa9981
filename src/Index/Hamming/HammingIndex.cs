using System.Numerics;

namespace Touchstone.Index.Hamming;

/// <summary>One answer: the id under which a key was added, and its distance to the query in bits, 0..256.</summary>
public readonly record struct HammingNeighbour(long Id, int Distance);

/// <summary>
/// 256-bit keys (perceptual hashes) searched by Hamming distance, each compared: nothing is missed, and a million keys take a few
/// milliseconds. A key is four words, the most significant first. Several keys may share one id.
/// Safe for concurrent searches and changes; a search sees every change that returned before it began.
/// </summary>
public sealed class HammingIndex : IDisposable
{
    /// <summary>Words of 64 bits in a key.</summary>
    public const int KeyWords = 4;

    private readonly ReaderWriterLockSlim _lock = new();
    private readonly RowDirectory _rows = new();
    private ulong[] _keys = new ulong[256 * KeyWords];
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
    /// <param name="key">Exactly <see cref="KeyWords"/> words.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public void Add(long id, ReadOnlySpan<ulong> key)
    {
        Check(key);
        _lock.EnterWriteLock();
        try
        {
            int start = _rows.Count * KeyWords;
            if (start == _keys.Length) Array.Resize(ref _keys, start * 2);
            key.CopyTo(_keys.AsSpan(start));
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
            if (!_rows.Remove(id, (from, to) => _keys.AsSpan(from * KeyWords, KeyWords).CopyTo(_keys.AsSpan(to * KeyWords)))) return false;
            Interlocked.Increment(ref _generation);
            return true;
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>The k nearest keys within the distance, nearest first, ties by id ascending.</summary>
    /// <param name="key">Exactly <see cref="KeyWords"/> words.</param>
    /// <param name="maxDistance">Largest distance in bits that counts, 0..256.</param>
    /// <param name="k">Most answers, at least 1.</param>
    /// <exception cref="ArgumentException">A value out of its range.</exception>
    public IReadOnlyList<HammingNeighbour> Search(ReadOnlySpan<ulong> key, int maxDistance, int k)
    {
        Check(key);
        ArgumentOutOfRangeException.ThrowIfNegative(maxDistance);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxDistance, 64 * KeyWords);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ulong a = key[0], b = key[1], c = key[2], d = key[3];
        _lock.EnterReadLock();
        try
        {
            ReadOnlySpan<long> ids = _rows.Ids;
            if (ids.IsEmpty) return [];
            ReadOnlySpan<ulong> keys = _keys.AsSpan(0, ids.Length * KeyWords);
            var best = new BestNeighbours(Math.Min(k, ids.Length));
            for (int row = 0; row < ids.Length; row++)
            {
                ReadOnlySpan<ulong> other = keys.Slice(row * KeyWords, KeyWords);
                int distance = BitOperations.PopCount(a ^ other[0]) + BitOperations.PopCount(b ^ other[1])
                    + BitOperations.PopCount(c ^ other[2]) + BitOperations.PopCount(d ^ other[3]);
                if (distance <= maxDistance) best.Offer(ids[row], -distance);
            }
            return Array.ConvertAll(best.Sorted(), x => new HammingNeighbour(x.Id, (int)-x.Score));
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public void Dispose() => _lock.Dispose();

    private static void Check(ReadOnlySpan<ulong> key)
    {
        if (key.Length != KeyWords) throw new ArgumentException($"A key has {KeyWords} words, not {key.Length}.", nameof(key));
    }
}

namespace Touchstone.Index.Exact;

/// <summary>
/// Compares a query with every vector: nothing is missed. The oracle for every other index, the right choice up to about 200,000 vectors,
/// and the index that changes: rows lie in blocks and are removed by moving the last row into the gap. Searches share a lock and run at
/// once; a change waits for them, so that a search sees every change that returned before it began. A filter must not change the index.
/// Deterministic for equal content and processor: the answer does not depend on the order of additions.
/// </summary>
public sealed class ExactIndex : IVectorIndex, IDisposable
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly RowDirectory _rows = new();
    private readonly IVectorRows _vectors;

    /// <exception cref="ArgumentException">The precision is unknown.</exception>
    public ExactIndex(VectorLayout layout, VectorPrecision precision = VectorPrecision.Float32)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Layout = layout;
        _vectors = precision switch
        {
            VectorPrecision.Float32 => new FloatRows(layout),
            VectorPrecision.Int8 => new ByteRows(layout),
            _ => throw new ArgumentException($"Unknown precision {precision}.", nameof(precision)),
        };
    }

    public VectorLayout Layout { get; }

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

    /// <param name="id">Any id; adding a further vector under the same id keeps both.</param>
    /// <param name="space">The space of the vector, the layout's whole.</param>
    /// <param name="vector">Exactly <see cref="VectorSpace.Dimension"/> values, length 1. Copied.</param>
    /// <exception cref="ArgumentException">Another space, another length, or a value that is not finite.</exception>
    public void Add(long id, VectorSpace space, ReadOnlySpan<float> vector)
    {
        Layout.Check(space, vector);
        _lock.EnterWriteLock();
        try
        {
            _vectors.Append(_rows.Count, vector);
            _rows.Append(id);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Removes all vectors of the id; true if there were any.</summary>
    public bool Remove(long id)
    {
        _lock.EnterWriteLock();
        try
        {
            return _rows.Remove(id, (from, to) => _vectors.Move(from, to));
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public Neighbour[][] Search(VectorSpace space, ReadOnlySpan<float> queries, int k, Func<long, bool>? filter = null)
    {
        int view = Layout.ViewOf(space, queries);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        _lock.EnterReadLock();
        try
        {
            var best = new BestNeighbours[queries.Length / space.Dimension];
            for (int q = 0; q < best.Length; q++) best[q] = new BestNeighbours(Math.Min(k, _rows.Count), filter);
            if (_rows.Count > 0) _vectors.Score(view, queries, _rows.Ids, best);
            return Array.ConvertAll(best, b => b.Sorted());
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public void Dispose() => _lock.Dispose();
}

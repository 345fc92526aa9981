using System.Numerics.Tensors;

namespace Touchstone.Index.Exact;

/// <summary>
/// Compares a query with every vector: nothing is missed. The oracle for every other index and the right choice up to about
/// 200,000 vectors. Rows lie in contiguous blocks and are removed by moving the last row into the gap. Searches share a lock and
/// run at once; a change waits for them, so that a search sees every change that returned before it began.
/// Deterministic for equal content and processor: the answer does not depend on the order of additions.
/// </summary>
public sealed class ExactIndex : IVectorIndex, IDisposable
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly RowDirectory _rows = new();
    private readonly IVectorRows _vectors;
    private long _generation;

    /// <exception cref="ArgumentException">The space has no dimension, or the precision is unknown.</exception>
    public ExactIndex(VectorSpace space, VectorPrecision precision = VectorPrecision.Float32)
    {
        ArgumentNullException.ThrowIfNull(space);
        if (space.Dimension < 1) throw new ArgumentException($"A vector has at least 1 value, not {space.Dimension}.", nameof(space));
        Space = space;
        _vectors = precision switch
        {
            VectorPrecision.Float32 => new FloatRows(space.Dimension),
            VectorPrecision.Int8 => new ByteRows(space.Dimension),
            _ => throw new ArgumentException($"Unknown precision {precision}.", nameof(precision)),
        };
    }

    public VectorSpace Space { get; }

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

    public long Generation => Interlocked.Read(ref _generation);

    public void Add(long id, VectorSpace space, ReadOnlySpan<float> vector)
    {
        Check(space, vector, nameof(vector));
        _lock.EnterWriteLock();
        try
        {
            _vectors.Append(_rows.Count, vector);
            _rows.Append(id);
            Interlocked.Increment(ref _generation);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public bool Remove(long id)
    {
        _lock.EnterWriteLock();
        try
        {
            if (!_rows.Remove(id, (from, to) => _vectors.Move(from, to))) return false;
            Interlocked.Increment(ref _generation);
            return true;
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public IReadOnlyList<Neighbour> Search(VectorSpace space, ReadOnlySpan<float> query, int k)
    {
        Check(space, query, nameof(query));
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        _lock.EnterReadLock();
        try
        {
            if (_rows.Count == 0) return [];
            var best = new BestNeighbours(Math.Min(k, _rows.Count));
            _vectors.Score(query, _rows.Ids, best);
            return best.Sorted();
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public void Dispose() => _lock.Dispose();

    private void Check(VectorSpace space, ReadOnlySpan<float> values, string parameter)
    {
        if (space != Space) throw new ArgumentException($"This index holds vectors of {Space}, not of {space}.", nameof(space));
        if (values.Length != Space.Dimension) throw new ArgumentException($"A vector of {Space} has {Space.Dimension} values, not {values.Length}.", parameter);
        if (!float.IsFinite(TensorPrimitives.SumOfMagnitudes(values))) throw new ArgumentException("A vector holds finite values only.", parameter);
    }
}

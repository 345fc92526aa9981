using System.Numerics.Tensors;

namespace Touchstone.Index.Rows;

/// <summary>
/// One view of many rows of bytes that lie one after the other, wherever they are kept. Row r has its bytes from r × <c>stride</c> on;
/// the view begins some bytes later. Reading a row that is not there throws; it never reads elsewhere.
/// </summary>
internal readonly ref struct RowView(ReadOnlySpan<sbyte> bytes, ReadOnlySpan<float> factors, int stride, VectorView view)
{
    private readonly ReadOnlySpan<sbyte> _bytes = bytes;
    private readonly ReadOnlySpan<float> _factors = factors;
    private readonly int _offset = view.Offset;

    public int Dimension { get; } = view.Space.Dimension;

    public int Count => _factors.Length;

    /// <summary>The inner product of a query with a row.</summary>
    public float Score(FineQuery query, int row)
    {
        float factor = _factors[row];
        return SignedByteDot.Of(query.Values, Bytes(row)) * (query.Scale * factor);
    }

    /// <summary>The inner product of a query with a row of 12 bits a value.</summary>
    /// <param name="query">The query.</param>
    /// <param name="row">The row.</param>
    /// <param name="residuals">What the rows' bytes leave over, in the same view.</param>
    /// <param name="room">As <see cref="ResidualView.RoomFor"/> says.</param>
    public float FineScore(FineQuery query, int row, ResidualView residuals, Span<sbyte> room)
    {
        float factor = _factors[row];
        return (SignedByteDot.Of(query.Values, Bytes(row)) + residuals.Dot(query, row, room)) * (query.Scale * factor);
    }

    /// <summary>The inner product of two rows.</summary>
    public float Score(int row, int other)
    {
        float factor = _factors[row] * _factors[other];
        return SignedByteDot.Of(Bytes(row), Bytes(other)) * factor;
    }

    /// <summary>A row as a query.</summary>
    /// <param name="row">The row.</param>
    /// <param name="room">At least <see cref="Dimension"/> values, kept while the query is used.</param>
    public FineQuery Query(int row, Span<short> room)
    {
        TensorPrimitives.ConvertChecked(Bytes(row), room);
        return new FineQuery(room[..Dimension], _factors[row]);
    }

    /// <summary>Brings the row near for a comparison that follows.</summary>
    public void Prefetch(int row) => Rows.Prefetch.Lines(Bytes(row));

    /// <summary>The row's bytes in this view.</summary>
    public ReadOnlySpan<sbyte> Bytes(int row) => _bytes.Slice((row * stride) + _offset, Dimension);
}

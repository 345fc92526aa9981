namespace Touchstone.Index.Rows;

/// <summary>
/// The packed residuals of many rows, which lie one after the other, as one view of the rows sees them. Reading a row that is not there
/// throws; it never reads elsewhere.
/// </summary>
/// <param name="packed">The residuals of whole rows.</param>
/// <param name="dimension">Values of a whole row.</param>
/// <param name="view">Which of them.</param>
internal readonly ref struct ResidualView(ReadOnlySpan<byte> packed, int dimension, VectorView view)
{
    private readonly ReadOnlySpan<byte> _packed = packed;
    private readonly int _stride = Residual.PackedLength(dimension);
    private readonly int _offset = view.Offset;

    /// <summary>Values that the room of <see cref="Dot"/> has to have.</summary>
    public static int RoomFor(int dimension) => 2 * Residual.PackedLength(dimension);

    /// <summary>Brings the row's residual near for a comparison that follows.</summary>
    public void Prefetch(int row) => Rows.Prefetch.Lines(Packed(row));

    /// <summary>The inner product of a query with a row's residual, in steps of the row's bytes.</summary>
    public float Dot(FineQuery query, int row, Span<sbyte> room)
    {
        Residual.Unpack(Packed(row), room);
        return SignedByteDot.Of(query.Values, room.Slice(_offset, query.Values.Length)) / (float)Residual.Parts;
    }

    private ReadOnlySpan<byte> Packed(int row) => _packed.Slice(row * _stride, _stride);
}

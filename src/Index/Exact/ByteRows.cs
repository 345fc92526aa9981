using Touchstone.Index.Rows;

namespace Touchstone.Index.Exact;

/// <summary>Vectors in 8 bits a value, in blocks of rows. Queries are finer, so that a score errs by the row's rounding alone.</summary>
internal sealed class ByteRows(VectorLayout layout) : IVectorRows
{
    private const int BlockRows = 512;
    private readonly int _stride = layout.Whole.Dimension;
    private readonly List<Block> _blocks = [];
    private readonly sbyte[] _residual = new sbyte[layout.Whole.Dimension]; // not kept

    public void Append(int row, ReadOnlySpan<float> vector)
    {
        if (row / BlockRows == _blocks.Count) _blocks.Add(new Block(_stride, layout.Views.Count));
        Span<float> factors = stackalloc float[layout.Views.Count];
        ByteRow.Write(layout, vector, Row(row), _residual, factors);
        for (int view = 0; view < factors.Length; view++) Factors(row, view) = factors[view];
    }

    public void Move(int from, int to)
    {
        Row(from).CopyTo(Row(to));
        for (int view = 0; view < layout.Views.Count; view++) Factors(to, view) = Factors(from, view);
    }

    public void Score(int view, ReadOnlySpan<float> queries, ReadOnlySpan<long> ids, BestNeighbours[] best)
    {
        int dimension = layout.Views[view].Space.Dimension;
        short[] room = new short[queries.Length];
        float[] scales = new float[best.Length];
        for (int q = 0; q < best.Length; q++) scales[q] = FineQuery.Of(queries.Slice(q * dimension, dimension), room.AsSpan(q * dimension, dimension)).Scale;
        for (int first = 0, block = 0; first < ids.Length; first += BlockRows, block++)
        {
            var rows = new RowView(_blocks[block].Bytes, _blocks[block].Factors[view], _stride, layout.Views[view]);
            int count = Math.Min(BlockRows, ids.Length - first);
            for (int q = 0; q < best.Length; q++)
            {
                var query = new FineQuery(room.AsSpan(q * dimension, dimension), scales[q]);
                for (int row = 0; row < count; row++) best[q].Offer(ids[first + row], rows.Score(query, row));
            }
        }
    }

    private Span<sbyte> Row(int row) => _blocks[row / BlockRows].Bytes.AsSpan(row % BlockRows * _stride, _stride);

    private ref float Factors(int row, int view) => ref _blocks[row / BlockRows].Factors[view][row % BlockRows];

    private sealed class Block(int dimension, int views)
    {
        public sbyte[] Bytes { get; } = GC.AllocateUninitializedArray<sbyte>(BlockRows * dimension);

        /// <summary>Of each view the rows' factors.</summary>
        public float[][] Factors { get; } = [.. Enumerable.Range(0, views).Select(_ => new float[BlockRows])];
    }
}

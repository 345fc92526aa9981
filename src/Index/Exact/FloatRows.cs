using System.Numerics.Tensors;

namespace Touchstone.Index.Exact;

/// <summary>Vectors as given, in blocks of rows one after the other, so that growth copies nothing and a scan reads memory in order.</summary>
internal sealed class FloatRows(VectorLayout layout) : IVectorRows
{
    private const int BlockRows = 128;
    private readonly int _stride = layout.Whole.Dimension;
    private readonly List<Block> _blocks = [];

    public void Append(int row, ReadOnlySpan<float> vector)
    {
        if (row / BlockRows == _blocks.Count) _blocks.Add(new Block(_stride, layout.Views.Count));
        vector.CopyTo(Row(row));
        Span<float> factors = Factors(row);
        factors[0] = 1;
        for (int view = 1; view < factors.Length; view++)
        {
            float norm = TensorPrimitives.Norm(vector.Slice(layout.Views[view].Offset, layout.Views[view].Space.Dimension));
            factors[view] = norm == 0 ? 0 : 1 / norm;
        }
    }

    public void Move(int from, int to)
    {
        Row(from).CopyTo(Row(to));
        Factors(from).CopyTo(Factors(to));
    }

    public void Score(int view, ReadOnlySpan<float> queries, ReadOnlySpan<long> ids, BestNeighbours[] best)
    {
        (int offset, int dimension, int views) = (layout.Views[view].Offset, layout.Views[view].Space.Dimension, layout.Views.Count);
        for (int first = 0, block = 0; first < ids.Length; first += BlockRows, block++)
        {
            ReadOnlySpan<float> values = _blocks[block].Values;
            ReadOnlySpan<float> factors = _blocks[block].Factors;
            int rows = Math.Min(BlockRows, ids.Length - first);
            for (int q = 0; q < best.Length; q++)
            {
                ReadOnlySpan<float> query = queries.Slice(q * dimension, dimension);
                for (int row = 0; row < rows; row++)
                    best[q].Offer(ids[first + row], TensorPrimitives.Dot(query, values.Slice((row * _stride) + offset, dimension)) * factors[(row * views) + view]);
            }
        }
    }

    private Span<float> Row(int row) => _blocks[row / BlockRows].Values.AsSpan(row % BlockRows * _stride, _stride);

    private Span<float> Factors(int row) => _blocks[row / BlockRows].Factors.AsSpan(row % BlockRows * layout.Views.Count, layout.Views.Count);

    private sealed class Block(int dimension, int views)
    {
        public float[] Values { get; } = GC.AllocateUninitializedArray<float>(BlockRows * dimension);

        /// <summary>What each view's inner product is multiplied with, row by row.</summary>
        public float[] Factors { get; } = new float[BlockRows * views];
    }
}

using System.Numerics.Tensors;

namespace Touchstone.Index.Exact;

/// <summary>Vectors as given, in blocks of rows one after the other, so that growth copies nothing and a scan reads memory in order.</summary>
internal sealed class FloatRows(int dimension) : IVectorRows
{
    private const int BlockRows = 1_024;
    private readonly List<float[]> _blocks = [];

    public void Append(int row, ReadOnlySpan<float> vector)
    {
        if (row / BlockRows == _blocks.Count) _blocks.Add(GC.AllocateUninitializedArray<float>(BlockRows * dimension));
        vector.CopyTo(Row(row));
    }

    public void Move(int from, int to) => Row(from).CopyTo(Row(to));

    public void Score(ReadOnlySpan<float> query, ReadOnlySpan<long> ids, BestNeighbours best)
    {
        for (int first = 0, block = 0; first < ids.Length; first += BlockRows, block++)
        {
            ReadOnlySpan<float> values = _blocks[block];
            int rows = Math.Min(BlockRows, ids.Length - first);
            for (int row = 0; row < rows; row++)
                best.Offer(ids[first + row], TensorPrimitives.Dot(query, values.Slice(row * dimension, dimension)));
        }
    }

    private Span<float> Row(int row) => _blocks[row / BlockRows].AsSpan(row % BlockRows * dimension, dimension);
}

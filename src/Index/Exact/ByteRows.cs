using System.Numerics.Tensors;

namespace Touchstone.Index.Exact;

/// <summary>
/// Vectors as signed bytes: value = byte × scale, bytes −127..127, one scale a vector chosen by its largest magnitude.
/// The query is quantised in the same way, so that a comparison is one integer inner product and two multiplications.
/// </summary>
internal sealed class ByteRows(int dimension) : IVectorRows
{
    private const int BlockRows = 2_048;
    private readonly List<sbyte[]> _blocks = [];
    private readonly List<float[]> _scales = [];

    public void Append(int row, ReadOnlySpan<float> vector)
    {
        if (row / BlockRows == _blocks.Count)
        {
            _blocks.Add(GC.AllocateUninitializedArray<sbyte>(BlockRows * dimension));
            _scales.Add(new float[BlockRows]);
        }
        _scales[row / BlockRows][row % BlockRows] = Quantise(vector, Row(row));
    }

    public void Move(int from, int to)
    {
        Row(from).CopyTo(Row(to));
        _scales[to / BlockRows][to % BlockRows] = _scales[from / BlockRows][from % BlockRows];
    }

    public void Score(ReadOnlySpan<float> query, ReadOnlySpan<long> ids, BestNeighbours best)
    {
        sbyte[] bytes = new sbyte[dimension];
        float scale = Quantise(query, bytes);
        for (int first = 0, block = 0; first < ids.Length; first += BlockRows, block++)
        {
            ReadOnlySpan<sbyte> values = _blocks[block];
            ReadOnlySpan<float> scales = _scales[block];
            int rows = Math.Min(BlockRows, ids.Length - first);
            for (int row = 0; row < rows; row++)
                best.Offer(ids[first + row], SignedByteDot.Of(bytes, values.Slice(row * dimension, dimension)) * (scale * scales[row]));
        }
    }

    private static float Quantise(ReadOnlySpan<float> vector, Span<sbyte> bytes)
    {
        float largest = MathF.Abs(TensorPrimitives.MaxMagnitude(vector));
        if (largest == 0)
        {
            bytes.Clear();
            return 0;
        }
        float inverse = 127 / largest;
        for (int i = 0; i < vector.Length; i++) bytes[i] = (sbyte)Math.Clamp(MathF.Round(vector[i] * inverse), -127, 127);
        return largest / 127;
    }

    private Span<sbyte> Row(int row) => _blocks[row / BlockRows].AsSpan(row % BlockRows * dimension, dimension);
}

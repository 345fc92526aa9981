using System.Numerics.Tensors;

namespace Touchstone.Index.Rows;

/// <summary>
/// A query of more than 8 bits a value, so that comparing it with rows of bytes loses what the row lost and no more: value = short × scale.
/// </summary>
internal readonly ref struct FineQuery(ReadOnlySpan<short> values, float scale)
{
    private const int MostPeak = 8_191;

    public ReadOnlySpan<short> Values { get; } = values;

    public float Scale { get; } = scale;

    /// <param name="query">Finite values.</param>
    /// <param name="room">As many, kept while the query is used.</param>
    public static FineQuery Of(ReadOnlySpan<float> query, Span<short> room)
    {
        // The peak is such that no sum of products with bytes leaves 32 bits.
        int peak = Math.Min(MostPeak, int.MaxValue / (127 * query.Length));
        float largest = MathF.Abs(TensorPrimitives.MaxMagnitude(query));
        for (int i = 0; i < query.Length; i++) room[i] = largest == 0 ? (short)0 : (short)MathF.Round(query[i] / largest * peak);
        return new FineQuery(room[..query.Length], largest / peak);
    }
}

namespace Touchstone.Index.Exact;

/// <summary>Rows of vectors in one representation. Not safe for concurrent changes: <see cref="ExactIndex"/> guards them.</summary>
internal interface IVectorRows
{
    /// <summary>Writes the vector at the row behind the last one.</summary>
    void Append(int row, ReadOnlySpan<float> vector);

    /// <summary>Overwrites one row by another.</summary>
    void Move(int from, int to);

    /// <summary>Offers every row's inner product with the query; row i has the id at i.</summary>
    void Score(ReadOnlySpan<float> query, ReadOnlySpan<long> ids, BestNeighbours best);
}

namespace Touchstone.Index.Exact;

/// <summary>Rows of vectors in one representation. Not safe for concurrent changes: <see cref="ExactIndex"/> guards them.</summary>
internal interface IVectorRows
{
    /// <summary>Writes the vector at the row behind the last one.</summary>
    void Append(int row, ReadOnlySpan<float> vector);

    /// <summary>Overwrites one row by another.</summary>
    void Move(int from, int to);

    /// <summary>Offers every row's inner product with each query, in the view of that number; row i has the id at i, query q fills the best at q.</summary>
    void Score(int view, ReadOnlySpan<float> queries, ReadOnlySpan<long> ids, BestNeighbours[] best);
}

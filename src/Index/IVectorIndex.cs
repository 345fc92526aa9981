namespace Touchstone.Index;

/// <summary>One answer: the id under which a vector was added, and its inner product with the query (cosine, −1..1, for unit vectors).</summary>
public readonly record struct Neighbour(long Id, float Score);

/// <summary>
/// Unit vectors searched by inner product, in any of the views of their layout. Several vectors may share one id (regions of one
/// picture). Safe for concurrent searches.
/// </summary>
public interface IVectorIndex
{
    /// <summary>What the vectors are, and which parts of them can be searched alone.</summary>
    VectorLayout Layout { get; }

    /// <summary>Vectors held.</summary>
    int Count { get; }

    /// <summary>The nearest vectors of several queries at once, which costs less than one search for each.</summary>
    /// <param name="space">The space of the queries: the layout's whole or one of its parts.</param>
    /// <param name="queries">Unit vectors one after the other, n × <see cref="VectorSpace.Dimension"/> values; may be empty.</param>
    /// <param name="k">Vectors wanted for each query, at least 1.</param>
    /// <param name="filter">Ids that may be answers; null lets all. Called on the searching thread, any number of times for an id; it does not change the index.</param>
    /// <returns>For each query its k best vectors, best first, ties by id ascending; fewer where fewer pass the filter.</returns>
    /// <exception cref="ArgumentException">A space that is none of the layout's, a length that is no multiple of its dimension, or a value that is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">k is below 1.</exception>
    Neighbour[][] Search(VectorSpace space, ReadOnlySpan<float> queries, int k, Func<long, bool>? filter = null);
}

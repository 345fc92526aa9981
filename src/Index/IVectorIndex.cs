namespace Touchstone.Index;

/// <summary>
/// The space that vectors live in. Vectors of different spaces are never compared: an index refuses a foreign one.
/// </summary>
/// <param name="ModelId">The model that makes the vectors, with the part, such as <c>touchstone_embed_3/global</c>.</param>
/// <param name="Dimension">Values in a vector, at least 1.</param>
public sealed record VectorSpace(string ModelId, int Dimension);

/// <summary>One answer: the id under which a vector was added, and its inner product with the query (cosine, −1..1, for unit vectors).</summary>
public readonly record struct Neighbour(long Id, float Score);

/// <summary>
/// A gallery of unit vectors searched by inner product. Several vectors may share one id (regions of one picture).
/// Safe for concurrent searches and changes; a search sees every change that returned before it began.
/// </summary>
public interface IVectorIndex
{
    VectorSpace Space { get; }

    /// <summary>Vectors held.</summary>
    int Count { get; }

    /// <summary>Grows by one with each change; a reader that stored it knows whether the gallery changed.</summary>
    long Generation { get; }

    /// <param name="id">Any id; adding a further vector under the same id keeps both.</param>
    /// <param name="space">The space of the vector.</param>
    /// <param name="vector">Exactly <see cref="VectorSpace.Dimension"/> values.</param>
    /// <exception cref="ArgumentException">Another space, or another length.</exception>
    void Add(long id, VectorSpace space, ReadOnlySpan<float> vector);

    /// <summary>Removes all vectors of the id; true if there were any.</summary>
    bool Remove(long id);

    /// <summary>The k best vectors, best first, ties by id ascending; fewer if the gallery is smaller.</summary>
    /// <exception cref="ArgumentException">Another space, another length, or k below 1.</exception>
    IReadOnlyList<Neighbour> Search(VectorSpace space, ReadOnlySpan<float> query, int k);
}

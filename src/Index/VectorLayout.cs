using System.Numerics.Tensors;

namespace Touchstone.Index;

/// <summary>
/// The space that vectors live in. Vectors of different spaces are never compared: an index refuses a foreign one.
/// </summary>
/// <param name="ModelId">The model that makes the vectors, with the part, such as <c>touchstone_embed_3/global</c>.</param>
/// <param name="Dimension">Values in a vector, at least 1.</param>
public sealed record VectorSpace(string ModelId, int Dimension);

/// <summary>
/// A stretch of each stored vector that is searched as a vector of its own: the values from <paramref name="Offset"/> on, scaled to
/// length 1 (a stretch of zeros scores 0).
/// </summary>
public sealed record VectorView(VectorSpace Space, int Offset);

/// <summary>
/// What a stored vector is, and as what it can be searched: as the whole, the first view, and as each of its parts, in place. Immutable.
/// </summary>
public sealed class VectorLayout
{
    /// <param name="whole">The space in which vectors are added.</param>
    /// <param name="parts">Stretches that are searchable alone, each in another space.</param>
    /// <exception cref="ArgumentException">A space without values, a part that does not lie within the vector, or a space named twice.</exception>
    public VectorLayout(VectorSpace whole, params IReadOnlyList<VectorView> parts)
    {
        ArgumentNullException.ThrowIfNull(whole);
        ArgumentNullException.ThrowIfNull(parts);
        Whole = whole;
        Views = [new VectorView(whole, 0), .. parts];
        foreach (VectorView view in Views)
        {
            if (view.Space.Dimension < 1) throw new ArgumentException($"A vector has at least 1 value, {view.Space} has none.", nameof(whole));
            if (view.Offset < 0 || view.Offset > whole.Dimension - view.Space.Dimension)
                throw new ArgumentException($"{view} does not lie within the {whole.Dimension} values of {whole}.", nameof(parts));
        }
        if (Views.Select(view => view.Space).Distinct().Count() < Views.Count) throw new ArgumentException("Each view of a vector has a space of its own.", nameof(parts));
    }

    /// <summary>The space in which vectors are added.</summary>
    public VectorSpace Whole { get; }

    /// <summary>The whole, then the parts.</summary>
    public IReadOnlyList<VectorView> Views { get; }

    /// <summary>The number of the view that is searched in the space, once queries are found fit for it.</summary>
    /// <exception cref="ArgumentException">Another space, another length, or a value that is not finite.</exception>
    internal int ViewOf(VectorSpace space, ReadOnlySpan<float> queries)
    {
        ArgumentNullException.ThrowIfNull(space);
        int view = Views.Select(v => v.Space).ToList().IndexOf(space);
        if (view < 0) throw new ArgumentException($"This index holds vectors of {string.Join(" and ", Views.Select(v => v.Space))}, not of {space}.", nameof(space));
        if (queries.Length % space.Dimension != 0)
            throw new ArgumentException($"Vectors of {space} have {space.Dimension} values each; {queries.Length} values are no whole number of them.", nameof(queries));
        if (!queries.IsEmpty && !float.IsFinite(TensorPrimitives.SumOfMagnitudes(queries))) throw new ArgumentException("A vector holds finite values only.", nameof(queries));
        return view;
    }

    /// <summary>Refuses what is no vector of the whole.</summary>
    /// <exception cref="ArgumentException">Another space, another length, or a value that is not finite.</exception>
    internal void Check(VectorSpace space, ReadOnlySpan<float> vector)
    {
        if (space != Whole) throw new ArgumentException($"Vectors of {Whole} are added, not of {space}.", nameof(space));
        if (vector.Length != Whole.Dimension) throw new ArgumentException($"A vector of {Whole} has {Whole.Dimension} values, not {vector.Length}.", nameof(vector));
        if (!float.IsFinite(TensorPrimitives.SumOfMagnitudes(vector))) throw new ArgumentException("A vector holds finite values only.", nameof(vector));
    }
}

using System.Numerics;
using System.Numerics.Tensors;

namespace Touchstone.Evaluation.VectorSearch;

/// <summary>
/// Unit vectors that are spread like real embeddings, in any number: pictures of things of categories. Each vector is the sum of what its
/// category, its thing and it alone bring, every part normal with a spectrum that falls like the measured one, rotated so that no value stands out, and
/// scaled to length 1. The numbers are fitted to the region half of touchstone_embed_3 on 2,500 real pictures (docs/performance.md
/// compares both). Deterministic: vector i of a seed is always the same. Safe for concurrent use.
/// </summary>
/// <param name="dimension">Values in a vector, at least 8.</param>
/// <param name="count">Vectors that there are to be; it decides how many things there are.</param>
/// <param name="seed">Chooses all of them.</param>
public sealed class MadeEmbeddings(int dimension, int count, int seed)
{
    private const int Categories = 600;

    /// <summary>Pictures of a thing, in the mean.</summary>
    private const int PicturesAThing = 3;

    // Shares of the variance.
    private const float OfCategory = 0.4f;
    private const float OfThing = 0.3f;

    /// <summary>A picture asked with is further from its thing than those in the gallery: a photo, not a catalogue picture.</summary>
    private const float OwnOfQuery = 1.5f;

    private const ulong CategoryPart = 1, ThingPart = 2, OwnPart = 3, QueryPart = 4;

    private readonly float[] _spectrum = Spectrum(dimension);

    /// <summary>Writes vector <paramref name="index"/> of the gallery.</summary>
    public void Vector(int index, Span<float> values) => Make(ThingOf(index), OwnPart, index, 1, values);

    /// <summary>Writes query <paramref name="index"/>: another picture of a thing that the gallery holds.</summary>
    public void Query(int index, Span<float> values) => Make(ThingOf((int)(Mixed(QueryPart, (ulong)index) % (ulong)count)), QueryPart, index, OwnOfQuery, values);

    private ulong ThingOf(int index) => Mixed(ThingPart, (ulong)index) % (ulong)Math.Max(1, count / PicturesAThing);

    private void Make(ulong thing, ulong part, int index, float own, Span<float> values)
    {
        // The square makes some categories far larger than others.
        double place = (Mixed(CategoryPart, thing) >> 11) / (double)(1UL << 53);
        ulong category = (ulong)(place * place * Categories);
        values.Clear();
        AddNormal(Mixed(CategoryPart, category), MathF.Sqrt(OfCategory), values);
        AddNormal(Mixed(ThingPart, ~thing), MathF.Sqrt(OfThing), values);
        AddNormal(Mixed(part, ~(ulong)index), MathF.Sqrt(1 - OfCategory - OfThing) * own, values);
        TensorPrimitives.Multiply(values, _spectrum, values);
        Rotate(values);
        TensorPrimitives.Divide(values, TensorPrimitives.Norm(values), values);
    }

    /// <summary>Adds nearly normal values: each the sum of four uniform ones.</summary>
    private static void AddNormal(ulong state, float deviation, Span<float> values)
    {
        const float Scale = 1 / 37_837.2f; // the deviation of the sum of four uniform numbers below 65,536
        for (int i = 0; i < values.Length; i++)
        {
            ulong bits = Next(ref state);
            int sum = (int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) + (int)((bits >> 32) & 0xFFFF) + (int)(bits >> 48);
            values[i] += (sum - 131_070) * Scale * deviation;
        }
    }

    /// <summary>Turns by Hadamard matrices of the largest power of two over the first and over the last values.</summary>
    private static void Rotate(Span<float> values)
    {
        int size = 1 << BitOperations.Log2((uint)values.Length);
        Hadamard(values[..size]);
        if (size < values.Length) Hadamard(values[^size..]);
    }

    private static void Hadamard(Span<float> values)
    {
        for (int half = 1; half < values.Length; half *= 2)
        {
            for (int first = 0; first < values.Length; first += 2 * half)
            {
                for (int i = first; i < first + half; i++) (values[i], values[i + half]) = (values[i] + values[i + half], values[i] - values[i + half]);
            }
        }
        TensorPrimitives.Divide(values, MathF.Sqrt(values.Length), values);
    }

    /// <summary>Deviations: nearly level over the first tenth, then falling fast.</summary>
    private static float[] Spectrum(int dimension) => [.. Enumerable.Range(0, dimension).Select(i => MathF.Pow(1 + (i / (0.6f * dimension)), -4.25f))];

    private ulong Mixed(ulong part, ulong value)
    {
        ulong state = unchecked(((ulong)seed * 0x9E3779B97F4A7C15) ^ (part << 56) ^ value);
        Next(ref state);
        return Next(ref state);
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood, 2014).</summary>
    private static ulong Next(ref ulong state)
    {
        ulong z = unchecked(state += 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }
}

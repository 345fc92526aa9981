using System.Numerics.Tensors;

namespace Touchstone.Index.Keypoints;

/// <summary>A cell of descriptor space: one word for each half of a descriptor. Distance: squared, between descriptor and the words.</summary>
internal readonly record struct WordCell(int Cell, float Distance);

/// <summary>
/// The words that descriptors are sorted by: 256 for the first and 256 for the second 64 of their 128 bytes, so that 65,536 cells need a
/// table of 32 KB (Babenko and Lempitsky, "The Inverted Multi-Index", CVPR 2012). Immutable; safe for concurrent use.
/// </summary>
public sealed class DescriptorWords
{
    /// <summary>Bytes in a descriptor.</summary>
    public const int DescriptorLength = 128;

    /// <summary>Cells that a descriptor can fall into.</summary>
    public const int Cells = Words * Words;

    private const int Words = 256;
    private const int HalfLength = DescriptorLength / 2;
    private const int NearestWords = 4;
    private const int Rounds = 12;
    private const string Resource = "Touchstone.Index.Keypoints.words.bin";

    private static readonly Lazy<DescriptorWords> LazyShipped = new(static () =>
    {
        using Stream stream = typeof(DescriptorWords).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"The resource {Resource} is missing: the build is broken.");
        byte[] bytes = new byte[2 * Words * HalfLength];
        stream.ReadExactly(bytes);
        return new DescriptorWords(bytes);
    });

    private readonly byte[] bytes;
    private readonly float[] words;
    private readonly float[] norms;

    /// <param name="bytes">2 × 256 × 64 values: the words of the first half, then those of the second.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public DescriptorWords(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (bytes.Length != 2 * Words * HalfLength) throw new ArgumentException($"Words take {2 * Words * HalfLength} bytes, not {bytes.Length}.", nameof(bytes));
        this.bytes = bytes;
        words = Array.ConvertAll(bytes, static x => (float)x);
        norms = [.. Enumerable.Range(0, 2 * Words).Select(i => TensorPrimitives.SumOfSquares(words.AsSpan(i * HalfLength, HalfLength)))];
    }

    /// <summary>The words that come with the program; <c>touchstone models words</c> makes such a table.</summary>
    public static DescriptorWords Shipped => LazyShipped.Value;

    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>Learns words from descriptors by k-means on each half (Lloyd's algorithm, fixed number of rounds); deterministic.</summary>
    /// <param name="descriptors">At least 256 rows of 128 bytes; some tens of thousands are enough.</param>
    /// <exception cref="ArgumentException">Fewer, or no whole number of rows.</exception>
    public static DescriptorWords Learn(ReadOnlySpan<byte> descriptors, int seed, Action<double>? progress = null)
    {
        int rows = descriptors.Length / DescriptorLength;
        if (rows < Words || descriptors.Length % DescriptorLength != 0) throw new ArgumentException($"Words are learnt from at least {Words} descriptors of {DescriptorLength} bytes, not from {descriptors.Length} bytes.", nameof(descriptors));
        byte[] learnt = new byte[2 * Words * HalfLength];
        for (int half = 0; half < 2; half++)
        {
            float[] points = new float[rows * HalfLength];
            for (int row = 0; row < rows; row++)
                for (int i = 0; i < HalfLength; i++) points[(row * HalfLength) + i] = descriptors[(row * DescriptorLength) + (half * HalfLength) + i];
            float[] centres = Cluster(points, rows, new Random(seed + half), share => progress?.Invoke((half + share) / 2));
            for (int i = 0; i < centres.Length; i++) learnt[(half * centres.Length) + i] = (byte)Math.Clamp(MathF.Round(centres[i]), 0, 255);
        }
        return new DescriptorWords(learnt);
    }

    /// <summary>The cells nearest to the descriptor, nearest first; fills <paramref name="cells"/> (at most 16).</summary>
    internal void Nearest(ReadOnlySpan<float> descriptor, Span<WordCell> cells)
    {
        Span<WordCell> first = stackalloc WordCell[NearestWords], second = stackalloc WordCell[NearestWords];
        NearestOfHalf(descriptor[..HalfLength], 0, first);
        NearestOfHalf(descriptor[HalfLength..], Words, second);
        Span<WordCell> all = stackalloc WordCell[NearestWords * NearestWords];
        for (int i = 0; i < NearestWords; i++)
            for (int j = 0; j < NearestWords; j++) all[(i * NearestWords) + j] = new WordCell((first[i].Cell * Words) + second[j].Cell, first[i].Distance + second[j].Distance);
        all.Sort(static (x, y) => x.Distance != y.Distance ? x.Distance.CompareTo(y.Distance) : x.Cell.CompareTo(y.Cell));
        all[..cells.Length].CopyTo(cells);
    }

    /// <summary>The descriptor less the words of the cell.</summary>
    internal void Residual(ReadOnlySpan<float> descriptor, int cell, Span<float> residual)
    {
        TensorPrimitives.Subtract(descriptor[..HalfLength], words.AsSpan(cell / Words * HalfLength, HalfLength), residual);
        TensorPrimitives.Subtract(descriptor[HalfLength..], words.AsSpan((Words + (cell % Words)) * HalfLength, HalfLength), residual[HalfLength..]);
    }

    private void NearestOfHalf(ReadOnlySpan<float> half, int firstWord, Span<WordCell> best)
    {
        best.Fill(new WordCell(-1, float.MaxValue));
        float norm = TensorPrimitives.SumOfSquares(half);
        for (int word = 0; word < Words; word++)
        {
            int at = firstWord + word;
            float distance = norm + norms[at] - (2 * TensorPrimitives.Dot(half, words.AsSpan(at * HalfLength, HalfLength)));
            if (distance >= best[^1].Distance) continue;
            int place = best.Length - 1;
            for (; place > 0 && distance < best[place - 1].Distance; place--) best[place] = best[place - 1];
            best[place] = new WordCell(word, distance);
        }
    }

    private static float[] Cluster(float[] points, int rows, Random random, Action<double> progress)
    {
        int[] starts = [.. Enumerable.Range(0, rows)];
        random.Shuffle(starts);
        float[] centres = [.. starts.Take(Words).SelectMany(row => points[(row * HalfLength)..((row + 1) * HalfLength)])];
        float[] sums = new float[centres.Length];
        int[] counts = new int[Words];
        for (int round = 0; round < Rounds; round++)
        {
            Array.Clear(sums);
            Array.Clear(counts);
            float[] lengths = [.. Enumerable.Range(0, Words).Select(i => TensorPrimitives.SumOfSquares(centres.AsSpan(i * HalfLength, HalfLength)))];
            for (int row = 0; row < rows; row++)
            {
                ReadOnlySpan<float> point = points.AsSpan(row * HalfLength, HalfLength);
                int nearest = NearestCentre(point, centres, lengths);
                counts[nearest]++;
                Span<float> sum = sums.AsSpan(nearest * HalfLength, HalfLength);
                TensorPrimitives.Add(sum, point, sum);
            }
            for (int word = 0; word < Words; word++)
            {
                Span<float> centre = centres.AsSpan(word * HalfLength, HalfLength);
                // A word that nothing is nearest to begins anew at some point.
                if (counts[word] == 0) points.AsSpan(random.Next(rows) * HalfLength, HalfLength).CopyTo(centre);
                else TensorPrimitives.Divide(sums.AsSpan(word * HalfLength, HalfLength), counts[word], centre);
            }
            progress((round + 1.0) / Rounds);
        }
        return centres;
    }

    private static int NearestCentre(ReadOnlySpan<float> point, float[] centres, float[] lengths)
    {
        int nearest = 0;
        float least = float.MaxValue;
        for (int word = 0; word < Words; word++)
        {
            float distance = lengths[word] - (2 * TensorPrimitives.Dot(point, centres.AsSpan(word * HalfLength, HalfLength)));
            if (distance >= least) continue;
            least = distance;
            nearest = word;
        }
        return nearest;
    }
}

using System.Numerics.Tensors;
using System.Security.Cryptography;

namespace Touchstone.Index.Keypoints;

/// <summary>A word, or a cell of two, and its distance.</summary>
internal readonly record struct WordCell(int Cell, float Distance);

/// <summary>A cell of descriptor space, one word for each half of a descriptor, and the descriptor's signature there.</summary>
internal readonly record struct PlacedDescriptor(int Cell, ulong Signature);

/// <summary>
/// The words that descriptors are sorted by: 256 for the first and 256 for the second 64 of their 128 bytes, so that 65,536 cells need a
/// table of 32 KB (Babenko and Lempitsky, "The Inverted Multi-Index", CVPR 2012). Immutable; safe for concurrent use.
/// </summary>
public sealed class VisualVocabulary
{
    /// <summary>Bytes in a descriptor.</summary>
    public const int DescriptorLength = 128;

    /// <summary>Cells that a descriptor can fall into.</summary>
    public const int Cells = Words * Words;

    private const int Words = HalfWords.Words;
    private const int HalfLength = DescriptorLength / 2;
    private const int NearestWords = 4;
    private const int SignatureVersion = 1;
    private const int Rounds = 12;
    private const string Resource = "Touchstone.Index.Keypoints.vocabulary.bin";

    private static readonly Lazy<VisualVocabulary> LazyShipped = new(static () =>
    {
        using Stream stream = typeof(VisualVocabulary).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"The resource {Resource} is missing: the build is broken.");
        byte[] bytes = new byte[2 * Words * HalfLength];
        stream.ReadExactly(bytes);
        return new VisualVocabulary(bytes);
    });

    private readonly byte[] bytes;
    private readonly HalfWords firstHalf;
    private readonly HalfWords secondHalf;
    private readonly float[] projections;

    /// <param name="bytes">2 × 256 × 64 values: the words of the first half, then those of the second.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public VisualVocabulary(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (bytes.Length != 2 * Words * HalfLength) throw new ArgumentException($"Words take {2 * Words * HalfLength} bytes, not {bytes.Length}.", nameof(bytes));
        this.bytes = bytes;
        float[] words = Array.ConvertAll(bytes, static x => (float)x);
        firstHalf = new HalfWords(words.AsSpan(0, Words * HalfLength));
        secondHalf = new HalfWords(words.AsSpan(Words * HalfLength));
        projections = Project(words);
        Name = $"vocabulary {SignatureVersion} {Convert.ToHexStringLower(SHA256.HashData(bytes)[..8])}";
    }

    /// <summary>The words that come with the program; <c>touchstone models vocabulary</c> makes such a table.</summary>
    public static VisualVocabulary Shipped => LazyShipped.Value;

    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>Learns words from descriptors by k-means on each half (Lloyd's algorithm, fixed number of rounds); deterministic.</summary>
    /// <param name="descriptors">At least 256 rows of 128 bytes; some tens of thousands are enough.</param>
    /// <exception cref="ArgumentException">Fewer, or no whole number of rows.</exception>
    public static VisualVocabulary Learn(ReadOnlySpan<byte> descriptors, int seed, Action<double>? progress = null)
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
        return new VisualVocabulary(learnt);
    }

    /// <summary>Names the words and the way that signatures are made, such as <c>vocabulary 1 0123456789abcdef</c>; postings of another vocabulary are not comparable.</summary>
    public string Name { get; }

    /// <summary>Sorts a descriptor into its nearest cells, nearest first, ties by number; fills <paramref name="placed"/> (at most 16).</summary>
    internal void Place(ReadOnlySpan<byte> descriptor, Span<PlacedDescriptor> placed)
    {
        Span<float> values = stackalloc float[DescriptorLength], projection = stackalloc float[ResidualSignature.Planes];
        for (int i = 0; i < values.Length; i++) values[i] = descriptor[i];
        Span<WordCell> first = stackalloc WordCell[NearestWords], second = stackalloc WordCell[NearestWords];
        firstHalf.Nearest(values[..HalfLength], first);
        secondHalf.Nearest(values[HalfLength..], second);
        ResidualSignature.Project(values, projection);
        Span<WordCell> cells = stackalloc WordCell[NearestWords * NearestWords];
        for (int i = 0; i < NearestWords; i++)
            for (int j = 0; j < NearestWords; j++) cells[(i * NearestWords) + j] = new WordCell((first[i].Cell * Words) + second[j].Cell, first[i].Distance + second[j].Distance);
        for (int i = 0; i < placed.Length; i++)
        {
            // Few of sixteen: choosing is cheaper than sorting.
            int nearest = i;
            for (int j = i + 1; j < cells.Length; j++)
                if (cells[j].Distance < cells[nearest].Distance || (cells[j].Distance == cells[nearest].Distance && cells[j].Cell < cells[nearest].Cell)) nearest = j;
            (cells[i], cells[nearest]) = (cells[nearest], cells[i]);
            int cell = cells[i].Cell;
            placed[i] = new PlacedDescriptor(cell, ResidualSignature.Of(projection, Projection(cell / Words), Projection(Words + (cell % Words))));
        }
    }

    private ReadOnlySpan<float> Projection(int word) => projections.AsSpan(word * ResidualSignature.Planes, ResidualSignature.Planes);

    /// <summary>Each word, zeros in place of the other half, projected as descriptors are.</summary>
    private static float[] Project(float[] words)
    {
        float[] projections = new float[2 * Words * ResidualSignature.Planes];
        Span<float> values = stackalloc float[DescriptorLength];
        for (int word = 0; word < 2 * Words; word++)
        {
            values.Clear();
            words.AsSpan(word * HalfLength, HalfLength).CopyTo(values[(word / Words * HalfLength)..]);
            ResidualSignature.Project(values, projections.AsSpan(word * ResidualSignature.Planes, ResidualSignature.Planes));
        }
        return projections;
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

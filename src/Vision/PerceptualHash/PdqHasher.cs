using Touchstone.Vision.Imaging;

namespace Touchstone.Vision.PerceptualHash;

/// <summary>
/// Computes PDQ hashes. Thread-safe; deterministic.
/// Source: Facebook, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019: luma, tent filter to 64×64,
/// a 16×16 block of its cosine transform (frequencies 1..16 each way), one bit a coefficient: above the median or not.
/// Hashes made from the same pixels agree with the publishers' bit by bit but for coefficients on the median;
/// for pictures above 512 px a side they differ by a few bits, because the publishers' resampling to 512 px is not part of the description.
/// </summary>
public static class PdqHasher
{
    /// <summary>Coefficients a side.</summary>
    private const int Block = 16;

    /// <summary>A picture with fewer px a side shows nothing that could be hashed.</summary>
    private const int MinSide = 5;

    private static readonly double[] Cosines = CosineRows();

    /// <summary>
    /// Hashes one picture of any size. A picture under 5 px a side gives the zero hash with quality 0.
    /// Quality 0..100 measures the gradients of the 64×64 grid; the publishers advise to drop hashes of quality 49 and below.
    /// </summary>
    public static PdqResult Compute(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Width < MinSide || image.Height < MinSide) return default;
        float[] grid = LumaGrid.From(image);
        return new PdqResult(Threshold(Transform(grid)), Quality(grid));
    }

    /// <summary>The orthonormal cosine basis for frequencies 1..16 over 64 samples, row by row.</summary>
    private static double[] CosineRows()
    {
        double[] rows = new double[Block * LumaGrid.Side];
        double scale = Math.Sqrt(2.0 / LumaGrid.Side);
        for (int i = 0; i < Block; i++)
            for (int j = 0; j < LumaGrid.Side; j++)
                rows[(i * LumaGrid.Side) + j] = scale * Math.Cos(Math.PI / 2 / LumaGrid.Side * (i + 1) * ((2 * j) + 1));
        return rows;
    }

    /// <summary>16 rows (vertical frequency) of 16 columns (horizontal frequency).</summary>
    private static double[] Transform(float[] grid)
    {
        const int side = LumaGrid.Side;
        double[] half = new double[Block * side];
        for (int i = 0; i < Block; i++)
            for (int y = 0; y < side; y++)
            {
                double cosine = Cosines[(i * side) + y];
                for (int x = 0; x < side; x++) half[(i * side) + x] += cosine * grid[(y * side) + x];
            }
        double[] block = new double[Block * Block];
        for (int i = 0; i < Block; i++)
            for (int j = 0; j < Block; j++)
            {
                double sum = 0;
                for (int x = 0; x < side; x++) sum += half[(i * side) + x] * Cosines[(j * side) + x];
                block[(i * Block) + j] = sum;
            }
        return block;
    }

    /// <summary>Bit k = 16·row + column; the highest bit is written first. The median is the lower of the two middle values.</summary>
    private static PdqHash Threshold(double[] block)
    {
        double[] sorted = (double[])block.Clone();
        Array.Sort(sorted);
        double median = sorted[(sorted.Length / 2) - 1];
        Span<ulong> words = stackalloc ulong[4];
        for (int k = 0; k < block.Length; k++)
            if (block[k] > median) words[3 - (k >> 6)] |= 1UL << (k & 63);
        return new PdqHash(words[0], words[1], words[2], words[3]);
    }

    /// <summary>The sum of whole-percent steps between neighbouring cells over 90, at most 100. Steps below one percent do not count.</summary>
    private static int Quality(float[] grid)
    {
        const int side = LumaGrid.Side;
        int sum = 0;
        for (int y = 0; y < side; y++)
            for (int x = 0; x < side; x++)
            {
                float here = grid[(y * side) + x];
                if (y + 1 < side) sum += Math.Abs((int)((here - grid[((y + 1) * side) + x]) * 100 / 255));
                if (x + 1 < side) sum += Math.Abs((int)((here - grid[(y * side) + x + 1]) * 100 / 255));
            }
        return Math.Min(100, sum / 90);
    }
}

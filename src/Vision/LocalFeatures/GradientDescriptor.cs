using System.Runtime.CompilerServices;

namespace Touchstone.Vision.LocalFeatures;

/// <summary>
/// Describes the neighbourhood of a keypoint: a patch turned to its angle and scaled to its blob is sampled from the blurred level, and the
/// gradients of the patch are gathered in 4×4 cells (a cell is three sigma wide, four samples) of eight directions. The histogram is clipped
/// at 0.2 of its norm, divided by its sum and square-rooted (RootSIFT), so that it has L2 norm 1; a byte is 512 times the value, at most 255.
/// Layout: cell row, cell column, direction. Holds scratch memory: one instance a thread.
/// Sources: D. Lowe, 2004; R. Arandjelović and A. Zisserman, "Three things everyone should know to improve object retrieval", 2012.
/// </summary>
internal sealed unsafe class GradientDescriptor
{
    private const int Cells = 4;
    private const int Directions = 8;
    private const int SamplesPerCell = 4;
    private const float CellSigmas = 3f;
    private const float Clip = 0.2f;
    private const float ByteScale = 512f;

    /// <summary>Gradients a side: the cells, and half a cell around them that still counts for the outer ones.</summary>
    private const int Side = (Cells + 1) * SamplesPerCell;

    /// <summary>Samples a side: one more all around for the differences.</summary>
    private const int Patch = Side + 2;

    /// <summary>Cells a side with a guard ring, so that sharing between neighbours needs no bounds check.</summary>
    private const int Guarded = Cells + 2;

    private static readonly float[] Weights = GaussianWeights();

    private readonly float[] _patch = new float[Patch * Patch];
    private readonly float[] _dx = new float[Side * Side];
    private readonly float[] _dy = new float[Side * Side];
    private readonly float[] _histogram = new float[Guarded * Guarded * (Directions + 1)];

    /// <summary>Writes 128 bytes for the keypoint at (x, y) of the level, with sigma in px of the level and the angle in radians.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Describe(GreyPlane plane, float x, float y, float sigma, float angle, Span<byte> descriptor)
    {
        Sample(plane, x, y, sigma * CellSigmas / SamplesPerCell, angle);
        for (int row = 0, i = 0; row < Side; row++)
            for (int column = 0; column < Side; column++, i++)
            {
                int at = ((row + 1) * Patch) + column + 1;
                _dx[i] = _patch[at + 1] - _patch[at - 1];
                _dy[i] = _patch[at + Patch] - _patch[at - Patch];
            }
        fixed (float* dx = _dx, dy = _dy, weights = Weights) PolarGradient.Convert(dx, dy, weights, Side * Side, Directions);
        Gather();
        Quantise(descriptor);
    }

    /// <summary>
    /// The descriptor that the mirrored picture has at the mirrored keypoint: mirroring turns the patch about its own axis, so cell rows
    /// change places and each direction becomes its negative. The remap is exact but for rounding in the sampling.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mirror(ReadOnlySpan<byte> descriptor, Span<byte> mirrored)
    {
        for (int row = 0; row < Cells; row++)
            for (int column = 0; column < Cells; column++)
            {
                ReadOnlySpan<byte> from = descriptor.Slice(((row * Cells) + column) * Directions, Directions);
                Span<byte> to = mirrored.Slice((((Cells - 1 - row) * Cells) + column) * Directions, Directions);
                for (int d = 0; d < Directions; d++) to[(Directions - d) % Directions] = from[d];
            }
    }

    private static float[] GaussianWeights()
    {
        float[] weights = new float[Side * Side];
        for (int row = 0; row < Side; row++)
            for (int column = 0; column < Side; column++)
            {
                float v = (row - ((Side - 1) / 2f)) / SamplesPerCell;
                float u = (column - ((Side - 1) / 2f)) / SamplesPerCell;
                weights[(row * Side) + column] = MathF.Exp(-((u * u) + (v * v)) / (Cells * Cells / 2f));
            }
        return weights;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sample(GreyPlane plane, float x, float y, float step, float angle)
    {
        (float sin, float cos) = MathF.SinCos(angle);
        (sin, cos) = (sin * step, cos * step);
        float reach = (MathF.Abs(sin) + MathF.Abs(cos)) * Patch / 2;
        bool inside = x - reach >= 0 && y - reach >= 0 && x + reach < plane.Width - 1 && y + reach < plane.Height - 1;
        const float centre = (Patch - 1) / 2f;
        for (int row = 0, i = 0; row < Patch; row++)
        {
            float v = row - centre;
            float px = x - (sin * v) - (cos * centre);
            float py = y + (cos * v) - (sin * centre);
            for (int column = 0; column < Patch; column++, i++, px += cos, py += sin)
                _patch[i] = inside ? Bilinear(plane, px, py) : Bilinear(plane, Math.Clamp(px, 0, plane.Width - 1.001f), Math.Clamp(py, 0, plane.Height - 1.001f));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Bilinear(GreyPlane plane, float x, float y)
    {
        int x0 = (int)x;
        int y0 = (int)y;
        float fx = x - x0;
        float fy = y - y0;
        float* at = plane.Row(y0) + x0;
        float top = at[0] + (fx * (at[1] - at[0]));
        float bottom = at[plane.Stride] + (fx * (at[plane.Stride + 1] - at[plane.Stride]));
        return top + (fy * (bottom - top));
    }

    /// <summary>Shares each gradient between the nearest cells and directions by its distance to their centres.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather()
    {
        Array.Clear(_histogram);
        for (int row = 0, i = 0; row < Side; row++)
        {
            float cellRow = ((row - ((Side - 1) / 2f)) / SamplesPerCell) + ((Guarded - 1) / 2f);
            int row0 = (int)cellRow;
            float rowPart = cellRow - row0;
            for (int column = 0; column < Side; column++, i++)
            {
                float cellColumn = ((column - ((Side - 1) / 2f)) / SamplesPerCell) + ((Guarded - 1) / 2f);
                int column0 = (int)cellColumn;
                float columnPart = cellColumn - column0;
                int direction = Math.Min((int)_dy[i], Directions - 1);
                float part = _dy[i] - direction;
                float lower = _dx[i] * (1 - rowPart);
                float upper = _dx[i] * rowPart;
                int at = (((row0 * Guarded) + column0) * (Directions + 1)) + direction;
                Share(at, lower * (1 - columnPart), part);
                Share(at + Directions + 1, lower * columnPart, part);
                Share(at + (Guarded * (Directions + 1)), upper * (1 - columnPart), part);
                Share(at + ((Guarded + 1) * (Directions + 1)), upper * columnPart, part);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Share(int at, float value, float part)
    {
        _histogram[at] += value * (1 - part);
        _histogram[at + 1] += value * part;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Quantise(Span<byte> descriptor)
    {
        Span<float> values = stackalloc float[LocalFeatureSet.DescriptorLength];
        float square = 0;
        for (int row = 0, i = 0; row < Cells; row++)
            for (int column = 0; column < Cells; column++)
            {
                Span<float> cell = _histogram.AsSpan((((row + 1) * Guarded) + column + 1) * (Directions + 1), Directions + 1);
                cell[0] += cell[Directions];
                for (int d = 0; d < Directions; d++, i++)
                {
                    values[i] = cell[d];
                    square += cell[d] * cell[d];
                }
            }
        float ceiling = Clip * MathF.Sqrt(square);
        float sum = 1e-12f;
        for (int i = 0; i < values.Length; i++) sum += values[i] = Math.Min(values[i], ceiling);
        for (int i = 0; i < values.Length; i++)
            descriptor[i] = (byte)Math.Min(255, (int)MathF.Round(ByteScale * MathF.Sqrt(values[i] / sum)));
    }
}

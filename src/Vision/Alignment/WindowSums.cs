using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Touchstone.Vision.Alignment;

/// <summary>Sums of several values over the square window about each cell of a grid; windows end at the grid's edge. Not thread-safe.</summary>
internal sealed class WindowSums(int columns, int rows, int reach, int channels)
{
    private readonly float[] values = new float[channels * columns * rows];
    private readonly Vector256<double>[] running = new Vector256<double>[Math.Max(columns, rows) + 1];

    /// <summary>The sum of a channel over the window about a cell, once <see cref="Sum"/> was called.</summary>
    public float this[int channel, int cell] => values[(channel * columns * rows) + cell];

    /// <summary>The values of one cell, a channel each; a cell without any has 0.</summary>
    public void Put(int cell, params ReadOnlySpan<float> of)
    {
        for (int channel = 0; channel < of.Length; channel++) values[(channel * columns * rows) + cell] = of[channel];
    }

    /// <summary>Turns the values into sums; once.</summary>
    public void Sum()
    {
        for (int channel = 0; channel < channels; channel++)
        {
            Span<float> plane = values.AsSpan(channel * columns * rows, columns * rows);
            for (int y = 0; y < rows; y += Lines) SumLines(plane, Starts(y, rows, columns), columns, 1);
            for (int x = 0; x < columns; x += Lines) SumLines(plane, Starts(x, columns, 1), rows, columns);
        }
    }

    /// <summary>Lines that are summed side by side: a sum waits for the one before it, but not for those of other lines.</summary>
    private const int Lines = 4;

    /// <summary>Where four lines begin; at the end the last one stands for those that are missing, which is harmless since all are read before any is written.</summary>
    private static (int A, int B, int C, int D) Starts(int line, int lines, int between) =>
        (line * between, Math.Min(line + 1, lines - 1) * between, Math.Min(line + 2, lines - 1) * between, Math.Min(line + 3, lines - 1) * between);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumLines(Span<float> plane, (int A, int B, int C, int D) start, int length, int step)
    {
        Vector256<double>[] sums = running;
        for (int i = 0, at = 0; i < length; i++, at += step)
            sums[i + 1] = sums[i] + Vector256.Create((double)plane[start.A + at], plane[start.B + at], plane[start.C + at], plane[start.D + at]);
        for (int i = 0, at = 0; i < length; i++, at += step)
        {
            Vector256<double> sum = sums[Math.Min(length, i + reach + 1)] - sums[Math.Max(0, i - reach)];
            plane[start.A + at] = (float)sum[0];
            plane[start.B + at] = (float)sum[1];
            plane[start.C + at] = (float)sum[2];
            plane[start.D + at] = (float)sum[3];
        }
    }
}

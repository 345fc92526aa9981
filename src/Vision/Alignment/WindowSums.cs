namespace Touchstone.Vision.Alignment;

/// <summary>Sums of several values over the square window about each cell of a grid; windows end at the grid's edge. Not thread-safe.</summary>
internal sealed class WindowSums(int columns, int rows, int reach, int channels)
{
    private readonly float[] values = new float[channels * columns * rows];
    private readonly double[] running = new double[Math.Max(columns, rows) + 1];

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
            for (int y = 0; y < rows; y++) SumLine(plane[(y * columns)..], columns, 1);
            for (int x = 0; x < columns; x++) SumLine(plane[x..], rows, columns);
        }
    }

    private void SumLine(Span<float> line, int length, int step)
    {
        for (int i = 0; i < length; i++) running[i + 1] = running[i] + line[i * step];
        for (int i = 0; i < length; i++) line[i * step] = (float)(running[Math.Min(length, i + reach + 1)] - running[Math.Max(0, i - reach)]);
    }
}

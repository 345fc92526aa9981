namespace Touchstone.Vision.Alignment;

/// <summary>A patch of two grids of luma (0..255; not a number where the second one shows nothing). A value type; thread-safe.</summary>
internal readonly record struct PatchPlace(int Columns, int Rows, int Left, int Top, int Width, int Height)
{
    /// <summary>The variance of luma that noise may have.</summary>
    private const double Noise = 16;

    public double Variance(float[] grid)
    {
        (double sum, double squares) = (0, 0);
        for (int y = Top; y < Top + Height; y++)
        {
            for (int x = Left; x < Left + Width; x++)
            {
                double value = grid[(y * Columns) + x];
                sum += value;
                squares += value * value;
            }
        }
        double mean = sum / (Width * Height);
        return Math.Max(0, (squares / (Width * Height)) - (mean * mean));
    }

    /// <summary>
    /// The greatest correlation, 0..1, with the other grid at the patch's place or a cell beside it (a transform fitted to few points is a little off), and
    /// the variance that the other grid has there; null where it shows less than half of the patch.
    /// </summary>
    public (double Correlation, double Variance)? BestMatch(float[] known, float[] other)
    {
        (double Correlation, double Variance)? best = null;
        for (int down = -1; down <= 1; down++)
            for (int along = -1; along <= 1; along++)
                if (Match(known, other, along, down) is { } match && !(match.Correlation <= best?.Correlation)) best = match;
        return best;
    }

    private (double Correlation, double Variance)? Match(float[] known, float[] other, int along, int down)
    {
        double l = 0, r = 0, ll = 0, rr = 0, lr = 0;
        int n = 0;
        for (int y = Math.Max(Top, -down); y < Math.Min(Top + Height, Rows - down); y++)
        {
            for (int x = Math.Max(Left, -along); x < Math.Min(Left + Width, Columns - along); x++)
            {
                double a = known[(y * Columns) + x], b = other[((y + down) * Columns) + x + along];
                if (double.IsNaN(b)) continue;
                n++;
                l += a;
                r += b;
                ll += a * a;
                rr += b * b;
                lr += a * b;
            }
        }
        if (2 * n < Width * Height) return null;
        double varianceLeft = Math.Max(0, (ll / n) - (l / n * (l / n))), varianceRight = Math.Max(0, (rr / n) - (r / n * (r / n)));
        double correlation = ((lr / n) - (l / n * (r / n))) / Math.Sqrt((varianceLeft + Noise) * (varianceRight + Noise));
        return (Math.Max(0, correlation), varianceRight);
    }
}

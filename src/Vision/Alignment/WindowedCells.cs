namespace Touchstone.Vision.Alignment;

/// <summary>What small windows about each cell of two overlaid pictures show: colour, contrast and light. Immutable once made; thread-safe.</summary>
internal sealed class WindowedCells
{
    /// <summary>Cells from the middle of a window to its edge, for colour and light; for contrast.</summary>
    private const int Reach = 2, ContrastReach = 4;

    /// <summary>Distance of chroma from what is expected above which a colour is another one, and chroma below which there is none.</summary>
    private const float OtherColour = 18, LeastChroma = 12;

    /// <summary>Difference of luma above which a plain place is no longer plainly the same.</summary>
    private const float OtherLight = 40;

    /// <summary>Of a window, the part that must belong to both things for their paint to be compared: a frame round a screen is narrow.</summary>
    private const float LeastOfBoth = 0.4f;

    // Channels of the sums.
    private const int Count = 0, Residual = 1, KnownChroma = 2, ShownChroma = 3, KnownLuma = 4, ShownLuma = 5, KnownSquares = 4, ShownSquares = 5, OfBoth = 6, PaintResidual = 7, LightResidual = 8;

    private readonly WindowSums colours;
    private readonly WindowSums contrasts;

    private WindowedCells(WindowSums colours, WindowSums contrasts) => (this.colours, this.contrasts) = (colours, contrasts);

    public static WindowedCells Of(OverlaidGrids laid, ExpectedColours expected)
    {
        var colours = new WindowSums(laid.Columns, laid.Rows, Reach, channels: 9);
        var contrasts = new WindowSums(laid.Columns, laid.Rows, ContrastReach, channels: 6);
        for (int i = 0; i < laid.Known.Luma.Length; i++)
        {
            (float own, float other) = (laid.Known.Luma[i], laid.Shown.Luma[i]);
            if (float.IsNaN(other)) continue;
            (double chroma, double light) = expected.Residual(laid, i);
            bool ofBoth = laid.IsOfBoth(i);
            colours.Put(i, 1, (float)chroma, Chroma(laid.Known, i), Chroma(laid.Shown, i), own, other, ofBoth ? 1 : 0, ofBoth ? (float)chroma : 0, ofBoth ? (float)light : 0);
            contrasts.Put(i, 1, own, other, 0, own * own, other * other);
        }
        colours.Sum();
        contrasts.Sum();
        return new WindowedCells(colours, contrasts);
    }

    /// <summary>
    /// Whether the colour is not what one map of the reference's colours gives, which is fitted to most of the places (a recoloured picture follows it), where both are coloured; and,
    /// where both pictures' things stand on plain grounds and both are there, also whether one is coloured or light and the other is not.
    /// </summary>
    public bool HasOtherColour(int cell)
    {
        if (colours[Count, cell] is not (> 0 and var n)) return false;
        if (colours[Residual, cell] > OtherColour * n && colours[KnownChroma, cell] > LeastChroma * n && colours[ShownChroma, cell] > LeastChroma * n) return true;
        float both = colours[OfBoth, cell];
        return both >= LeastOfBoth * n && (colours[PaintResidual, cell] > OtherColour * both || Math.Abs(colours[LightResidual, cell]) > OtherLight * both);
    }

    /// <summary>Whether the reference shows nothing there and the query does.</summary>
    public bool IsAdded(int cell)
    {
        if (colours[Count, cell] is not (> 0 and var n)) return false;
        if (colours[KnownChroma, cell] >= LeastChroma * n || HasContrast(1, KnownSquares, cell)) return false;
        return colours[ShownChroma, cell] >= LeastChroma * n || HasContrast(2, ShownSquares, cell) || Math.Abs(colours[KnownLuma, cell] - colours[ShownLuma, cell]) > OtherLight * n;
    }

    private bool HasContrast(int sum, int squares, int cell)
    {
        float n = contrasts[Count, cell], mean = contrasts[sum, cell] / n;
        return (contrasts[squares, cell] / n) - (mean * mean) > ChangeMap.LeastContrast * ChangeMap.LeastContrast;
    }

    private static float Chroma(SampledGrid grid, int at) => MathF.Sqrt(((grid.Blue[at] - 128) * (grid.Blue[at] - 128)) + ((grid.Red[at] - 128) * (grid.Red[at] - 128)));
}

using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Vision.Alignment;

/// <summary>Two pictures sampled at the same places: on a grid over the reference, and where a transform puts those places in the query. Not thread-safe while it is made.</summary>
internal sealed record OverlaidGrids(SampledGrid Known, SampledGrid Shown, int Columns, int Rows)
{
    /// <summary>What the reference's thing stands on; null where that is not plain.</summary>
    public PlainGround? KnownGround { get; init; }

    /// <summary>What the query's thing stands on; null where that is not plain.</summary>
    public PlainGround? ShownGround { get; init; }

    /// <summary>Whether both things stand whole on plain grounds.</summary>
    public bool OnPlainGrounds => KnownGround?.IsAllRound == true && ShownGround?.IsAllRound == true;

    /// <summary>Whether both things stand whole on plain grounds and surely both are there.</summary>
    public bool IsOfBoth(int cell) => OnPlainGrounds && KnownGround!.IsHidden(Known, cell) && ShownGround!.IsHidden(Shown, cell);

    /// <summary>
    /// The same without what only surrounds the thing: where one picture stands on white and the other does not, the white that runs in from the border is missed, and as much of the thing
    /// beside it as the transform may be off. Silhouettes before two grounds differ whatever stands there. Grounds of colour may be the thing itself, seen close, and stay.
    /// </summary>
    /// <param name="slack">Cells by which the transform may be off.</param>
    public OverlaidGrids WithoutSurroundings(int slack)
    {
        bool knownOnWhite = KnownGround?.IsWhite == true, shownOnWhite = ShownGround?.IsWhite == true;
        if (knownOnWhite == shownOnWhite) return this;
        (PlainGround white, SampledGrid picture) = knownOnWhite ? (KnownGround!, Known) : (ShownGround!, Shown);
        bool[] ground = [.. picture.Luma.Select((luma, cell) => float.IsNaN(luma) || white.Shows(picture, cell))];
        var near = new WindowSums(Columns, Rows, slack, channels: 1);
        foreach (IReadOnlyList<int> part in ConnectedParts.Of(ground, Columns, Rows).Where(part => part.Any(cell => float.IsNaN(picture.Luma[cell]) || IsOnFrame(cell))))
            foreach (int cell in part) near.Put(cell, 1);
        near.Sum();
        return this with { Shown = Shown.Without(cell => near[0, cell] > 0) };
    }

    public bool IsOnFrame(int cell)
    {
        (int y, int x) = Math.DivRem(cell, Columns);
        return x == 0 || y == 0 || x == Columns - 1 || y == Rows - 1;
    }

    /// <param name="transform">Reference → query, in px from the corner; it may mirror.</param>
    /// <param name="cells">From how many places along the reference's longer side the query tells to the number to sample there, at least 1.</param>
    /// <returns>Null where a set has no thumbnail.</returns>
    public static OverlaidGrids? Of(LocalFeatureSet query, LocalFeatureSet reference, PlaneTransform transform, Func<double, int> cells)
    {
        if (query.Thumbnail is not { } shown || reference.Thumbnail is not { } known) return null;
        double longer = Math.Max(reference.Width, reference.Height);
        double side = longer / cells(longer * Stretch(transform, reference.Width / 2.0, reference.Height / 2.0) * shown.Luma.Width / query.Width);
        int columns = Math.Max(1, (int)Math.Round(reference.Width / side)), rows = Math.Max(1, (int)Math.Round(reference.Height / side));
        var own = new SampledGrid(columns, rows);
        var others = new SampledGrid(columns, rows);
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < columns; x++)
            {
                (double atX, double atY) = ((x + 0.5) * reference.Width / columns, (y + 0.5) * reference.Height / rows);
                own.Take((y * columns) + x, known, atX / reference.Width, atY / reference.Height, side / reference.Width);
                if (Place(query, transform, atX, atY) is not { } place) others.Miss((y * columns) + x);
                else others.Take((y * columns) + x, shown, place.X / query.Width, place.Y / query.Height, side * place.Scale / query.Width);
            }
        }
        return new OverlaidGrids(own, others, columns, rows);
    }

    /// <summary>Where a point of the reference lies in the query, px, and how much larger it is there; null where the query does not show it.</summary>
    private static (double X, double Y, double Scale)? Place(LocalFeatureSet query, PlaneTransform transform, double x, double y)
    {
        if ((transform.G * x) + (transform.H * y) + 1 < 0.05) return null;
        (double u, double v) = transform.Apply(x, y);
        return u >= 0 && v >= 0 && u <= query.Width && v <= query.Height ? (u, v, Stretch(transform, x, y)) : null;
    }

    private static double Stretch(PlaneTransform transform, double x, double y)
    {
        (double xx, double xy, double yx, double yy) = transform.JacobianAt(x, y);
        return Math.Sqrt(Math.Abs((xx * yy) - (xy * yx)));
    }
}

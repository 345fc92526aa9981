namespace Touchstone.Vision.Alignment;

/// <summary>
/// Tells words, lines and badges that were laid over a copy from another thing. Where the two pictures differ, the reference of such a copy goes on as what lies about those places in both, the
/// query shows what does not, and nearly every step of the reference is still there or has another about it; of two siblings either shows something of its own there, or the query shows what lies about
/// where the reference's print was. What is laid over must leave enough to see about each place to tell: of a large badge, or of a smear, nothing is said. Pure; thread-safe once made; deterministic.
/// </summary>
internal sealed class LaidOver
{
    /// <summary>Places along the reference's longer side: as fine as thumbnails are, so that something is seen between the strokes of words.</summary>
    public const int Places = 2 * ChangeMap.Cells;

    /// <summary>Places to where something still lies about a place.</summary>
    private const int Reach = 4;

    /// <summary>Distance of luma and of chroma from what is expected, up to which both pictures show the same.</summary>
    private const float SameLuma = 14, SameChroma = 12;

    /// <summary>Distance of either above which they show different things.</summary>
    private const float Other = 20;

    /// <summary>Distance of luma and of both colour differences together up to which two places of one picture are alike.</summary>
    private const float AlikeLuma = 14, AlikeColour = 10;

    /// <summary>Of the places that differ, those in which the reference must go on; of these, as many as those in which the query may.</summary>
    private const float LeastOfReference = 0.4f, MostOfQuery = 0.2f;

    /// <summary>Luma from one side of a place to the other that is a step; of it, the part of a step of the query nearby that is none.</summary>
    private const float Step = 24, NoStep = 0.5f;

    /// <summary>Of the reference's steps, those that may be gone.</summary>
    private const float MostGone = 0.2f;

    private readonly OverlaidGrids fine;
    private readonly bool[] same;
    private readonly bool[] differs;

    private LaidOver(OverlaidGrids fine, bool[] same, bool[] differs) => (this.fine, this.same, this.differs) = (fine, same, differs);

    /// <param name="fine">Both pictures, sampled at <see cref="Places"/>.</param>
    public static LaidOver Of(OverlaidGrids fine, ExpectedColours expected)
    {
        bool[] same = new bool[fine.Known.Luma.Length], differs = new bool[same.Length];
        for (int i = 0; i < same.Length; i++)
        {
            if (float.IsNaN(fine.Shown.Luma[i])) continue;
            (double chroma, double light) = expected.Residual(fine, i);
            light = Math.Abs(light);
            same[i] = light < SameLuma && chroma < SameChroma;
            differs[i] = light > Other || chroma > Other;
        }
        return new LaidOver(fine, same, differs);
    }

    /// <summary>Whether what differs in a part is laid over a copy of the reference.</summary>
    /// <param name="part">Cells of the grid of half as many.</param>
    /// <param name="columns">Of that grid.</param>
    public bool Is(IReadOnlyList<int> part, int columns)
    {
        int all = 0, ofReference = 0, ofQuery = 0, steps = 0, gone = 0;
        foreach ((int x, int y) in PlacesOf(part, columns))
        {
            if (differs[(y * fine.Columns) + x])
            {
                (bool reference, bool query) = GoesOn(x, y);
                all++;
                ofReference += reference ? 1 : 0;
                ofQuery += query ? 1 : 0;
            }
            if (StepOf(fine.Known, x, y) is var step && !(step > Step)) continue;
            steps++;
            gone += HasStep(fine.Shown, x, y, NoStep * step) ? 0 : 1;
        }
        return all > 0 && ofReference >= LeastOfReference * all && ofQuery <= MostOfQuery * ofReference && gone <= MostGone * steps;
    }

    private IEnumerable<(int X, int Y)> PlacesOf(IReadOnlyList<int> part, int columns)
    {
        foreach (int cell in part)
        {
            (int row, int column) = Math.DivRem(cell, columns);
            for (int y = 2 * row; y < Math.Min(fine.Rows, (2 * row) + 2); y++)
                for (int x = 2 * column; x < Math.Min(fine.Columns, (2 * column) + 2); x++) yield return (x, y);
        }
    }

    /// <summary>How much luma changes across a place, either way; not a number where the picture shows nothing or ends.</summary>
    private float StepOf(SampledGrid picture, int x, int y)
    {
        if (x < 1 || y < 1 || x >= fine.Columns - 1 || y >= fine.Rows - 1) return float.NaN;
        int at = (y * fine.Columns) + x;
        float along = picture.Luma[at + 1] - picture.Luma[at - 1], down = picture.Luma[at + fine.Columns] - picture.Luma[at - fine.Columns];
        return MathF.Sqrt((along * along) + (down * down));
    }

    private bool HasStep(SampledGrid picture, int x, int y, float least)
    {
        for (int v = y - 1; v <= y + 1; v++)
            for (int u = x - 1; u <= x + 1; u++)
                if (StepOf(picture, u, v) >= least) return true;
        return false;
    }

    /// <summary>Whether the reference, and whether the query, shows at a place what it shows at one nearby where both show the same.</summary>
    private (bool Reference, bool Query) GoesOn(int x, int y)
    {
        int at = (y * fine.Columns) + x;
        bool reference = false, query = false;
        for (int v = Math.Max(0, y - Reach); v <= Math.Min(fine.Rows - 1, y + Reach); v++)
        {
            for (int u = Math.Max(0, x - Reach); u <= Math.Min(fine.Columns - 1, x + Reach); u++)
            {
                int near = (v * fine.Columns) + u;
                if (!same[near]) continue;
                reference |= AreAlike(fine.Known, at, near);
                query |= AreAlike(fine.Shown, at, near);
                if (reference && query) return (true, true);
            }
        }
        return (reference, query);
    }

    private static bool AreAlike(SampledGrid picture, int one, int other) =>
        Math.Abs(picture.Luma[one] - picture.Luma[other]) < AlikeLuma && Math.Abs(picture.Blue[one] - picture.Blue[other]) + Math.Abs(picture.Red[one] - picture.Red[other]) < AlikeColour;
}

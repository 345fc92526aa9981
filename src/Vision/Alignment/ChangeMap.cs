namespace Touchstone.Vision.Alignment;

/// <summary>
/// Where two pictures that lie flat on each other show different things: a place is changed if windows about it have structure in both pictures and do
/// not correlate, or are coloured in both and not as the rest of the picture lets expect. What light, compression, sharpness or a recoloured picture
/// does, changes no place. A sibling (another flavour, print or body round the same screen) has a connected part of such places. A part that runs
/// along the frame, unless both stand on plain ground, or that hangs together with much that only the query shows, is another background or a banner laid over, and does not count, nor does what lies round a thing
/// that was cut out on white in one picture and stands before something in the other; nor do words, lines and badges that were laid over a copy (<see cref="LaidOver"/>). Where both things stand on
/// plain grounds, a part of the reference's thing is changed, too, at whose place the query shows only its ground: the other body has another outline. Pure; thread-safe; deterministic.
/// </summary>
internal static class ChangeMap
{
    /// <summary>Cells along the reference's longer side.</summary>
    public const int Cells = 64;

    /// <summary>Cells from the middle of a window of structure to its edge.</summary>
    private const int Reach = 4;

    /// <summary>Cells by which a fitted transform may be off.</summary>
    private const int Slack = 2;

    /// <summary>Windows that correlate by less show different things.</summary>
    private const float LeastCorrelation = 0.6f;

    /// <summary>Standard deviation of luma below which a window shows nothing.</summary>
    internal const float LeastContrast = 6;

    /// <summary>Of a window, the part that both must show to be compared.</summary>
    private const float LeastOfWindow = 1f / 3;

    /// <summary>The variance of luma that noise may have.</summary>
    private const float Noise = 16;

    /// <summary>The part of the frame along which a background runs.</summary>
    private const double MostOfFrame = 0.15;

    /// <summary>Of the reference's area, what its thing is taken to fill at least: of a small thing a few cells would be much.</summary>
    private const double LeastOfPicture = 1.0 / 3;

    /// <summary>One in so many cells is too small a part to ask whether it is laid over.</summary>
    private const int LeastAsked = 100;

    /// <summary>
    /// The largest changed part, as the cells that it takes, and their share (0..1) of those that the reference's thing takes, where both stand on plain grounds, and of all cells where not; no cells
    /// where there is none.
    /// </summary>
    /// <param name="finely">Gives the same at <see cref="LaidOver.Places"/>; asked only where a part may be laid over.</param>
    public static (IReadOnlyList<int> Cells, float Share) LargestPart(OverlaidGrids laid, Func<OverlaidGrids> finely)
    {
        ArgumentNullException.ThrowIfNull(laid);
        ArgumentNullException.ThrowIfNull(finely);
        OverlaidGrids thing = laid.WithoutSurroundings(Slack);
        var expected = ExpectedColours.Of(laid);
        var laidOver = new Lazy<LaidOver>(() => LaidOver.Of(finely(), expected));
        // Of what is too small to matter it need not be known.
        int least = laid.Columns * laid.Rows / LeastAsked;
        IReadOnlyList<int> differs = PartsOfThing(laid, thing, expected).OrderByDescending(part => part.Count).FirstOrDefault(part => part.Count < least || !laidOver.Value.Is(part, laid.Columns)) ?? [];
        IReadOnlyList<int> lacks = LargestThatLacks(laid), largest = lacks.Count > differs.Count ? lacks : differs;
        // A part of a copy that was cut out tells less than a whole one: only beside a whole thing a small part is telling.
        int all = laid.Columns * laid.Rows, round = Enumerable.Range(0, all).Count(i => laid.OnPlainGrounds ? laid.KnownGround!.Shows(laid.Known, i) : float.IsNaN(thing.Shown.Luma[i]) && !float.IsNaN(laid.Shown.Luma[i])), ofThing = all - round;
        return (largest, (float)(largest.Count / Math.Max(ofThing, LeastOfPicture * all)));
    }

    /// <param name="thing">The same without what surrounds the thing: what is changed there, too, is changed.</param>
    private static IEnumerable<IReadOnlyList<int>> PartsOfThing(OverlaidGrids laid, OverlaidGrids thing, ExpectedColours expected)
    {
        IReadOnlyList<int>[] parts = [.. PartsThatDiffer(laid, expected)];
        if (parts.Length == 0 || ReferenceEquals(thing, laid)) return parts;
        bool[] changed = Changed(thing, WindowedCells.Of(thing, ExpectedColours.Of(thing))), both = new bool[changed.Length];
        foreach (int cell in parts.SelectMany(part => part)) both[cell] = changed[cell] && !float.IsNaN(thing.Shown.Luma[cell]);
        return ConnectedParts.Of(both, laid.Columns, laid.Rows);
    }

    private static IEnumerable<IReadOnlyList<int>> PartsThatDiffer(OverlaidGrids laid, ExpectedColours expected)
    {
        WindowedCells windows = WindowedCells.Of(laid, expected);
        bool[] changed = Changed(laid, windows), added = [.. Enumerable.Range(0, changed.Length).Select(i => !changed[i] && windows.IsAdded(i))];
        HashSet<int> ofMoreThanTheThing = OfMoreThanTheThing(changed, added, laid);
        // Where both stand on plain grounds, neither stands before something.
        double mostOnFrame = laid.OnPlainGrounds ? double.MaxValue : MostOfFrame * 2 * (laid.Columns + laid.Rows);
        return ConnectedParts.Of(changed, laid.Columns, laid.Rows).Where(part => part.Count(laid.IsOnFrame) <= mostOnFrame && !ofMoreThanTheThing.Contains(part[0]));
    }

    private static bool[] Changed(OverlaidGrids laid, WindowedCells windows)
    {
        bool[] changed = OtherStructure(laid);
        for (int i = 0; i < changed.Length; i++) changed[i] |= windows.HasOtherColour(i);
        return changed;
    }

    /// <summary>The largest part of the reference's thing at whose place the query shows its plain ground, and nothing else nearby.</summary>
    private static IReadOnlyList<int> LargestThatLacks(OverlaidGrids laid)
    {
        if (laid is not { OnPlainGrounds: true, KnownGround: { } known, ShownGround: { } shown }) return [];
        var bare = new WindowSums(laid.Columns, laid.Rows, Slack, channels: 2);
        for (int i = 0; i < laid.Columns * laid.Rows; i++) bare.Put(i, 1, shown.Shows(laid.Shown, i) ? 1 : 0);
        bare.Sum();
        bool[] lacks = [.. Enumerable.Range(0, laid.Columns * laid.Rows).Select(i => known.IsHidden(laid.Known, i) && bare[1, i] == bare[0, i])];
        return ConnectedParts.Of(lacks, laid.Columns, laid.Rows).MaxBy(part => part.Count) ?? [];
    }

    /// <summary>
    /// The changed cells that hang together with more cells where the query shows something and the reference nothing than are changed: what reaches so far over
    /// the edge of the thing is laid over it, or is what it stands before.
    /// </summary>
    private static HashSet<int> OfMoreThanTheThing(bool[] changed, bool[] added, OverlaidGrids laid) =>
        [.. ConnectedParts.Of([.. changed.Select((isChanged, i) => isChanged || added[i])], laid.Columns, laid.Rows)
            .Where(part => 2 * part.Count(i => added[i]) > part.Count)
            .SelectMany(part => part.Where(i => changed[i]))];

    /// <summary>
    /// Normalised cross-correlation of windows, the best over small shifts, where both have contrast and the query shows enough of the window as it lies: beside its edge, only
    /// windows that are shifted inwards would speak, and they say little of a place that lies right.
    /// </summary>
    private static bool[] OtherStructure(OverlaidGrids laid)
    {
        int cells = laid.Columns * laid.Rows;
        var best = new float[cells];
        Array.Fill(best, float.MinValue);
        var telling = new bool[cells];
        Correlate(laid, 0, 0, best, telling);
        bool[] shown = [.. best.Select(correlation => correlation > float.MinValue)];
        for (int down = -Slack; down <= Slack; down++)
            for (int along = -Slack; along <= Slack; along++)
                if ((down, along) != (0, 0)) Correlate(laid, along, down, best, telling);
        return [.. best.Select((correlation, i) => shown[i] && telling[i] && correlation < LeastCorrelation)];
    }

    private static void Correlate(OverlaidGrids laid, int along, int down, float[] best, bool[] telling)
    {
        int columns = laid.Columns, rows = laid.Rows;
        var sums = new WindowSums(columns, rows, Reach, channels: 6);
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < columns; x++)
            {
                int at = (y * columns) + x, fromX = x + along, fromY = y + down;
                float other = fromX >= 0 && fromX < columns && fromY >= 0 && fromY < rows ? laid.Shown.Luma[(fromY * columns) + fromX] : float.NaN;
                float own = laid.Known.Luma[at];
                if (!float.IsNaN(other)) sums.Put(at, 1, own, other, own * own, other * other, own * other);
            }
        }
        sums.Sum();
        int window = ((2 * Reach) + 1) * ((2 * Reach) + 1);
        for (int i = 0; i < best.Length; i++)
        {
            float n = sums[0, i];
            if (n <= LeastOfWindow * window) continue;
            float meanOwn = sums[1, i] / n, meanOther = sums[2, i] / n;
            float varianceOwn = Math.Max(0, (sums[3, i] / n) - (meanOwn * meanOwn)), varianceOther = Math.Max(0, (sums[4, i] / n) - (meanOther * meanOther));
            float correlation = ((sums[5, i] / n) - (meanOwn * meanOther)) / MathF.Sqrt((varianceOwn + Noise) * (varianceOther + Noise));
            if (correlation <= best[i]) continue;
            best[i] = correlation;
            telling[i] = varianceOwn > LeastContrast * LeastContrast && varianceOther > LeastContrast * LeastContrast;
        }
    }
}

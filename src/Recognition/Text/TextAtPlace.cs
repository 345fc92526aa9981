using Touchstone.Vision.Alignment;

namespace Touchstone.Recognition.Text;

/// <summary>A line of the reference where the picture reads something else.</summary>
/// <param name="Text">As read in the picture.</param>
/// <param name="ReferenceText">As read in the reference's picture.</param>
/// <param name="ImageCorners">The line's four corners in the picture, as parts (0..1) of its width and height.</param>
/// <param name="ReferenceCorners">Its corners in the reference's picture.</param>
public sealed record DifferingLine(string Text, string ReferenceText, IReadOnlyList<ImagePoint> ImageCorners, IReadOnlyList<ImagePoint> ReferenceCorners);

/// <summary>What two pictures read at the same places.</summary>
/// <param name="Contradiction">0..1: how much of what the reference reads is read otherwise where it lies in the picture; 0 where nothing is. What reads the same tells little, because siblings share most words.</param>
/// <param name="Differing">Lines that read otherwise, the longest first.</param>
public sealed record TextAtPlace(double Contradiction, IReadOnlyList<DifferingLine> Differing)
{
    /// <summary>Below it a reading is too doubtful to contradict another.</summary>
    private const float Sure = 0.85f;

    /// <summary>Letters and digits of a line; fewer tell nothing.</summary>
    private const int LeastLetters = 4;

    /// <summary>A line of so many says as much as a longer one.</summary>
    private const int FullLetters = 12;

    /// <summary>How far two lines must overlap (intersection over union of their boxes) to be at one place: other print laid over a copy seldom has the size of what it hides.</summary>
    private const double OnePlace = 0.5;

    /// <summary>The share of letters in common from which on lines read the same, and up to which they do not.</summary>
    private const double Alike = 0.7, Unlike = 0.5;

    /// <summary>Lines that are taken to read the same from the start, so that one says little.</summary>
    private const double Doubt = 0.5;

    public static TextAtPlace None { get; } = new(0, []);

    /// <summary>
    /// Compares line by line where the reference lies in the picture. Of one package in two flavours the texts agree in most words; at the place
    /// of the flavour's name they do not.
    /// </summary>
    public static TextAtPlace Compare(OcrText picture, OcrText reference, Placement placement)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(placement);
        Line[] read = [.. picture.Lines.Select(line => Line.Of(line, line.Corners)).OfType<Line>()];
        (double same, double other) = (0, 0);
        var differing = new List<(int Letters, DifferingLine Line)>();
        foreach (OcrLine known in reference.Lines)
        {
            ImagePoint[] corners = [.. known.Corners.Select(placement.Locate).OfType<ImagePoint>()];
            if (corners.Length < 4 || Line.Of(known, corners) is not { } expected) continue;
            if (read.MaxBy(line => line.Box.Overlap(expected.Box)) is not { } there || there.Box.Overlap(expected.Box) < OnePlace) continue;
            double alike = Likeness(expected.Letters, there.Letters), weight = Math.Min(1, (double)Math.Min(expected.Letters.Length, there.Letters.Length) / FullLetters);
            if (alike >= Alike) same += weight;
            if (alike > Unlike) continue;
            other += weight;
            differing.Add((expected.Letters.Length, new DifferingLine(there.Read.Text, known.Text, there.Read.Corners, known.Corners)));
        }
        return other == 0 ? None : new TextAtPlace(other / (same + other + Doubt), [.. differing.OrderByDescending(line => line.Letters).Select(line => line.Line)]);
    }

    /// <summary>The share of letters in common, 0..1.</summary>
    private static double Likeness(string one, string other)
    {
        int longer = Math.Max(one.Length, other.Length);
        return 1 - ((double)Math.Min(longer, EditDistance.Between(one, other, longer)) / longer);
    }

    /// <summary>A line that is surely read, its letters folded, and its place in the picture.</summary>
    private sealed record Line(OcrLine Read, string Letters, Box Box)
    {
        public static Line? Of(OcrLine read, IReadOnlyList<ImagePoint> corners)
        {
            if (read.Confidence < Sure) return null;
            string letters = TextFolding.Skeleton(TextFolding.Fold(read.Text).Replace(" ", string.Empty, StringComparison.Ordinal));
            return letters.Length < LeastLetters ? null : new Line(read, letters, Box.Round(corners));
        }
    }

    private readonly record struct Box(double Left, double Top, double Right, double Bottom)
    {
        public static Box Round(IReadOnlyList<ImagePoint> corners) => new(corners.Min(c => c.X), corners.Min(c => c.Y), corners.Max(c => c.X), corners.Max(c => c.Y));

        /// <summary>Intersection over union, 0..1.</summary>
        public double Overlap(Box other)
        {
            double width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left), height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
            if (width <= 0 || height <= 0) return 0;
            return width * height / (Area + other.Area - (width * height));
        }

        private double Area => (Right - Left) * (Bottom - Top);
    }
}

using Touchstone.Vision.Imaging;

namespace Touchstone.Vision.Embedding;

/// <summary>
/// What of a picture deserves an embedding of its own. A register's picture stands on a plain ground, often with a wide margin, or shows a mark
/// beside its name: the content without the margin and its separate parts. A photo shows the thing in the middle of other things:
/// its middle square, more and more closely. Thread-safe; deterministic.
/// </summary>
public static class ImageCrops
{
    /// <summary>Most views of one picture.</summary>
    public const int Most = 4;

    // A channel of the ground may differ by this much from its median: JPEG and soft shadows.
    private const int GroundTolerance = 24;
    private const double PlainBorder = 0.9;

    private const double WideMargin = 0.85;
    private const double Gap = 0.04;
    private const double LeastPart = 0.2;
    private const int MostParts = 3;
    private const int SmallestSide = 24;
    private const double NearlySquare = 1.15;
    private static readonly double[] Closer = [0.75, 0.55, 0.4];

    /// <summary>The views besides the whole picture: none to <see cref="Most"/>.</summary>
    public static IReadOnlyList<RgbImage> Of(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Ground(image) is { } ground ? OnPlain(image, ground) : Middles(image);
    }

    private static List<RgbImage> Middles(RgbImage image)
    {
        int side = Math.Min(image.Width, image.Height);
        List<RgbImage> views = [];
        if (Math.Max(image.Width, image.Height) > NearlySquare * side && side >= SmallestSide) views.Add(Centre(image, side));
        views.AddRange(from share in Closer where share * side >= SmallestSide select Centre(image, (int)(share * side)));
        return views;
    }

    private static RgbImage Centre(RgbImage image, int side) => ImageOperations.Crop(image, (image.Width - side) / 2, (image.Height - side) / 2, side, side);

    private static List<RgbImage> OnPlain(RgbImage image, RgbColour ground)
    {
        var content = new Content(image, ground);
        Box whole = new(0, 0, image.Width, image.Height);
        if (content.Tight(whole) is not { } tight || Math.Min(tight.Width, tight.Height) < SmallestSide) return [];
        List<RgbImage> views = [];
        if (tight.Area < WideMargin * whole.Area) views.Add(tight.Of(image));
        foreach (bool rows in (ReadOnlySpan<bool>)[true, false])
        {
            List<Box> parts = [.. content.Parts(tight, rows, Gap)];
            if (parts.Count is < 2 or > MostParts) continue;
            double least = LeastPart * Math.Min(tight.Width, tight.Height);
            views.AddRange(from part in parts where Math.Min(part.Width, part.Height) >= Math.Max(least, SmallestSide) select part.Of(image));
        }
        return [.. views.Take(Most)];
    }

    /// <summary>The median colour of the border if nearly all of the border has it; null otherwise.</summary>
    private static RgbColour? Ground(RgbImage image)
    {
        List<int> border = [];
        for (int x = 0; x < image.Width; x++) border.AddRange(x, ((image.Height - 1) * image.Width) + x);
        for (int y = 0; y < image.Height; y++) border.AddRange(y * image.Width, (y * image.Width) + image.Width - 1);
        Span<byte> median = stackalloc byte[3];
        byte[] values = new byte[border.Count];
        for (int c = 0; c < 3; c++)
        {
            for (int i = 0; i < values.Length; i++) values[i] = image.Pixels[(border[i] * 3) + c];
            Array.Sort(values);
            median[c] = values[values.Length / 2];
        }
        var ground = new RgbColour(median[0], median[1], median[2]);
        int alike = border.Count(at => !Differs(image, at, ground));
        return alike >= PlainBorder * border.Count ? ground : null;
    }

    private static bool Differs(RgbImage image, int at, RgbColour ground)
    {
        ReadOnlySpan<byte> pixel = image.Pixels.AsSpan(at * 3, 3);
        return Math.Abs(pixel[0] - ground.Red) > GroundTolerance || Math.Abs(pixel[1] - ground.Green) > GroundTolerance || Math.Abs(pixel[2] - ground.Blue) > GroundTolerance;
    }

    private readonly record struct Box(int Left, int Top, int Right, int Bottom)
    {
        public int Width => Right - Left;

        public int Height => Bottom - Top;

        public long Area => (long)Width * Height;

        public RgbImage Of(RgbImage image) => ImageOperations.Crop(image, Left, Top, Width, Height);
    }

    /// <summary>Where a picture differs from its ground.</summary>
    private sealed class Content
    {
        private readonly int width;
        private readonly bool[] differs;

        public Content(RgbImage image, RgbColour ground)
        {
            width = image.Width;
            differs = new bool[image.Width * image.Height];
            for (int i = 0; i < differs.Length; i++) differs[i] = Differs(image, i, ground);
        }

        /// <summary>The smallest box around the content within the box; null where there is none.</summary>
        public Box? Tight(Box box)
        {
            bool[] columns = Profile(box, rows: false), rows = Profile(box, rows: true);
            int left = Array.IndexOf(columns, true), top = Array.IndexOf(rows, true);
            return left < 0 || top < 0 ? null : new Box(box.Left + left, box.Top + top, box.Left + Array.LastIndexOf(columns, true) + 1, box.Top + Array.LastIndexOf(rows, true) + 1);
        }

        /// <summary>The parts that stripes of ground separate, each tight; stripes narrower than the gap (of the box's length) separate nothing.</summary>
        public IEnumerable<Box> Parts(Box box, bool rows, double gap)
        {
            bool[] profile = Profile(box, rows);
            int wide = Math.Max(1, (int)Math.Ceiling(gap * profile.Length)), start = Array.IndexOf(profile, true), last = start;
            if (start < 0) yield break;
            for (int i = start + 1; i <= profile.Length; i++)
            {
                bool isContent = i < profile.Length && profile[i];
                if (i < profile.Length && !isContent) continue;
                if (i == profile.Length || i - last > wide)
                {
                    Box stripe = rows ? box with { Top = box.Top + start, Bottom = box.Top + last + 1 } : box with { Left = box.Left + start, Right = box.Left + last + 1 };
                    if (Tight(stripe) is { } part) yield return part;
                    start = i;
                }
                last = i;
            }
        }

        private bool[] Profile(Box box, bool rows)
        {
            bool[] profile = new bool[rows ? box.Height : box.Width];
            for (int y = box.Top; y < box.Bottom; y++)
                for (int x = box.Left; x < box.Right; x++)
                    if (differs[(y * width) + x]) profile[rows ? y - box.Top : x - box.Left] = true;
            return profile;
        }
    }
}

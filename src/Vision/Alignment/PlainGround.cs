using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Vision.Alignment;

/// <summary>The plain ground that a picture's thing stands on: the median luma and colour differences (0..255) of its border. Immutable; thread-safe.</summary>
/// <param name="IsAllRound">Whether it surrounds the thing: nearly all of the border has its colour. A thing that is cut off at a side has not that much of it about it.</param>
internal sealed record PlainGround(float Luma, float Blue, float Red, bool IsAllRound)
{
    /// <summary>Of the border that must have the ground's colour; that has it all round.</summary>
    private const double MuchOfBorder = 0.7, MostOfBorder = 0.9;

    /// <summary>How far luma and colour may lie from the ground's: compression and soft shadows.</summary>
    private const float SameLuma = 16, SameColour = 8;

    /// <summary>Luma of a studio's white at least.</summary>
    private const float LeastOfWhite = 220;

    /// <summary>How far either lies where surely a thing is.</summary>
    private const float ThingLuma = 40, ThingColour = 20;

    /// <summary>The ground of a picture; null where most of its border is not of one colour.</summary>
    public static PlainGround? Of(Thumbnail picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var ground = new PlainGround(Median(picture.Luma), Median(picture.Blue), Median(picture.Red), false);
        int plain = 0, all = 0;
        foreach ((int x, int y) in Border(picture.Luma))
        {
            all++;
            if (ground.Shows(picture.Luma.Pixels[(y * picture.Luma.Width) + x], Half(picture.Blue, x, y), Half(picture.Red, x, y))) plain++;
        }
        return plain < MuchOfBorder * all ? null : ground with { IsAllRound = plain >= MostOfBorder * all };
    }

    /// <summary>Whether it is light and of no colour, as a studio's is.</summary>
    public bool IsWhite => Luma >= LeastOfWhite && Math.Abs(Blue - 128) <= SameColour && Math.Abs(Red - 128) <= SameColour;

    /// <summary>Whether a place of a grid has the ground's colour; where the picture shows nothing it has not.</summary>
    public bool Shows(SampledGrid grid, int at) => Shows(grid.Luma[at], grid.Blue[at], grid.Red[at]);

    /// <summary>Whether a place of a grid surely has another colour.</summary>
    public bool IsHidden(SampledGrid grid, int at) =>
        Math.Abs(grid.Luma[at] - Luma) > ThingLuma || Math.Abs(grid.Blue[at] - Blue) > ThingColour || Math.Abs(grid.Red[at] - Red) > ThingColour;

    private bool Shows(float luma, float blue, float red) => Math.Abs(luma - Luma) <= SameLuma && Math.Abs(blue - Blue) <= SameColour && Math.Abs(red - Red) <= SameColour;

    private static byte Half(BytePlane plane, int x, int y) => plane.Pixels[(Math.Min(y / 2, plane.Height - 1) * plane.Width) + Math.Min(x / 2, plane.Width - 1)];

    private static float Median(BytePlane plane)
    {
        byte[] border = [.. Border(plane).Select(at => plane.Pixels[(at.Y * plane.Width) + at.X])];
        Array.Sort(border);
        return border[border.Length / 2];
    }

    private static IEnumerable<(int X, int Y)> Border(BytePlane plane)
    {
        for (int i = 0; i < plane.Width; i++)
        {
            yield return (i, 0);
            yield return (i, plane.Height - 1);
        }
        for (int i = 1; i < plane.Height - 1; i++)
        {
            yield return (0, i);
            yield return (plane.Width - 1, i);
        }
    }
}

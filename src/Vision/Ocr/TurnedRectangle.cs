using System.Numerics;
using Touchstone.Vision.Alignment;

namespace Touchstone.Vision.Ocr;

/// <summary>
/// A rectangle at any angle, in px, origin at the top left of the picture, y down. Corners: top left, top right, bottom right, bottom
/// left of what it holds, read upright. A value type; thread-safe.
/// </summary>
internal readonly record struct TurnedRectangle(Vector2 TopLeft, Vector2 TopRight, Vector2 BottomRight, Vector2 BottomLeft)
{
    public float Width => Vector2.Distance(TopLeft, TopRight);

    public float Height => Vector2.Distance(TopLeft, BottomLeft);

    public float Area => Width * Height;

    public float Perimeter => 2 * (Width + Height);

    public float ShorterSide => Math.Min(Width, Height);

    public IReadOnlyList<ImagePoint> Corners => [Point(TopLeft), Point(TopRight), Point(BottomRight), Point(BottomLeft)];

    /// <summary>The smallest rectangle around the points; one of its sides lies on an edge of their hull (H. Freeman and R. Shapira, 1975).</summary>
    public static TurnedRectangle Around(IEnumerable<ImagePoint> points)
    {
        Vector2[] hull = [.. ConvexHull.Of(points).Select(p => new Vector2(p.X, p.Y))];
        TurnedRectangle best = default;
        float least = float.MaxValue;
        for (int i = 0; i < hull.Length; i++)
        {
            Vector2 edge = hull[(i + 1) % hull.Length] - hull[i];
            if (edge.LengthSquared() < 1e-6f) continue;
            TurnedRectangle rectangle = Along(hull, Vector2.Normalize(edge));
            if (rectangle.Area >= least) continue;
            least = rectangle.Area;
            best = rectangle;
        }
        return best;
    }

    /// <summary>Each side moved outwards by so many px.</summary>
    public TurnedRectangle Grown(float by)
    {
        if (Width <= 0 || Height <= 0) return this;
        Vector2 right = Vector2.Normalize(TopRight - TopLeft) * by, down = Vector2.Normalize(BottomLeft - TopLeft) * by;
        return new TurnedRectangle(TopLeft - right - down, TopRight + right - down, BottomRight + right + down, BottomLeft - right + down);
    }

    public TurnedRectangle Scaled(Vector2 by) => new(TopLeft * by, TopRight * by, BottomRight * by, BottomLeft * by);

    /// <summary>What is read from its left side upwards becomes upright.</summary>
    public TurnedRectangle QuarterTurned() => new(TopRight, BottomRight, BottomLeft, TopLeft);

    public TurnedRectangle HalfTurned() => new(BottomRight, BottomLeft, TopLeft, TopRight);

    private static TurnedRectangle Along(Vector2[] hull, Vector2 along)
    {
        var across = new Vector2(-along.Y, along.X);
        float left = hull.Min(p => Vector2.Dot(p, along)), right = hull.Max(p => Vector2.Dot(p, along));
        float top = hull.Min(p => Vector2.Dot(p, across)), bottom = hull.Max(p => Vector2.Dot(p, across));
        return Upright([At(left, top), At(right, top), At(right, bottom), At(left, bottom)]);

        Vector2 At(float u, float v) => (along * u) + (across * v);
    }

    /// <summary>The corners in reading order: of the two on the left the upper one comes first.</summary>
    private static TurnedRectangle Upright(Vector2[] corners)
    {
        Array.Sort(corners, static (a, b) => a.X.CompareTo(b.X));
        (Vector2 topLeft, Vector2 bottomLeft) = corners[0].Y <= corners[1].Y ? (corners[0], corners[1]) : (corners[1], corners[0]);
        (Vector2 topRight, Vector2 bottomRight) = corners[2].Y <= corners[3].Y ? (corners[2], corners[3]) : (corners[3], corners[2]);
        return new TurnedRectangle(topLeft, topRight, bottomRight, bottomLeft);
    }

    private static ImagePoint Point(Vector2 v) => new(v.X, v.Y);
}

namespace Touchstone.Vision.Alignment;

/// <summary>Convex hulls of points in a picture. Source: A. Andrew, 1979 (monotone chain).</summary>
internal static class ConvexHull
{
    /// <summary>The corners in order around the hull; fewer than three points are returned as they are.</summary>
    public static List<ImagePoint> Of(IEnumerable<ImagePoint> points)
    {
        ImagePoint[] sorted = [.. points.Distinct().OrderBy(point => point.X).ThenBy(point => point.Y)];
        if (sorted.Length < 3) return [.. sorted];
        List<ImagePoint> hull = [];
        Extend(hull, sorted, 0);
        hull.RemoveAt(hull.Count - 1);
        int start = hull.Count;
        Array.Reverse(sorted);
        Extend(hull, sorted, start);
        hull.RemoveAt(hull.Count - 1);
        return hull;
    }

    /// <summary>The area in px².</summary>
    public static double Area(IReadOnlyList<ImagePoint> hull)
    {
        double twice = 0;
        for (int i = 0; i < hull.Count; i++)
        {
            ImagePoint next = hull[(i + 1) % hull.Count];
            twice += ((double)hull[i].X * next.Y) - ((double)next.X * hull[i].Y);
        }
        return Math.Abs(twice) / 2;
    }

    private static void Extend(List<ImagePoint> hull, ImagePoint[] sorted, int start)
    {
        foreach (ImagePoint point in sorted)
        {
            while (hull.Count >= start + 2 && Turn(hull[^2], hull[^1], point) <= 0) hull.RemoveAt(hull.Count - 1);
            hull.Add(point);
        }
    }

    private static double Turn(ImagePoint a, ImagePoint b, ImagePoint c) =>
        (((double)b.X - a.X) * (c.Y - a.Y)) - (((double)b.Y - a.Y) * (c.X - a.X));
}

namespace Touchstone.Vision.Alignment;

/// <summary>
/// A projective transform of the plane: (x, y) → ((A x + B y + C) / w, (D x + E y + F) / w) with w = G x + H y + 1. Affine if G and H are 0.
/// A value type; thread-safe.
/// </summary>
internal readonly record struct PlaneTransform(double A, double B, double C, double D, double E, double F, double G, double H)
{
    public bool IsAffine => G == 0 && H == 0;

    /// <summary>The rotation part at the origin in radians: of the similarity nearest to the linear part.</summary>
    public double Rotation => Math.Atan2(D - B, A + E);

    public (double X, double Y) Apply(double x, double y)
    {
        double w = (G * x) + (H * y) + 1;
        return (((A * x) + (B * y) + C) / w, ((D * x) + (E * y) + F) / w);
    }

    /// <summary>The linear part at a point.</summary>
    public (double Xx, double Xy, double Yx, double Yy) JacobianAt(double x, double y)
    {
        double w = (G * x) + (H * y) + 1;
        (double u, double v) = Apply(x, y);
        return ((A - (u * G)) / w, (B - (u * H)) / w, (D - (v * G)) / w, (E - (v * H)) / w);
    }

    /// <summary>Scale 1 and rotation 0 about one pair of keypoints, times the given scale and rotation.</summary>
    public static PlaneTransform Similarity(double scale, double rotation, double fromX, double fromY, double toX, double toY)
    {
        (double sin, double cos) = Math.SinCos(rotation);
        (double a, double d) = (scale * cos, scale * sin);
        return new PlaneTransform(a, -d, toX - (a * fromX) + (d * fromY), d, a, toY - (d * fromX) - (a * fromY), 0, 0);
    }

    /// <summary>Whether x = w − x is applied to the source first: the transform as seen from a source that is <paramref name="width"/> wide and mirrored.</summary>
    public PlaneTransform AfterMirror(double width)
    {
        double w = (G * width) + 1;
        return new PlaneTransform(-A / w, B / w, ((A * width) + C) / w, -D / w, E / w, ((D * width) + F) / w, -G / w, H / w);
    }

    /// <summary>From nine values, row by row, as <see cref="ToArray"/> gives them.</summary>
    public static PlaneTransform FromArray(IReadOnlyList<float> t) =>
        new((double)t[0] / t[8], (double)t[1] / t[8], (double)t[2] / t[8], (double)t[3] / t[8], (double)t[4] / t[8], (double)t[5] / t[8], (double)t[6] / t[8], (double)t[7] / t[8]);

    public float[] ToArray() => [(float)A, (float)B, (float)C, (float)D, (float)E, (float)F, (float)G, (float)H, 1f];

    /// <summary>
    /// Whether the transform could come from a camera or an editor at these points: nothing flips or passes the horizon, sizes change by at
    /// most <paramref name="maxScale"/> and within the picture by at most four times, and no direction is stretched more than <paramref name="maxStretch"/> times another.
    /// </summary>
    public bool IsPlausible(IReadOnlyList<ImagePoint> points, double maxScale, double maxStretch)
    {
        (double least, double most) = (double.MaxValue, 0);
        foreach (ImagePoint point in points)
        {
            if ((G * point.X) + (H * point.Y) + 1 < 0.1) return false;
            (double xx, double xy, double yx, double yy) = JacobianAt(point.X, point.Y);
            double area = (xx * yy) - (xy * yx);
            if (!(area > 0)) return false;
            double half = ((xx * xx) + (xy * xy) + (yx * yx) + (yy * yy)) / 2;
            double root = Math.Sqrt(Math.Max(0, (half * half) - (area * area)));
            double stretch = Math.Sqrt((half + root) / Math.Max(1e-12, half - root));
            double scale = Math.Sqrt(area);
            if (stretch > maxStretch || scale > maxScale || scale * maxScale < 1) return false;
            (least, most) = (Math.Min(least, scale), Math.Max(most, scale));
        }
        return most <= 4 * least;
    }
}

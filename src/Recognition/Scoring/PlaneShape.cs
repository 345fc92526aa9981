namespace Touchstone.Recognition.Scoring;

/// <summary>How far a transform of the plane is from moving, turning and scaling as a whole.</summary>
/// <param name="Stretch">|ln| of the ratio of the scales along both axes, at the origin.</param>
/// <param name="Shear">|cosine| of the angle between the axes' images.</param>
/// <param name="Foreshortening">Length of the projective part, 1/px of the reference.</param>
internal readonly record struct PlaneShape(double Stretch, double Shear, double Foreshortening)
{
    /// <param name="t">3×3, row by row.</param>
    /// <returns>Null where the transform folds an axis into a point.</returns>
    public static PlaneShape? Of(float[] t)
    {
        double a = t[0] / t[8], b = t[1] / t[8], c = t[3] / t[8], d = t[4] / t[8];
        double along = Math.Sqrt((a * a) + (c * c)), across = Math.Sqrt((b * b) + (d * d));
        if (along == 0 || across == 0) return null;
        return new PlaneShape(Math.Abs(Math.Log(along / across)), Math.Abs(((a * b) + (c * d)) / (along * across)), Math.Sqrt((t[6] * t[6]) + (t[7] * t[7])) / Math.Abs(t[8]));
    }
}

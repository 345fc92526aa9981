namespace Touchstone.Vision.Alignment;

/// <summary>How a reference lies in a picture, in parts of both: what the geometric check found, freed of the sizes that it was found at. Immutable; thread-safe.</summary>
public sealed class Placement
{
    private readonly float[] _transform;
    private readonly (int Width, int Height) _reference;
    private readonly (int Width, int Height) _query;

    /// <param name="transform">3×3, row by row, reference px → query px.</param>
    /// <param name="reference">Its size in px, each at least 1.</param>
    /// <param name="query">Its size in px, each at least 1.</param>
    /// <exception cref="ArgumentException">The transform does not have nine values, or a size is not positive.</exception>
    public Placement(float[] transform, (int Width, int Height) reference, (int Width, int Height) query)
    {
        ArgumentNullException.ThrowIfNull(transform);
        if (transform.Length != 9) throw new ArgumentException($"A transform has 9 values, not {transform.Length}.", nameof(transform));
        if (reference.Width < 1 || reference.Height < 1 || query.Width < 1 || query.Height < 1) throw new ArgumentException("Sizes are at least 1 px.");
        (_transform, _reference, _query) = ([.. transform], reference, query);
    }

    /// <summary>Where a point of the reference lies in the picture; null beyond the horizon of the transform. It may lie outside the picture.</summary>
    /// <param name="point">In parts of the reference's width and height, 0..1.</param>
    /// <returns>In parts of the picture's width and height.</returns>
    public ImagePoint? Locate(ImagePoint point)
    {
        double x = point.X * _reference.Width, y = point.Y * _reference.Height;
        double w = (_transform[6] * x) + (_transform[7] * y) + _transform[8];
        if (!(w > 0.05)) return null;
        return new ImagePoint(
            (float)(((_transform[0] * x) + (_transform[1] * y) + _transform[2]) / w / _query.Width),
            (float)(((_transform[3] * x) + (_transform[4] * y) + _transform[5]) / w / _query.Height));
    }
}

using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Vision.Alignment;

/// <summary>
/// Asks of a found transform what pairing cannot: which of the reference's keypoints the query ought to show, and whether it does.
/// A copy shows nearly all of them, wherever they lie; a sibling product that shares a maker's mark shows those of the mark alone.
/// Thread-safe; deterministic.
/// </summary>
internal static class ModelSupport
{
    /// <summary>Keypoints asked for: the strongest.</summary>
    private const int Asked = 300;

    /// <summary>Expected keypoints that are taken to be missing from the start, so that few say little.</summary>
    private const int Doubt = 4;

    /// <summary>The least cosine between descriptors; the place is known, so this may be lower than in a search. RootSIFT, 512 times a unit vector.</summary>
    private const int LeastProduct = (int)(0.8 * 512 * 512);

    private const float MaxTurn = 0.6f;
    private const float MaxLogScale = 0.7f;

    /// <summary>The share found of the keypoints to be expected, 0..1.</summary>
    /// <param name="transform">Reference → query, in px from the corner.</param>
    /// <param name="tolerance">How far from its place a keypoint may lie, px of the query.</param>
    public static float Of(LocalFeatureSet query, LocalFeatureSet reference, PlaneTransform transform, float tolerance)
    {
        if (query.Keypoints.Length == 0) return 0;
        float smallest = 1.25f * query.Keypoints.Min(k => k.Scale), largest = query.Keypoints.Max(k => k.Scale);
        int expected = 0, found = 0;
        for (int i = 0; i < Math.Min(Asked, reference.Keypoints.Length); i++)
        {
            if (Projected(reference.Keypoints[i], transform) is not { } place) continue;
            if (place.X < 0 || place.Y < 0 || place.X > query.Width || place.Y > query.Height || place.Scale < smallest || place.Scale > largest) continue;
            expected++;
            if (Shows(query, place, reference.Descriptors.AsSpan(i * LocalFeatureSet.DescriptorLength, LocalFeatureSet.DescriptorLength), tolerance)) found++;
        }
        return (float)found / (expected + Doubt);
    }

    private static Keypoint? Projected(Keypoint of, PlaneTransform transform)
    {
        (double xx, double xy, double yx, double yy) = transform.JacobianAt(of.X + 0.5, of.Y + 0.5);
        double area = (xx * yy) - (xy * yx);
        if (!(area > 0)) return null;
        (double x, double y) = transform.Apply(of.X + 0.5, of.Y + 0.5);
        return new Keypoint((float)x, (float)y, of.Scale * (float)Math.Sqrt(area), PairedPoints.Wrapped(of.Angle + (float)Math.Atan2(yx - xy, xx + yy)));
    }

    private static bool Shows(LocalFeatureSet query, Keypoint place, ReadOnlySpan<byte> descriptor, float tolerance)
    {
        float reach = Math.Max(tolerance, 0.5f * place.Scale);
        Keypoint[] keypoints = query.Keypoints;
        for (int i = 0; i < keypoints.Length; i++)
        {
            ref readonly Keypoint k = ref keypoints[i];
            if (MathF.Abs(k.X + 0.5f - place.X) > reach || MathF.Abs(k.Y + 0.5f - place.Y) > reach) continue;
            if (MathF.Abs(MathF.Log(k.Scale / place.Scale)) > MaxLogScale || MathF.Abs(PairedPoints.Wrapped(k.Angle - place.Angle)) > MaxTurn) continue;
            if (Product(query.Descriptors.AsSpan(i * LocalFeatureSet.DescriptorLength, LocalFeatureSet.DescriptorLength), descriptor) >= LeastProduct) return true;
        }
        return false;
    }

    private static int Product(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int sum = 0;
        for (int i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }
}

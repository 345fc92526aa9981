using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Vision.Alignment;

/// <summary>Tentative pairs as columns: where each lies in both pictures (px, origin at the top left corner), and the turn and change of size that its keypoints claim.</summary>
internal sealed class PairedPoints
{
    public PairedPoints(LocalFeatureSet query, LocalFeatureSet reference, List<FeaturePair> pairs)
    {
        Count = pairs.Count;
        QueryX = new float[Count];
        QueryY = new float[Count];
        ReferenceX = new float[Count];
        ReferenceY = new float[Count];
        Rotation = new float[Count];
        LogScale = new float[Count];
        for (int i = 0; i < Count; i++)
        {
            Keypoint q = query.Keypoints[pairs[i].Query];
            Keypoint r = reference.Keypoints[pairs[i].Reference];
            // Keypoints count from px centres, points from the corner.
            (QueryX[i], QueryY[i]) = (q.X + 0.5f, q.Y + 0.5f);
            (ReferenceX[i], ReferenceY[i]) = (r.X + 0.5f, r.Y + 0.5f);
            Rotation[i] = Wrapped(q.Angle - r.Angle);
            LogScale[i] = MathF.Log(q.Scale / r.Scale);
        }
    }

    public int Count { get; }

    public float[] QueryX { get; }

    public float[] QueryY { get; }

    public float[] ReferenceX { get; }

    public float[] ReferenceY { get; }

    /// <summary>Radians from the reference to the query, −π..π.</summary>
    public float[] Rotation { get; }

    /// <summary>Natural logarithm of the query's size over the reference's.</summary>
    public float[] LogScale { get; }

    public static float Wrapped(float angle) => angle > MathF.PI ? angle - (2 * MathF.PI) : angle < -MathF.PI ? angle + (2 * MathF.PI) : angle;
}

using System.Numerics.Tensors;
using Touchstone.Index.Keypoints;
using Touchstone.Recognition.Features;
using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Recognition.Gallery;

/// <summary>What the indexes of a gallery take of an image's features. Pure.</summary>
internal static class IndexedFeatures
{
    private const int MinimumPdqQuality = 50;

    // Of marks laid on photos, of car emblems and of packages no more is found with 300 of a reference's keypoints than with so many.
    private const int KeypointsOfMark = 100, KeypointsOfThing = 150;

    // A margin's width moves an embedding so little. 2,000 drawn marks have 1.35 vectors each then in place of 1.92, and as many of 60 photos of them are found.
    private const float LikeAnother = 0.96f;

    /// <summary>The vectors of the whole picture and of its views but those that nearly equal one before.</summary>
    public static IReadOnlyList<float[]> VectorsOf(ImageFeatures features)
    {
        var kept = new List<float[]>();
        foreach (float[] whole in features.Wholes)
            if (!kept.Exists(k => TensorPrimitives.Dot<float>(k, whole) >= LikeAnother)) kept.Add(whole);
        return kept;
    }

    /// <summary>The perceptual hash as a key; null where it says too little.</summary>
    public static ulong[]? HashOf(ImageFeatures features) =>
        features.Pdq.Quality < MinimumPdqQuality ? null : [features.Pdq.Hash.A, features.Pdq.Hash.B, features.Pdq.Hash.C, features.Pdq.Hash.D];

    /// <summary>The perceptual hash as keys to ask with: as it is and in every turn, because a mirrored copy is a copy.</summary>
    public static ulong[]? AskedHashesOf(ImageFeatures features) =>
        HashOf(features) is null ? null : [.. features.Pdq.Hash.InEveryTurn().SelectMany(h => (ulong[])[h.A, h.B, h.C, h.D])];

    /// <summary>The strongest keypoints of a reference image; null where it has none.</summary>
    public static KeypointQuery? KeypointsOf(ImageFeatures features, ReferenceKind kind)
    {
        if (features.LocalFeatures is not { Keypoints.Length: > 0 } local) return null;
        int kept = Math.Min(local.Keypoints.Length, kind == ReferenceKind.Mark ? KeypointsOfMark : KeypointsOfThing);
        return new KeypointQuery(Array.ConvertAll(local.Keypoints[..kept], Indexed), local.Descriptors.AsMemory(0, kept * LocalFeatureSet.DescriptorLength));
    }

    /// <summary>All keypoints, to ask with.</summary>
    public static KeypointQuery Asked(LocalFeatureSet local) => new(Array.ConvertAll(local.Keypoints, Indexed), local.Descriptors);

    private static IndexedKeypoint Indexed(Keypoint point) => new(point.Angle, point.Scale);
}

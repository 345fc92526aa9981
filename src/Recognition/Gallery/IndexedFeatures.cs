using Touchstone.Index.Keypoints;
using Touchstone.Recognition.Features;
using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Recognition.Gallery;

/// <summary>Hashes and keypoints of an image's features as the indexes take them and are asked with. Pure.</summary>
internal static class IndexedFeatures
{
    private const int MinimumPdqQuality = 50;

    /// <summary>The perceptual hash as a key; null where it says too little.</summary>
    public static ulong[]? HashOf(ImageFeatures features) =>
        features.Pdq.Quality < MinimumPdqQuality ? null : [features.Pdq.Hash.A, features.Pdq.Hash.B, features.Pdq.Hash.C, features.Pdq.Hash.D];

    /// <summary>The perceptual hash as keys to ask with: as it is and in every turn, because a mirrored copy is a copy.</summary>
    public static ulong[]? AskedHashesOf(ImageFeatures features) =>
        HashOf(features) is null ? null : [.. features.Pdq.Hash.InEveryTurn().SelectMany(h => (ulong[])[h.A, h.B, h.C, h.D])];

    /// <summary>All keypoints, to ask with.</summary>
    public static KeypointQuery Asked(LocalFeatureSet local) => new(Array.ConvertAll(local.Keypoints, Indexed), local.Descriptors);

    internal static IndexedKeypoint Indexed(Keypoint point) => new(point.Angle, point.Scale);
}

using Touchstone.Vision.Imaging;

namespace Touchstone.Vision.LocalFeatures;

/// <summary>
/// Finds keypoints and describes them. Safe for concurrent calls; deterministic on one machine (the last bit of a float may differ between
/// processors with and without fused multiply-add). Source: D. Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", 2004.
/// </summary>
public static class LocalFeatureExtractor
{
    /// <summary>Level fractions are bounded by the placement, so a blob's nearest level always exists.</summary>
    private const int LastLevel = ScaleSpace.Intervals + 1;

    /// <summary>
    /// The features of one picture of any size: at most <see cref="LocalFeatureOptions.MaxKeypoints"/>, strongest first, in px of
    /// the picture given. Plain or tiny pictures give none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static LocalFeatureSet Extract(RgbImage image, LocalFeatureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        options ??= LocalFeatureOptions.Default;
        options.Check();
        (GreyPlane plane, float stepX, float stepY) = GreyReduction.From(image, options);
        using (plane)
        {
            using var space = new ScaleSpace(plane, 1 / Math.Min(stepX, stepY));
            List<Blob> blobs = BlobSelection.Choose(ExtremumFinder.Find(space, options), plane.Width, plane.Height, options.MaxKeypoints);
            return Describe(image, space, blobs, options.MaxKeypoints, stepX, stepY);
        }
    }

    private static LocalFeatureSet Describe(RgbImage image, ScaleSpace space, List<Blob> blobs, int most, float stepX, float stepY)
    {
        var orientation = new DominantOrientation();
        var describer = new GradientDescriptor();
        Span<float> angles = stackalloc float[2];
        List<Keypoint> keypoints = new(most);
        byte[] descriptors = new byte[most * LocalFeatureSet.DescriptorLength];
        foreach (Blob blob in blobs)
        {
            if (keypoints.Count == most) break;
            GreyPlane level = space.Octaves[blob.Octave].Levels[Math.Clamp((int)MathF.Round(blob.Level), 0, LastLevel)];
            float sigma = (float)ScaleSpace.SigmaOf(blob.Level);
            int found = orientation.Find(level, blob.X, blob.Y, sigma, angles);
            for (int i = 0; i < found && keypoints.Count < most; i++)
            {
                Span<byte> target = descriptors.AsSpan(keypoints.Count * LocalFeatureSet.DescriptorLength, LocalFeatureSet.DescriptorLength);
                describer.Describe(level, blob.X, blob.Y, sigma, angles[i], target);
                keypoints.Add(Placed(blob, sigma, angles[i], stepX, stepY));
            }
        }
        Array.Resize(ref descriptors, keypoints.Count * LocalFeatureSet.DescriptorLength);
        return new LocalFeatureSet(image.Width, image.Height, [.. keypoints], descriptors) { Thumbnail = Thumbnail.Of(image) };
    }

    /// <summary>From px of an octave to px of the picture; px centres are whole numbers in both, and halving keeps every second px.</summary>
    private static Keypoint Placed(Blob blob, float sigma, float angle, float stepX, float stepY)
    {
        float octave = 1 << blob.Octave;
        float x = (((blob.X * octave) + 0.5f) * stepX) - 0.5f;
        float y = (((blob.Y * octave) + 0.5f) * stepY) - 0.5f;
        return new Keypoint(x, y, sigma * octave * MathF.Sqrt(stepX * stepY), angle);
    }
}

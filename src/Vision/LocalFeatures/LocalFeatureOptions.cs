namespace Touchstone.Vision.LocalFeatures;

/// <summary>How local features are found. Immutable; safe to share.</summary>
public sealed record LocalFeatureOptions
{
    public static LocalFeatureOptions Default { get; } = new();

    /// <summary>
    /// For a picture in which a thing is only a part: pictures up to 512 px are doubled, and up to 1,500 features are kept. Of 314 phone photos of packages 270
    /// instead of 221 have eight or more points in common with their reference; of a picture with the other settings 2.5 times the descriptors are compared.
    /// </summary>
    public static LocalFeatureOptions Dense { get; } = new() { MaxSide = 720, DoubleUpTo = 512, MaxKeypoints = 1_500 };

    /// <summary>Pictures are shrunk so that the longer side is at most this many px before features are sought. Range 64..2,048; default 480.</summary>
    public int MaxSide { get; init; } = 480;

    /// <summary>Pictures whose longer side is at most this are doubled first, because small ones show too few blobs at their own size. Range 0..1,024; default 256.</summary>
    public int DoubleUpTo { get; init; } = 256;

    /// <summary>Most features kept: the strongest, spread over the picture. Range 1..10,000; default 600.</summary>
    public int MaxKeypoints { get; init; } = 600;

    /// <summary>Weakest difference-of-Gaussians response kept, as part of full scale. Range 0..1; default 0.003.</summary>
    public float ContrastThreshold { get; init; } = 0.003f;

    /// <summary>Largest ratio of principal curvatures; more is an edge and slides along it. Above 1; default 10.</summary>
    public float EdgeRatio { get; init; } = 10f;

    /// <exception cref="ArgumentOutOfRangeException">A value outside its range.</exception>
    internal void Check()
    {
        InRange(MaxSide, 64, 2_048, nameof(MaxSide));
        InRange(DoubleUpTo, 0, 1_024, nameof(DoubleUpTo));
        InRange(MaxKeypoints, 1, LocalFeatureSet.MaxKeypoints, nameof(MaxKeypoints));
        if (!(ContrastThreshold is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(ContrastThreshold), ContrastThreshold, "The range is 0..1.");
        if (!(EdgeRatio > 1)) throw new ArgumentOutOfRangeException(nameof(EdgeRatio), EdgeRatio, "The ratio is above 1.");
    }

    private static void InRange(int value, int least, int most, string name)
    {
        if (value < least || value > most) throw new ArgumentOutOfRangeException(name, value, $"The range is {least}..{most}.");
    }
}

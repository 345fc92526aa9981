namespace Touchstone.Vision.Alignment;

/// <summary>How a candidate is checked. Immutable; safe to share.</summary>
public sealed record VerificationOptions
{
    public static VerificationOptions Default { get; } = new();

    /// <summary>A pair counts only if its distance is below this part of the distance to the second best. Range 0..1, exclusive; default 0.8.</summary>
    public float Ratio { get; init; } = 0.8f;

    /// <summary>How far an inlier may lie from where the transform puts it, as part of the query's longer side. Range 0..0.1, exclusive; default 0.01.</summary>
    public float Tolerance { get; init; } = 0.01f;

    /// <summary>Fewer unique inliers than this make no model. Range 3..1,000; default 4.</summary>
    public int MinInliers { get; init; } = 4;

    /// <summary>The mirrored reference is tried if the upright one gives fewer inliers than this, or than half of the features of the picture that has fewer; 0 never tries it. Default 12.</summary>
    public int TryMirroredBelow { get; init; } = 12;

    /// <summary>Largest change of size between the pictures, either way. At least 1; default 16.</summary>
    public float MaxScale { get; init; } = 16f;

    /// <summary>Largest ratio of the transform's longest to its shortest stretch. At least 1; default 3.</summary>
    public float MaxStretch { get; init; } = 3f;

    /// <exception cref="ArgumentOutOfRangeException">A value outside its range.</exception>
    internal void Check()
    {
        if (!(Ratio is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(Ratio), Ratio, "The range is 0..1, exclusive.");
        if (!(Tolerance is > 0 and < 0.1f)) throw new ArgumentOutOfRangeException(nameof(Tolerance), Tolerance, "The range is 0..0.1, exclusive.");
        if (MinInliers is < 3 or > 1_000) throw new ArgumentOutOfRangeException(nameof(MinInliers), MinInliers, "The range is 3..1,000.");
        ArgumentOutOfRangeException.ThrowIfNegative(TryMirroredBelow);
        if (!(MaxScale >= 1)) throw new ArgumentOutOfRangeException(nameof(MaxScale), MaxScale, "The least is 1.");
        if (!(MaxStretch >= 1)) throw new ArgumentOutOfRangeException(nameof(MaxStretch), MaxStretch, "The least is 1.");
    }
}

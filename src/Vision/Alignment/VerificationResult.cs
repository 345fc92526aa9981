namespace Touchstone.Vision.Alignment;

/// <summary>A point in px of a picture, origin at its top left, y down.</summary>
public readonly record struct ImagePoint(float X, float Y);

/// <summary>
/// The geometric check of one candidate. <c>Inliers</c>: feature pairs that one transform explains; <c>TentativeMatches</c>: pairs
/// that passed the ratio and mutual tests; <c>Error</c>: mean reprojection error of the inliers in px of the query;
/// <c>QueryRegion</c>, <c>ReferenceRegion</c>: the convex hull of the inliers in each picture (empty if there is no model);
/// <c>Transform</c>: 3×3, row by row, reference px → query px, or null; <c>QueryCoverage</c>, <c>ReferenceCoverage</c>: hull area over
/// picture area, 0..1; <c>Support</c>: of the reference's keypoints that the query ought to show under the transform, the share that
/// it does show, 0..1 (0 without a model). Deterministic for equal input: the random seed is fixed.
/// </summary>
public sealed record VerificationResult(
    int TentativeMatches,
    int Inliers,
    float Error,
    IReadOnlyList<ImagePoint> QueryRegion,
    IReadOnlyList<ImagePoint> ReferenceRegion,
    float[]? Transform,
    float QueryCoverage,
    float ReferenceCoverage,
    float Support,
    bool Mirrored)
{
    /// <summary>How far the pictures agree, place for place, under the transform; null without one, or where a set has no thumbnail.</summary>
    public Agreement? Aligned { get; init; }
}

/// <summary>How far two pictures agree where one lies on the other, each 0..1.</summary>
/// <param name="Reference">How far what the reference shows there agrees.</param>
/// <param name="Query">How far what the query shows within the reference's outline agrees.</param>
/// <param name="Visible">The part of the reference's structure that lies within the query.</param>
/// <param name="Colour">How far the colours go together, place for place; 1 where one has none.</param>
/// <param name="ColourDistance">How far apart the colours are, place for place, where either is coloured, 0 where none is: another shade of the same print goes together and is apart.</param>
public readonly record struct Agreement(float Reference, float Query, float Visible, float Colour, float ColourDistance);

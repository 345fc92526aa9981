using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Vision.Alignment;

/// <summary>
/// Checks whether one transform of the plane carries the reference's features onto the query's. Safe for concurrent calls; deterministic.
/// It can see copies, crops, overlays, other views of flat prints and shared marks; it can't see that two plain things have the same shape.
/// </summary>
public static class GeometricVerifier
{
    /// <summary>Px of the query's thumbnail along the reference below which it does not show what differs: a thing on a quarter of a photo's side is too blurred (docs/accuracy.md).</summary>
    private const double LeastShown = 40;

    /// <summary>
    /// Compares two pictures. If too few features agree upright, or not most of them, the reference is tried mirrored as well (its features are remapped, not
    /// extracted again): what is drawn alike on both sides agrees in part the wrong way round, too. The better answer is returned, always in the coordinates of the pictures as given.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static VerificationResult Verify(LocalFeatureSet query, LocalFeatureSet reference, VerificationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(reference);
        options ??= VerificationOptions.Default;
        options.Check();
        Attempt upright = Compare(query, reference, false, options);
        Attempt best = upright;
        if (options.TryMirroredBelow > 0 && (upright.Inliers < options.TryMirroredBelow || 2 * upright.Inliers < Math.Min(query.Keypoints.Length, reference.Keypoints.Length)))
        {
            Attempt mirrored = Compare(query, reference.Mirrored(), true, options);
            if (mirrored.Inliers > upright.Inliers) best = mirrored;
        }
        return Judged(best, query, reference, options);
    }

    /// <summary>
    /// The largest part that both pictures show and that differs, under the transform that <see cref="Verify"/> found. For pictures that lie flat on each
    /// other: what is bent or seen from the side differs everywhere.
    /// </summary>
    /// <returns><see cref="ChangedPart.None"/> without a transform, where a set has no thumbnail, or where the query shows the reference too small to tell.</returns>
    public static ChangedPart ChangedIn(LocalFeatureSet query, LocalFeatureSet reference, VerificationResult verified)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(verified);
        if (verified.Transform is not { } values) return ChangedPart.None;
        PlaneTransform transform = PlaneTransform.FromArray(values);
        double along = 0;
        if (OverlaidGrids.Of(query, reference, transform, shown => { along = shown; return ChangeMap.Cells; }) is not { } laid || along < LeastShown) return ChangedPart.None;
        (IReadOnlyList<int> cells, float share) = ChangeMap.LargestPart(
            laid with { KnownGround = PlainGround.Of(reference.Thumbnail!), ShownGround = PlainGround.Of(query.Thumbnail!) },
            () => OverlaidGrids.Of(query, reference, transform, _ => LaidOver.Places)!);
        if (cells.Count == 0) return ChangedPart.None;
        List<ImagePoint> hull = ConvexHull.Of(cells.Select(cell =>
        {
            (double x, double y) = transform.Apply((cell % laid.Columns + 0.5) * reference.Width / laid.Columns, (cell / laid.Columns + 0.5) * reference.Height / laid.Rows);
            return new ImagePoint((float)x, (float)y);
        }));
        return new ChangedPart(share, hull);
    }

    private static Attempt Compare(LocalFeatureSet query, LocalFeatureSet reference, bool mirrored, VerificationOptions options)
    {
        List<FeaturePair> pairs = DescriptorMatcher.Match(query, reference, options.Ratio);
        var points = new PairedPoints(query, reference, pairs);
        var search = new ModelSearch(points, Math.Max(query.Width, query.Height), Math.Max(reference.Width, reference.Height), options);
        return new Attempt(reference, mirrored, points, search.Find());
    }

    /// <summary>What the attempt says, in the coordinates of the pictures as given.</summary>
    private static VerificationResult Judged(Attempt attempt, LocalFeatureSet query, LocalFeatureSet given, VerificationOptions options)
    {
        (LocalFeatureSet reference, bool mirrored, PairedPoints points, FoundModel? found) = attempt;
        if (found is not { } model) return new VerificationResult(points.Count, 0, 0, [], [], null, 0, 0, 0, mirrored);
        List<ImagePoint> queryHull = ConvexHull.Of(model.Inliers.Select(i => new ImagePoint(points.QueryX[i], points.QueryY[i])));
        List<ImagePoint> referenceHull = ConvexHull.Of(model.Inliers.Select(i =>
            new ImagePoint(mirrored ? reference.Width - points.ReferenceX[i] : points.ReferenceX[i], points.ReferenceY[i])));
        PlaneTransform transform = mirrored ? model.Transform.AfterMirror(reference.Width) : model.Transform;
        return new VerificationResult(
            points.Count,
            model.Inliers.Length,
            (float)model.MeanError,
            queryHull,
            referenceHull,
            transform.ToArray(),
            Coverage(queryHull, query),
            Coverage(referenceHull, reference),
            ModelSupport.Of(query, reference, model.Transform, Math.Max(2, 2 * options.Tolerance * Math.Max(query.Width, query.Height))),
            mirrored)
        {
            Aligned = AlignedCorrelation.Of(query, given, transform),
        };
    }

    /// <summary>The reference as it was tried, the pairs, and the transform that explains most of them, if any does.</summary>
    private readonly record struct Attempt(LocalFeatureSet Reference, bool Mirrored, PairedPoints Points, FoundModel? Model)
    {
        public int Inliers => Model?.Inliers.Length ?? 0;
    }

    private static float Coverage(List<ImagePoint> hull, LocalFeatureSet set) =>
        (float)Math.Clamp(ConvexHull.Area(hull) / ((double)set.Width * set.Height), 0, 1);
}

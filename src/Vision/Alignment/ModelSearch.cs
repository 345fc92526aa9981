namespace Touchstone.Vision.Alignment;

/// <summary>A transform and the pairs that it explains at places of their own, best explained first.</summary>
internal sealed record FoundModel(PlaneTransform Transform, int[] Inliers, double MeanError);

/// <summary>
/// Finds the transform that explains most pairs. One pair of keypoints fixes a similarity (place, size, turn), so every pair is tried as
/// a seed instead of random samples: the search is exhaustive up to a limit and has no randomness. The best seeds are then refined: similarity,
/// affine, homography, each from the inliers of the one before. Pairs whose keypoints contradict the transform's turn or size don't count.
/// </summary>
internal sealed class ModelSearch(PairedPoints points, double queryLonger, double referenceLonger, VerificationOptions options)
{
    /// <summary>Seeds tried: the clearest pairs.</summary>
    private const int MaxSeeds = 256;

    /// <summary>From so many inliers on, a weaker seed is not worth refining.</summary>
    private const int ManyInliers = 20;

    /// <summary>Seeds refined.</summary>
    private const int Refined = 4;

    /// <summary>A seed's own turn and size are inexact, so its error may grow with the distance from it: radians or parts.</summary>
    private const double SeedSlack = 0.12;

    private const double MaxTurn = 0.5;
    private const double MaxLogScale = 0.7;

    /// <summary>Below this an affine fit follows chance: six parameters from few pairs.</summary>
    private const int AffineFrom = 6;

    private const int HomographyFrom = 10;
    private readonly double _tolerance = Math.Max(1.5, options.Tolerance * queryLonger);
    private readonly double _querySpacing = Math.Max(1.5, 0.008 * queryLonger);
    private readonly double _referenceSpacing = Math.Max(1.5, 0.008 * referenceLonger);

    /// <summary>Null if no transform explains <see cref="VerificationOptions.MinInliers"/> pairs.</summary>
    public FoundModel? Find()
    {
        if (points.Count < options.MinInliers) return null;
        FoundModel? best = null;
        foreach ((int seed, int support) in BestSeeds())
        {
            // The seeds fall in support; one that begins with so little does not overtake.
            if (best is not null && best.Inliers.Length >= ManyInliers && support < best.Inliers.Length / 2) break;
            if (best is not null && best.Inliers.Contains(seed)) continue;
            FoundModel? found = Refine(seed);
            if (found is not null && (best is null || found.Inliers.Length > best.Inliers.Length)) best = found;
        }
        return best;
    }

    private IEnumerable<(int Seed, int Support)> BestSeeds()
    {
        int seeds = Math.Min(points.Count, MaxSeeds);
        int[] support = new int[seeds];
        for (int seed = 0; seed < seeds; seed++) support[seed] = SeedSupport(seed, null);
        return Enumerable.Range(0, seeds).Where(seed => support[seed] >= options.MinInliers).OrderByDescending(seed => support[seed]).ThenBy(seed => seed).Take(Refined * 4)
            .Select(seed => (seed, support[seed])).ToArray();
    }

    /// <summary>Counts the pairs that the seed's similarity explains, and collects them if asked.</summary>
    private int SeedSupport(int seed, List<int>? collected)
    {
        double scale = Math.Exp(points.LogScale[seed]);
        double maxScale = Math.Log(options.MaxScale);
        if (Math.Abs(points.LogScale[seed]) > maxScale) return 0;
        var similarity = PlaneTransform.Similarity(
            scale, points.Rotation[seed], points.ReferenceX[seed], points.ReferenceY[seed], points.QueryX[seed], points.QueryY[seed]);
        (float a, float b, float c, float d, float f) = ((float)similarity.A, (float)similarity.B, (float)similarity.C, (float)similarity.D, (float)similarity.F);
        float slack = (float)(SeedSlack * SeedSlack);
        float tolerance = (float)(_tolerance * _tolerance);
        int count = 0;
        for (int i = 0; i < points.Count; i++)
        {
            float ex = (a * points.ReferenceX[i]) + (b * points.ReferenceY[i]) + c - points.QueryX[i];
            float ey = (d * points.ReferenceX[i]) + (a * points.ReferenceY[i]) + f - points.QueryY[i];
            float dx = points.QueryX[i] - points.QueryX[seed];
            float dy = points.QueryY[i] - points.QueryY[seed];
            if ((ex * ex) + (ey * ey) > tolerance + (slack * ((dx * dx) + (dy * dy)))) continue;
            if (!Agrees(i, points.Rotation[seed], points.LogScale[seed])) continue;
            count++;
            collected?.Add(i);
        }
        return count;
    }

    private bool Agrees(int pair, float rotation, float logScale) =>
        MathF.Abs(points.LogScale[pair] - logScale) <= MaxLogScale && MathF.Abs(PairedPoints.Wrapped(points.Rotation[pair] - rotation)) <= MaxTurn;

    private FoundModel? Refine(int seed)
    {
        List<int> collected = [];
        SeedSupport(seed, collected);
        int[] inliers = [.. collected];
        FoundModel? best = null;
        // The tolerance narrows while the fit improves.
        foreach (double widening in (ReadOnlySpan<double>)[3, 2, 1.4, 1, 1])
        {
            PlaneTransform? fit = Fit(inliers);
            if (fit is not { } transform) break;
            inliers = Explained(transform, widening);
            if (inliers.Length < options.MinInliers) return best;
            if (widening > 1) continue;
            best = Better(best, Judge(transform, inliers));
        }
        if (best is null || best.Inliers.Length < HomographyFrom) return best;
        inliers = Explained(best.Transform, 2);
        for (int round = 0; round < 3; round++)
        {
            if (TransformFit.Homography(points, inliers) is not { } transform) break;
            inliers = Explained(transform, round == 0 ? 1.5 : 1);
            if (inliers.Length < HomographyFrom) break;
            FoundModel? judged = Judge(transform, inliers);
            // Two more parameters explain more by chance; they must earn their place.
            if (judged is not null && judged.Inliers.Length >= 1.05 * best.Inliers.Length) best = judged;
        }
        return best;
    }

    private PlaneTransform? Fit(int[] inliers)
    {
        if (inliers.Length >= AffineFrom && TransformFit.Affine(points, inliers) is { } affine) return affine;
        return inliers.Length >= 2 ? TransformFit.Similarity(points, inliers) : null;
    }

    private static FoundModel? Better(FoundModel? best, FoundModel? other) =>
        other is not null && (best is null || other.Inliers.Length >= best.Inliers.Length) ? other : best;

    /// <summary>Pairs within the tolerance whose keypoints agree with the transform's turn and size where they lie, nearest first.</summary>
    private int[] Explained(PlaneTransform transform, double widening)
    {
        double tolerance = widening * _tolerance * widening * _tolerance;
        List<(double Error, int Pair)> explained = [];
        for (int i = 0; i < points.Count; i++)
        {
            double error = SquaredError(transform, i);
            if (!(error <= tolerance)) continue;
            (double xx, double xy, double yx, double yy) = transform.JacobianAt(points.ReferenceX[i], points.ReferenceY[i]);
            double area = (xx * yy) - (xy * yx);
            if (area <= 0) continue;
            if (Agrees(i, (float)Math.Atan2(yx - xy, xx + yy), (float)(0.5 * Math.Log(area)))) explained.Add((error, i));
        }
        explained.Sort();
        return [.. explained.Select(entry => entry.Pair)];
    }

    private double SquaredError(PlaneTransform transform, int pair)
    {
        (double x, double y) = transform.Apply(points.ReferenceX[pair], points.ReferenceY[pair]);
        (x, y) = (x - points.QueryX[pair], y - points.QueryY[pair]);
        return (x * x) + (y * y);
    }

    /// <summary>Keeps one inlier a place, so that many keypoints at one spot count once; null if too few are left or the transform is absurd.</summary>
    private FoundModel? Judge(PlaneTransform transform, int[] inliers)
    {
        List<int> unique = [];
        foreach (int pair in inliers)
            if (unique.TrueForAll(other => Apart(pair, other))) unique.Add(pair);
        if (unique.Count < options.MinInliers) return null;
        ImagePoint[] places = [.. unique.Select(pair => new ImagePoint(points.ReferenceX[pair], points.ReferenceY[pair]))];
        if (!transform.IsPlausible(places, options.MaxScale, options.MaxStretch)) return null;
        return new FoundModel(transform, [.. unique], unique.Average(pair => Math.Sqrt(SquaredError(transform, pair))));
    }

    private bool Apart(int left, int right) =>
        Distance(points.QueryX, points.QueryY, left, right) >= _querySpacing && Distance(points.ReferenceX, points.ReferenceY, left, right) >= _referenceSpacing;

    /// <summary>The larger of the distances along the axes.</summary>
    private static float Distance(float[] x, float[] y, int left, int right) => MathF.Max(MathF.Abs(x[left] - x[right]), MathF.Abs(y[left] - y[right]));
}

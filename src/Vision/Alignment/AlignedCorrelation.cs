using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Vision.Alignment;

/// <summary>
/// Compares two pictures place for place once a transform says how the reference lies in the query: normalised cross-correlation of small
/// patches of luma, each weighed by the structure that it has. Keypoints tell that much agrees; this tells whether the rest does too, which
/// it does in a copy and does not in a sibling package or another garment before the same background. Thread-safe; deterministic.
/// </summary>
internal static class AlignedCorrelation
{
    /// <summary>Cells along the reference's longer side.</summary>
    private const int Cells = 32;

    /// <summary>Fewer are compared where the query shows the reference small.</summary>
    private const int FewestCells = 12;

    /// <summary>Cells along the side of a patch; patches overlap by half.</summary>
    private const int Patch = 6;

    /// <summary>Standard deviation of luma below which a patch shows nothing, and above which it counts no more.</summary>
    private const double LeastContrast = 4, FullContrast = 40;

    /// <summary>Contrast that is taken to disagree from the start, so that little says little.</summary>
    private const double Doubt = 40;

    /// <param name="transform">Reference → query, in px from the corner; it may mirror.</param>
    /// <returns>Null where a set has no thumbnail.</returns>
    public static Agreement? Of(LocalFeatureSet query, LocalFeatureSet reference, PlaneTransform transform)
    {
        if (OverlaidGrids.Of(query, reference, transform, along => (int)Math.Clamp(along, FewestCells, Cells)) is not { } laid) return null;
        return Compare(laid.Known.Luma, laid.Shown.Luma, laid.Columns, laid.Rows) with { Colour = laid.Known.ColourCorrelation(laid.Shown), ColourDistance = laid.Known.ColourDistance(laid.Shown) };
    }

    private static Agreement Compare(float[] left, float[] right, int columns, int rows)
    {
        double all = 0, seen = 0, agreed = 0, shown = 0, found = 0;
        int stepX = Math.Min(Patch, columns), stepY = Math.Min(Patch, rows);
        for (int top = 0; top + stepY <= rows; top += Math.Max(1, stepY / 2))
        {
            for (int first = 0; first + stepX <= columns; first += Math.Max(1, stepX / 2))
            {
                var patch = new PatchPlace(columns, rows, first, top, stepX, stepY);
                double known = Weight(patch.Variance(left));
                all += known;
                if (patch.BestMatch(left, right) is not { } match) continue;
                seen += known;
                agreed += known * match.Correlation;
                double other = Weight(match.Variance);
                shown += other;
                found += other * match.Correlation;
            }
        }
        return new Agreement((float)(agreed / (seen + Doubt)), (float)(found / (shown + Doubt)), all == 0 ? 0 : (float)(seen / all), 1, 0);
    }

    private static double Weight(double variance)
    {
        double contrast = Math.Sqrt(Math.Max(0, variance));
        return contrast < LeastContrast ? 0 : Math.Min(contrast, FullContrast);
    }
}

namespace Touchstone.Recognition.Calibration;

/// <summary>
/// What a reference picture has for it, before it is asked what else the picture may show: a weighed sum of measurements, about the log odds of a
/// compared pair of the relation. By it the references of a picture are weighed against each other. Immutable; safe for concurrent use.
/// </summary>
/// <param name="Placed">Where keypoints place the reference in the picture (<see cref="MatchFeatures.IsPlaced"/>).</param>
/// <param name="Unplaced">Where they do not; null: as where they do.</param>
/// <param name="Outside">What the strongest wrong reference of a picture typically has: a gallery of few references does not lend a lead.</param>
public sealed record EvidenceScale(WeightedSum Placed, WeightedSum? Unplaced, double Outside)
{
    /// <summary>No lead is greater, and none behind by more.</summary>
    public const double MostMargin = 6;

    public double Of(MatchFeatures features) => (features.IsPlaced ? Placed : Unplaced ?? Placed).Of(features);

    /// <summary>By how much the evidence exceeds what a wrong reference typically has, within 0 and <see cref="MostMargin"/>.</summary>
    public double Excess(MatchFeatures features) => Math.Clamp(Of(features) - Outside, 0, MostMargin);

    /// <summary>
    /// The log odds of a reference's share among all that the picture may show, itself, its rivals and anything else (a conditional logit:
    /// D. McFadden, 1974), within −<see cref="MostMargin"/> and <see cref="MostMargin"/>.
    /// </summary>
    /// <param name="own">Its evidence.</param>
    /// <param name="rivals">Theirs.</param>
    public double Margin(double own, IEnumerable<double> rivals)
    {
        ArgumentNullException.ThrowIfNull(rivals);
        double[] others = [Outside, .. rivals];
        double most = others.Max();
        return Math.Clamp(own - most - Math.Log(others.Sum(other => Math.Exp(other - most))), -MostMargin, MostMargin);
    }
}

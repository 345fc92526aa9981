namespace Touchstone.Recognition.Calibration;

/// <summary>z = intercept + Σ weight · measurement. Immutable; safe for concurrent use.</summary>
/// <param name="Weights">By <see cref="MatchFeatures.Names"/>; what has none weighs nothing.</param>
public sealed record WeightedSum(double Intercept, IReadOnlyDictionary<string, double> Weights)
{
    public double Of(MatchFeatures features) => Intercept + features.Weighed(Weights);

    /// <summary>The same of measurements kept by name; null where one with a weight is missing.</summary>
    public double? Of(IReadOnlyDictionary<string, double> measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        double z = Intercept;
        foreach ((string name, double weight) in Weights.Where(w => w.Value != 0))
        {
            if (!measured.TryGetValue(name, out double value)) return null;
            z += weight * value;
        }
        return z;
    }

    /// <summary>factor · z + offset.</summary>
    public WeightedSum Corrected(double factor, double offset) =>
        new(Math.Round((factor * Intercept) + offset, 6), Weights.ToDictionary(w => w.Key, w => Math.Round(factor * w.Value, 6)));
}

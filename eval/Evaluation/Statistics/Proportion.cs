namespace Touchstone.Evaluation.Statistics;

/// <summary>
/// A share with its uncertainty: <c>Value</c> = Count / Of, and the Wilson score interval at 95 % confidence, all 0..1. Value, Low and High
/// are null where nothing was counted. Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
/// </summary>
public sealed record Proportion
{
    /// <summary>The normal quantile for 95 %, two-sided.</summary>
    private const double Z = 1.959963984540054;

    /// <exception cref="ArgumentOutOfRangeException">Negative, or more hits than trials.</exception>
    public Proportion(int count, int of)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, of);
        Count = count;
        Of = of;
        if (of == 0) return;
        double share = (double)count / of;
        double spread = 1 + (Z * Z / of);
        double centre = (share + (Z * Z / (2 * of))) / spread;
        double half = Z / spread * Math.Sqrt((share * (1 - share) / of) + (Z * Z / (4.0 * of * of)));
        Value = share;
        Low = count == 0 ? 0 : Math.Max(0, centre - half);
        High = count == of ? 1 : Math.Min(1, centre + half);
    }

    public int Count { get; }

    public int Of { get; }

    public double? Value { get; }

    public double? Low { get; }

    public double? High { get; }

    /// <summary>Such as <c>97.5 % (86.8–99.9)</c>.</summary>
    public override string ToString() => Value is null ? "–" : $"{Value * 100:0.0} % ({Low * 100:0.0}–{High * 100:0.0})";
}

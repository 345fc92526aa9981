
namespace Touchstone.Recognition.Calibration;

/// <summary>
/// The measurements of one picture against one reference picture that a probability is computed from. A value type; every value is
/// finite, and one that could not be measured is at its "no evidence" end. Thread-safe.
/// </summary>
public readonly record struct MatchFeatures
{
    /// <summary>Agreeing points that tell something: of 4,880 unrelated pairs of catalogue pictures one in a thousand gave as many.</summary>
    public const int TellingInliers = 8;

    // Between the logarithms of one point less and of so many, so that what was rounded to be kept stays on its side.
    private static readonly double TellingLogInliers = Math.Log(0.5 + TellingInliers);

    /// <summary>The names of the values, in the order of <see cref="ToArray"/>; a profile's weights carry them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["similarity", "regionSimilarity", "normalisedScore", "normalisedRegionScore", "pdqCloseness", "logInliers", "coverage", "queryCoverage", "support", "logAgreement", "overlay", "textAgreement", "placedText", "placedColour", "changed", "offer", "logOddsMargin"];

    /// <summary>Cosine of the pictures as wholes, −1..1: a soft maximum over the views of the picture.</summary>
    public required double Similarity { get; init; }

    /// <summary>The best cosine between a window of one picture and a view of the other, −1..1; <see cref="Similarity"/> where the model has no windows.</summary>
    public required double RegionSimilarity { get; init; }

    /// <summary><see cref="Similarity"/> against the background set, in standard deviations; 0 where there is no background set.</summary>
    public double NormalisedScore { get; init; }

    /// <summary><see cref="RegionSimilarity"/> against the background set, in standard deviations; 0 where there is no background set.</summary>
    public double NormalisedRegionScore { get; init; }

    /// <summary>1 at PDQ distance 0, falling linearly to 0 at 128 bits (chance) and beyond.</summary>
    public required double PdqCloseness { get; init; }

    /// <summary>ln(1 + inliers) of the geometric check; 0 where there is none.</summary>
    public required double LogInliers { get; init; }

    /// <summary>The part of the reference picture that the inliers span, 0..1.</summary>
    public required double Coverage { get; init; }

    /// <summary>The part of the picture that the inliers span, 0..1: a crop of the reference spans it all.</summary>
    public required double QueryCoverage { get; init; }

    /// <summary>Of the reference's keypoints that the picture ought to show, the share that it shows, 0..1: low for a sibling that shares a maker's mark.</summary>
    public required double Support { get; init; }

    /// <summary>−ln(1.02 − a·c): <c>a</c> how far the reference agrees with the picture where it lies in it, <c>c</c> how far the colours do; −0.02..3.9, 0 where no place was found.</summary>
    public double LogAgreement { get; init; }

    /// <summary>By how much the reference agrees better with the picture than the picture with it, 0..1: something was laid over a copy, where a sibling differs both ways.</summary>
    public double Overlay { get; init; }

    /// <summary>How far the texts agree (above 0) or contradict each other (below 0), −1..1; 0 where one has none or was not read.</summary>
    public double TextAgreement { get; init; }

    /// <summary>Below 0 where the picture reads something else than the reference at the same places (<see cref="Text.TextAtPlace.Contradiction"/>), −1..0.</summary>
    public double PlacedText { get; init; }

    /// <summary>Below 0 where the picture has other colours than the reference at the same places, as another shade or flavour has, −1..0.</summary>
    public double PlacedColour { get; init; }

    /// <summary>Below 0 where the pictures lie flat on each other and a connected part of them shows another thing: less the part of the reference's area that it takes, −1..0.</summary>
    public double Changed { get; init; }

    /// <summary>What the facts that the seller states add, in log odds (<see cref="OfferCalibration"/>), about −6..1; 0 where none is stated.</summary>
    public double Offer { get; init; }

    /// <summary>How far it is ahead of what else the picture may show (<see cref="EvidenceScale.Margin"/>), −6..6; 0 until that was asked.</summary>
    public double LogOddsMargin { get; init; }

    /// <summary>Whether keypoints place the reference in the picture: at least <see cref="TellingInliers"/> agree.</summary>
    public bool IsPlaced => LogInliers >= TellingLogInliers;

    /// <summary><see cref="IsPlaced"/> of measurements kept by name.</summary>
    public static bool ArePlaced(IReadOnlyDictionary<string, double> measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        return measured.GetValueOrDefault("logInliers") >= TellingLogInliers;
    }

    public static double ClosenessOf(int? pdqDistance) => pdqDistance is { } d ? Math.Max(0, (128 - d) / 128.0) : 0;

    /// <param name="agreement">0..1.</param>
    /// <param name="colour">0..1.</param>
    public static double LogAgreementOf(double agreement, double colour) => -Math.Log(1.02 - (agreement * colour));

    /// <summary>Σ weight · value; what has no weight weighs nothing.</summary>
    public double Weighed(IReadOnlyDictionary<string, double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        double sum = 0;
        double[] values = ToArray();
        for (int i = 0; i < values.Length; i++) sum += weights.GetValueOrDefault(Names[i]) * values[i];
        return sum;
    }

    /// <summary>The values by name, to keep with a match.</summary>
    public IReadOnlyDictionary<string, double> ByName() => Names.Zip(ToArray()).ToDictionary(v => v.First, v => Math.Round(v.Second, 6));

    public double[] ToArray() => [Similarity, RegionSimilarity, NormalisedScore, NormalisedRegionScore, PdqCloseness, LogInliers, Coverage, QueryCoverage, Support, LogAgreement, Overlay, TextAgreement, PlacedText, PlacedColour, Changed, Offer, LogOddsMargin];
}

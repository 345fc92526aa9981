using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Gallery;
using Touchstone.Vision.Alignment;

namespace Touchstone.Recognition.Scoring;

/// <summary>
/// Weighs the references that a picture was compared with against each other: a copy is far ahead of everything else, a sibling of something
/// that is not in the register is one of several. Pure; safe for concurrent use.
/// </summary>
public static class CandidateCompetition
{
    // Log odds: twice as likely as all the rest together, and about fifty times.
    private const double Unclear = 0.7, Clear = 4;

    /// <summary>The same with their margins, where the profile has scales of evidence.</summary>
    /// <param name="areOne">Whether two references are known to name the same thing: those do not compete.</param>
    public static IReadOnlyList<MeasuredCandidate> WithMargins(IReadOnlyList<MeasuredCandidate> measured, CalibrationProfile profile, Func<long, long, bool> areOne) => WithMargins(measured, profile, areOne, static _ => 0);

    /// <inheritdoc cref="WithMargins(IReadOnlyList{MeasuredCandidate}, CalibrationProfile, Func{long, long, bool})"/>
    /// <param name="elsewhere">What other images of the same thing add to the evidence of a reference.</param>
    internal static IReadOnlyList<MeasuredCandidate> WithMargins(IReadOnlyList<MeasuredCandidate> measured, CalibrationProfile profile, Func<long, long, bool> areOne, Func<long, double> elsewhere)
    {
        ArgumentNullException.ThrowIfNull(measured);
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(areOne);
        if (profile.Evidence is not { } scales) return measured;
        double[] evidence = [.. measured.Select(m => scales[m.Measurement.Relation].Of(m.Measurement.Features) + elsewhere(m.Candidate.Image.ReferenceId))];
        return [.. measured.Select((own, i) =>
        {
            IEnumerable<double> rivals = measured.Select((other, j) => (other, j)).Where(x => x.j != i && Compete(own, x.other, areOne)).Select(x => evidence[x.j]);
            return own with { Measurement = WithMargin(own.Measurement, scales[own.Measurement.Relation].Margin(evidence[i], rivals)) };
        })];
    }

    /// <summary>Whether it could become a match or a review, were it as far ahead of everything as can be.</summary>
    public static bool MayMatch(MeasuredCandidate measured, CalibrationProfile profile)
    {
        ArgumentNullException.ThrowIfNull(measured);
        ArgumentNullException.ThrowIfNull(profile);
        RelationCalibration calibration = profile.Relations[measured.Measurement.Relation];
        return calibration.VerdictOf(calibration.ProbabilityOf(measured.Measurement.Features with { LogOddsMargin = EvidenceScale.MostMargin })) != Verdict.NoMatch;
    }

    /// <summary>What it could become at best, were it as far ahead of everything as can be, and how probable it were then. What nobody could be shown a reason for is for review (<see cref="PairScorer.Decide"/>).</summary>
    internal static (Verdict Verdict, double Probability) AtBest(MeasuredCandidate measured, CalibrationProfile profile)
    {
        Measurement ahead = measured.Measurement with { Features = measured.Measurement.Features with { LogOddsMargin = EvidenceScale.MostMargin } };
        (Probability probability, Verdict verdict, _) = PairScorer.Decide(ahead, profile);
        return (verdict, probability.Value);
    }

    private static Measurement WithMargin(Measurement measurement, double margin)
    {
        MatchSignals signals = measurement.Signals;
        return measurement with
        {
            Features = measurement.Features with { LogOddsMargin = margin },
            Signals = margin >= Clear ? signals with { For = [.. signals.For, "No other reference comes near it."] }
                : margin < Unclear ? signals with { Against = [.. signals.Against, "Others may be meant as well: it is not far ahead of what else the picture resembles."] }
                : signals,
        };
    }

    /// <summary>
    /// References of two kinds do not compete (a fake looks like what it imitates, and bears its mark), nor pictures of one reference, nor equal
    /// pictures of two registers, nor what lies beside each other in the picture.
    /// </summary>
    private static bool Compete(MeasuredCandidate one, MeasuredCandidate other, Func<long, long, bool> areOne)
    {
        GalleryImage left = one.Candidate.Image, right = other.Candidate.Image;
        return left.ReferenceId != right.ReferenceId
            && left.Kind == right.Kind
            && !one.Reference.IsCopyOf(other.Reference)
            && !areOne(left.ReferenceId, right.ReferenceId)
            && !AreApart(one.Measurement.Signals.ImageRegion, other.Measurement.Signals.ImageRegion);
    }

    /// <summary>Whether both were found in the picture, in places of their own.</summary>
    private static bool AreApart(IReadOnlyList<ImagePoint> one, IReadOnlyList<ImagePoint> other) =>
        one.Count > 0 && other.Count > 0
        && (one.Max(p => p.X) < other.Min(p => p.X) || other.Max(p => p.X) < one.Min(p => p.X) || one.Max(p => p.Y) < other.Min(p => p.Y) || other.Max(p => p.Y) < one.Min(p => p.Y));
}

using System.Security.Cryptography;
using System.Text;
using Touchstone.Recognition.Calibration;
using Touchstone.Screening.Storage;

namespace Touchstone.Screening.Calibration;

/// <summary>What verdicts change in one relation.</summary>
/// <param name="Factor">The log odds are multiplied by it, above 0.</param>
/// <param name="Offset">It is added to the log odds.</param>
/// <param name="Kept">Why nothing is changed; null: it is.</param>
/// <param name="MatchReason">What became of the match point, for people.</param>
/// <param name="ToMatch">Hits that would become Match.</param>
/// <param name="ToReview">Hits that would become Review.</param>
/// <param name="ToNoMatch">Hits that would no longer be hits.</param>
/// <param name="Examples">Some of the hits whose verdict would change, at most <see cref="VerdictLearning.MostExamples"/>.</param>
public sealed record RelationChange(
    Relation Relation, int Confirmed, int Rejected, double Factor, double Offset, string? Kept, string MatchReason, OperatingPoint? MatchBefore, OperatingPoint? MatchAfter, OperatingPoint ReviewBefore, OperatingPoint ReviewAfter,
    int ToMatch, int ToReview, int ToNoMatch, IReadOnlyList<HitChange> Examples);

/// <summary>A past hit whose verdict would change.</summary>
public sealed record HitChange(long HitId, string? Name, double ProbabilityBefore, Verdict Before, double ProbabilityAfter, Verdict After, bool? Confirmed);

/// <summary>What people's verdicts would make of a profile, before anything is applied.</summary>
/// <param name="ProfileId">The profile in use.</param>
/// <param name="Proposed">Its id names its content: the same verdicts give the same id.</param>
/// <param name="NotMeasured">Hits that could not be measured by the profile in use.</param>
/// <param name="Changes">Whether applying it would change anything.</param>
public sealed record ProfilePreview(string ProfileId, CalibrationProfile Proposed, IReadOnlyList<RelationChange> Relations, int NotMeasured, bool Changes);

/// <summary>
/// Adjusts a fitted profile by confirmed and rejected hits: each relation's log odds by a factor and an offset (Platt's correction), with the
/// profile as the prior, so that few verdicts move it little; and its match point by what the verdicts prove. Only hits are decided on,
/// so this learns how often what is shown is right, and nothing of what is not shown. Pure and deterministic.
/// </summary>
public static class VerdictLearning
{
    /// <summary>With fewer verdicts a relation is left alone.</summary>
    public const int LeastVerdicts = 10;

    public const int MostExamples = 5;

    /// <summary>The precision that a match point promises where the profile had none to go by.</summary>
    private const double StandardPrecision = 0.96;

    private const double MatchFloor = 0.5;
    private const double LeastFactor = 0.2;

    // The profile as a prior: its factor is right to about a quarter, its offset to about one, in log odds.
    private const double FactorSpread = 0.25;
    private const double OffsetSpread = 1;

    /// <summary>The preview of the profile in use, or null if none fits the model.</summary>
    public static async Task<ProfilePreview?> PreviewAsync(TouchstoneDb db, string modelId, CancellationToken cancellationToken)
    {
        if (await CalibrationProfiles.ActiveAsync(db, modelId, cancellationToken) is not { } inUse) return null;
        CalibrationProfile fitted = await CalibrationProfiles.FittedOfAsync(db, inUse, cancellationToken);
        return Preview(fitted, inUse, await VerdictSamples.ReadAsync(db, fitted, inUse, cancellationToken));
    }

    /// <param name="fitted">What all verdicts adjust, so that none counts twice.</param>
    /// <param name="inUse">What the changes are told against.</param>
    public static ProfilePreview Preview(CalibrationProfile fitted, CalibrationProfile inUse, VerdictSamples samples)
    {
        ArgumentNullException.ThrowIfNull(fitted);
        ArgumentNullException.ThrowIfNull(inUse);
        ArgumentNullException.ThrowIfNull(samples);
        var relations = new Dictionary<Relation, RelationCalibration>();
        var changes = new List<RelationChange>();
        foreach ((Relation relation, RelationCalibration calibration) in fitted.Relations.OrderBy(r => r.Key))
        {
            VerdictSample[] hits = [.. samples.Samples.Where(s => s.Relation == relation)];
            (relations[relation], RelationChange change) = Change(relation, calibration, inUse.Relations[relation], hits);
            changes.Add(change);
        }
        CalibrationProfile proposed = fitted with { Relations = relations, BasedOn = fitted.Id };
        bool differs = (inUse with { Id = proposed.Id, BasedOn = proposed.BasedOn }).ToJson() != proposed.ToJson();
        return new ProfilePreview(inUse.Id, proposed with { Id = $"{fitted.Id}{CalibrationProfiles.AdjustedMark}{ContentMark(proposed)}", BasedOn = inUse.Id }, changes, samples.NotMeasured, differs);
    }

    private static (RelationCalibration After, RelationChange Change) Change(Relation relation, RelationCalibration fitted, RelationCalibration inUse, VerdictSample[] hits)
    {
        VerdictSample[] decided = [.. hits.Where(h => h.Confirmed is not null)];
        int confirmed = decided.Count(h => h.Confirmed == true), rejected = decided.Length - confirmed;
        if (decided.Length < LeastVerdicts)
        {
            string kept = $"{(decided.Length == 1 ? "1 verdict" : $"{decided.Length} verdicts")}; at least {LeastVerdicts} are needed.";
            return (fitted, new RelationChange(relation, confirmed, rejected, 1, 0, kept, "as fitted", inUse.Match, fitted.Match, inUse.Review, fitted.Review, 0, 0, 0, []));
        }
        (double factor, double offset) = Fit(decided);
        (OperatingPoint? match, string reason) = MatchPoint(fitted, decided, factor, offset);
        OperatingPoint review = Moved(fitted.Review, factor, offset);
        if (match is not null && review.Probability > match.Probability) review = review with { Probability = match.Probability };
        WeightedSum adjusted = new WeightedSum(fitted.Intercept, fitted.Weights).Corrected(factor, offset);
        RelationCalibration after = fitted with
        {
            Intercept = adjusted.Intercept,
            Weights = adjusted.Weights,
            Unplaced = fitted.Unplaced?.Corrected(factor, offset),
            Match = match,
            Review = review,
        };
        HitChange[] changed = [.. hits.Select(h => ChangeOf(h, inUse, after, factor, offset)).Where(c => c.Before != c.After)];
        return (after, new RelationChange(
            relation, confirmed, rejected, factor, offset, null, reason, inUse.Match, match, inUse.Review, review,
            changed.Count(c => c.After == Verdict.Match), changed.Count(c => c.After == Verdict.Review), changed.Count(c => c.After == Verdict.NoMatch), [.. changed.Take(MostExamples)]));
    }

    private static HitChange ChangeOf(VerdictSample hit, RelationCalibration inUse, RelationCalibration after, double factor, double offset)
    {
        double probability = Corrected(hit.Fitted, factor, offset);
        return new HitChange(hit.HitId, hit.Name, hit.InUse, inUse.VerdictOf(new Probability(hit.InUse)), probability, after.VerdictOf(new Probability(probability)), hit.Confirmed);
    }

    /// <summary>
    /// A point that the verdicts prove is taken. Where they are too few to prove one, the old one stays for the same pictures, unless they
    /// disprove it: then nothing is promised. The search goes by the fitted probabilities, which no verdict has changed.
    /// </summary>
    private static (OperatingPoint? Point, string Reason) MatchPoint(RelationCalibration fitted, VerdictSample[] decided, double factor, double offset)
    {
        double target = fitted.Match?.Guarantee?.Precision ?? StandardPrecision;
        int confirmed = decided.Count(d => d.Confirmed == true);
        ScoredPicture[] pictures = [.. decided.Select(d => new ScoredPicture(d.Fitted, d.Confirmed == true))];
        if (PromiseSearch.LowestWithPrecision(pictures, target, MatchFloor) is { } found)
        {
            var guarantee = new Guarantee(target, null, PromiseSearch.Confidence, found.Samples, confirmed);
            double from = Down(Corrected(found.Probability, factor, offset));
            return (new OperatingPoint(from, Math.Round((double)found.Right / found.Samples, 4), Math.Round((double)found.Right / confirmed, 4), decided.Length, guarantee), $"proved by {found.Samples} verdicts");
        }
        if (fitted.Abstains) return (null, "abstains: the verdicts prove no precision yet");
        ScoredPicture[] above = [.. pictures.Where(p => p.Probability >= fitted.Match!.Probability)];
        int right = above.Count(p => p.Same);
        if (above.Length > 0 && ExactBinomial.UpperBound(right, above.Length, PromiseSearch.Confidence) < target)
            return (null, $"withdrawn: of {above.Length} verdicts at the match point {above.Length - right} are rejections");
        return (Moved(fitted.Match!, factor, offset), "kept for the same pictures: too few verdicts to prove another");
    }

    private static OperatingPoint Moved(OperatingPoint point, double factor, double offset) => point with { Probability = Down(Corrected(point.Probability, factor, offset)) };

    private static double Corrected(double probability, double factor, double offset) => LogOdds.ToProbability((factor * LogOdds.Of(probability)) + offset);

    // Rounded down, so that a picture exactly at the point stays above it.
    private static double Down(double probability) => Math.Floor(probability * 1e6) / 1e6;

    /// <summary>The most probable factor and offset by Newton's method: the verdicts' likelihood and normal priors round 1 and 0.</summary>
    private static (double Factor, double Offset) Fit(VerdictSample[] decided)
    {
        double factor = 1, offset = 0;
        for (int step = 0; step < 50; step++)
        {
            double gf = -(factor - 1) / (FactorSpread * FactorSpread), go = -offset / (OffsetSpread * OffsetSpread);
            double hff = 1 / (FactorSpread * FactorSpread), hoo = 1 / (OffsetSpread * OffsetSpread), hfo = 0;
            foreach (VerdictSample sample in decided)
            {
                double z = LogOdds.Of(sample.Fitted), p = LogOdds.ToProbability((factor * z) + offset);
                double residual = (sample.Confirmed == true ? 1 : 0) - p, weight = p * (1 - p);
                (gf, go) = (gf + (residual * z), go + residual);
                (hff, hfo, hoo) = (hff + (weight * z * z), hfo + (weight * z), hoo + weight);
            }
            double determinant = (hff * hoo) - (hfo * hfo);
            double df = ((hoo * gf) - (hfo * go)) / determinant, dO = ((hff * go) - (hfo * gf)) / determinant;
            (factor, offset) = (Math.Max(LeastFactor, factor + df), offset + dO);
            if (Math.Abs(df) + Math.Abs(dO) < 1e-9) break;
        }
        return (Math.Round(factor, 6), Math.Round(offset, 6));
    }

    private static string ContentMark(CalibrationProfile profile) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(profile.ToJson())))[..8];
}

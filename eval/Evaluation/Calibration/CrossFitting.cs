using Touchstone.Evaluation.Statistics;
using Touchstone.Recognition.Calibration;

namespace Touchstone.Evaluation.Calibration;

/// <summary>
/// How well probabilities are calibrated that are fitted as a profile's are, measured on every thing: each fifth of the things is judged by a fit on the others
/// (V. Chernozhukov et al., "Double/debiased machine learning", 2018, on cross-fitting). Deterministic.
/// </summary>
internal static class CrossFitting
{
    private const int Folds = 5;

    public static CrossFittedFigures Of(Relation relation, CalibrationSamples samples)
    {
        HashSet<int> asked = RelationFitting.Asked(relation, samples);
        // Marks and things do not compete.
        CalibrationSamples kind = samples with { Pairs = [.. samples.Pairs.Where(p => (p.Relation == Relation.MarkPresent) == (relation == Relation.MarkPresent))] };
        Relation[] relations = [.. kind.Pairs.Select(p => p.Relation).Where(r => r != Relation.SameDesign).Distinct()];
        ScoredPicture[] pictures = [.. Enumerable.Range(0, Folds).SelectMany(fold => Judged(relation, kind, relations, asked, fold))];
        return new CrossFittedFigures(pictures.Length, Reliability.Error(Reliability.Bins(pictures)));
    }

    private static ScoredPicture[] Judged(Relation relation, CalibrationSamples samples, Relation[] relations, HashSet<int> asked, int fold)
    {
        CalibrationSamples others = samples with { Pairs = [.. samples.Pairs.Where(p => p.Thing % Folds != fold)] };
        IReadOnlyDictionary<Relation, EvidenceScale> scales = EvidenceFitting.Fit(others, relations);
        EvidenceScale scale = scales[relation];
        ILookup<bool, LabelledPair> pairs = samples.WithMargins(scales).Pairs.Where(p => p.Relation == relation && asked.Contains(p.Query)).ToLookup(p => p.Thing % Folds == fold);
        LabelledPair[] first = RelationFitting.First(RelationFitting.Uncorrected(scale), pairs[false]);
        // As where a profile is fitted: where every first answer is right the further ones tell.
        if (first.All(p => p.Same) || !first.Any(p => p.Same)) first = [.. pairs[false]];
        return RelationFitting.Most(RelationFitting.Corrected(relation, scale, first), pairs[true]);
    }
}

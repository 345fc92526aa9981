using Touchstone.Recognition.Calibration;

namespace Touchstone.Evaluation.Calibration;

/// <summary>
/// Fits how much further images of one thing count beside the one that shows a reference best (<see cref="CalibrationProfile.Fusion"/>): the share by which the right
/// reference of several pictures asked together is the likeliest, over a grid, on the parts that figures do not come from. Deterministic.
/// </summary>
public static class FusionFitting
{
    /// <summary>Pictures asked together, as an officer photographs.</summary>
    public const int GroupSize = 3;

    private const int Steps = 20;

    /// <summary>0..1; 0 where no thing has several pictures that were compared.</summary>
    public static double Fit(CalibrationSamples samples, IReadOnlyDictionary<Relation, EvidenceScale> scales)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(scales);
        LabelledPair[][][] groups = [.. Groups(samples)];
        if (groups.Length == 0) return 0;
        return Enumerable.Range(0, Steps + 1).Select(step => (double)step / Steps).MinBy(fusion => groups.Sum(group => Surprise(group, scales, fusion)));
    }

    /// <summary>Pictures of one thing that is in the gallery, in threes; real photos alone where there are any, because drawn ones agree too well.</summary>
    private static IEnumerable<LabelledPair[][]> Groups(CalibrationSamples samples)
    {
        bool photos = samples.Queries.Any(q => q.IsPhoto);
        ILookup<int, LabelledPair> pairs = samples.Pairs.ToLookup(p => p.Query);
        return samples.Queries
            .Where(q => q.Proposed is not null && q.Expected == Relation.SameProduct && q.IsPhoto == photos && q.Part != Part.Report && pairs[q.Number].Any())
            .GroupBy(q => q.Thing).SelectMany(thing => thing.Chunk(GroupSize)).Where(group => group.Length > 1)
            .Select(group => group.Select(q => pairs[q.Number].ToArray()).ToArray());
    }

    /// <summary>−ln of the right reference's share of the fused evidence (a conditional logit: D. McFadden, 1974).</summary>
    private static double Surprise(LabelledPair[][] pictures, IReadOnlyDictionary<Relation, EvidenceScale> scales, double fusion)
    {
        var fused = new Dictionary<int, (double Evidence, bool Same)>();
        foreach (int reference in pictures.SelectMany(p => p).Select(p => p.Reference).Distinct())
        {
            LabelledPair[] own = [.. pictures.SelectMany(p => p).Where(p => p.Reference == reference)];
            double[] excess = [.. own.Select(p => scales[p.Relation].Excess(p.Features))];
            int best = Enumerable.Range(0, own.Length).MaxBy(i => scales[own[i].Relation].Of(own[i].Features));
            fused[reference] = (scales[own[best].Relation].Of(own[best].Features) + (fusion * (excess.Sum() - excess[best])), own[best].Same);
        }
        double most = Math.Max(scales[Relation.SameProduct].Outside, fused.Values.Max(f => f.Evidence));
        double all = Math.Exp(scales[Relation.SameProduct].Outside - most) + fused.Values.Sum(f => Math.Exp(f.Evidence - most));
        double right = fused.Values.Where(f => f.Same).Select(f => f.Evidence).DefaultIfEmpty(scales[Relation.SameProduct].Outside).Max();
        return Math.Log(all) + most - right;
    }
}

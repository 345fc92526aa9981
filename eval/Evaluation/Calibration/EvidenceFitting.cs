using Touchstone.Recognition.Calibration;

namespace Touchstone.Evaluation.Calibration;

/// <summary>
/// Fits the scales of evidence on the first part of the things shown: for things by logistic regression over the compared pairs of the relation, apart
/// for those that keypoints place and those that they do not; for marks by which of several it is. Deterministic.
/// </summary>
public static class EvidenceFitting
{
    /// <summary>Right pairs with agreeing text from which on its weight is fitted.</summary>
    public const int EnoughText = 20;

    /// <summary>Right pairs, and wrong ones, from which on those that keypoints place, and those that they do not, have weights of their own.</summary>
    private const int EnoughAlone = 20;

    internal const string LeadName = "logOddsMargin";
    private const string TextName = "textAgreement";
    internal const string OfferName = "offer";

    /// <summary>
    /// The weight of agreeing text, set by hand: where too few samples carry text, and where the fit leaves it out of a sum for what is not placed, because
    /// a name is all that may be told by there. What is placed goes by the fit: siblings share the words of their maker.
    /// </summary>
    private static readonly Dictionary<Relation, double> TextWeights = new() { [Relation.SameImage] = 2, [Relation.SameProduct] = 6, [Relation.MarkPresent] = 8 };

    /// <summary>A scale for each relation that is fitted; a design is weighed as a product is.</summary>
    /// <param name="relations">Same image, same product or mark present; none: all three.</param>
    /// <exception cref="ArgumentException">The first part holds too little to fit; the message says of what.</exception>
    public static IReadOnlyDictionary<Relation, EvidenceScale> Fit(CalibrationSamples samples, params IReadOnlyCollection<Relation> relations)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(relations);
        Dictionary<Relation, EvidenceScale> scales = (relations.Count == 0 ? TextWeights.Keys : relations).ToDictionary(r => r, r => Fit(r, samples));
        if (scales.TryGetValue(Relation.SameProduct, out EvidenceScale? product)) scales[Relation.SameDesign] = product;
        double things = Outside(samples, scales, marks: false), marks = Outside(samples, scales, marks: true);
        return scales.ToDictionary(s => s.Key, s => s.Value with { Outside = s.Key == Relation.MarkPresent ? marks : things });
    }

    /// <summary>The scale of one relation, with nothing outside.</summary>
    /// <param name="withBackground">Whether similarities count that are normalised by the background set.</param>
    /// <exception cref="ArgumentException">The first part holds no right or no wrong pair of the relation.</exception>
    public static EvidenceScale Fit(Relation relation, CalibrationSamples samples, bool withBackground = true)
    {
        ArgumentNullException.ThrowIfNull(samples);
        LabelledPair[] pairs = [.. samples.Pairs.Where(p => p.Part == Part.Fit && p.Relation == relation)];
        if (!pairs.Any(p => p.Same) || pairs.All(p => p.Same))
            throw new ArgumentException($"There is too little to fit {relation} with: the part {Part.Fit} holds {pairs.Count(p => p.Same)} right pairs of {pairs.Length}. Ask for more products and marks.");
        LabelledPair[] placed = [.. pairs.Where(p => p.Features.IsPlaced)], unplaced = [.. pairs.Where(p => !p.Features.IsPlaced)];
        // Marks are told apart among all that a picture may bear, placed or not: one sum for both.
        bool apart = relation != Relation.MarkPresent && SufficeAlone(placed) && SufficeAlone(unplaced);
        bool fitsText = FitsText(relation, samples);
        return apart
            ? new EvidenceScale(Sum(relation, placed, withBackground, fitsText, arePlaced: true), Sum(relation, unplaced, withBackground, fitsText, arePlaced: false), 0)
            : new EvidenceScale(Sum(relation, pairs, withBackground, fitsText, arePlaced: relation == Relation.SameImage), null, 0);
    }

    /// <summary>Whether there are enough right and wrong ones to have weights of their own.</summary>
    internal static bool SufficeAlone(LabelledPair[] pairs) => pairs.Count(p => p.Same) >= EnoughAlone && pairs.Count(p => !p.Same) >= EnoughAlone;

    private static WeightedSum Sum(Relation relation, LabelledPair[] pairs, bool withBackground, bool fitsText, bool arePlaced)
    {
        double[][] rows = [.. pairs.Select(p => (withBackground ? p.Features with { LogOddsMargin = 0 } : p.Features with { LogOddsMargin = 0, NormalisedScore = 0, NormalisedRegionScore = 0 }).ToArray())];
        (double intercept, double[] fitted) = relation == Relation.MarkPresent ? Chosen(pairs, rows) : LogisticRegression.FitPositive(rows, [.. pairs.Select(p => p.Same)]);
        Dictionary<string, double> weights = MatchFeatures.Names.Select((name, i) => (name, fitted[i])).Where(w => w.name is not LeadName and not OfferName).ToDictionary(w => w.name, w => Math.Round(w.Item2, 6));
        if (!fitsText || (!arePlaced && !(weights[TextName] > 0))) weights[TextName] = TextWeights[relation];
        return new WeightedSum(Math.Round(intercept, 6), weights);
    }

    /// <summary>Whether the weight of text is fitted on the samples rather than set by hand.</summary>
    public static bool FitsText(Relation relation, CalibrationSamples samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return samples.Pairs.Count(p => p.Relation == relation && p.Same && p.Features.TextAgreement > 0) >= EnoughText;
    }

    /// <summary>The median, over pictures whose reference was measured, of the evidence of their strongest wrong one.</summary>
    private static double Outside(CalibrationSamples samples, Dictionary<Relation, EvidenceScale> scales, bool marks)
    {
        double[] strongest = [.. samples.Pairs.Where(p => p.Part == Part.Fit && p.Relation == Relation.MarkPresent == marks).GroupBy(p => p.Query).Where(g => g.Any(p => p.Same))
            .Select(g => g.Where(p => !p.Same).Max(p => (double?)scales[p.Relation].Of(p.Features))).OfType<double>().Order()];
        return strongest.Length == 0 ? 0 : Math.Round(strongest[strongest.Length / 2], 6);
    }

    /// <summary>Weights that tell which mark it is: they rank better than those of single pairs (right first 92.4 → 93.5 % of 550 made pictures).</summary>
    private static (double Intercept, double[] Weights) Chosen(LabelledPair[] pairs, double[][] rows)
    {
        Choice[] choices = [.. Enumerable.Range(0, pairs.Length).GroupBy(i => pairs[i].Query)
            .Select(g => (Rows: g.ToArray(), Right: g.ToList().FindIndex(i => pairs[i].Same)))
            .Where(g => g.Right >= 0).Select(g => new Choice([.. g.Rows.Select(i => rows[i])], g.Right))];
        double[] weights = ConditionalLogit.FitPositive(choices);
        // The correction that follows moves it; it starts where its log odds are moderate.
        return (-choices.Average(choice => choice.Options.Max(row => row.Zip(weights, (x, w) => x * w).Sum())), weights);
    }
}

using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Scoring;

namespace Touchstone.Evaluation.Calibration;

/// <summary>Which part of the things shown a sample belongs to; all samples of one thing are in one part.</summary>
public enum Part
{
    /// <summary>The weights are fitted on it.</summary>
    Fit,

    /// <summary>The probabilities are corrected, and review points chosen, on it.</summary>
    Calibrate,

    /// <summary>Nothing is fitted on it; the figures and guarantees come from it.</summary>
    Report,
}

/// <summary>A picture measured against a reference picture, with the truth.</summary>
/// <param name="Query">Which picture.</param>
/// <param name="Thing">What it shows.</param>
/// <param name="Same">Whether the picture shows that reference.</param>
public sealed record LabelledPair(Relation Relation, int Query, int Thing, MatchFeatures Features, bool Same)
{
    /// <summary>Its number in the gallery that was asked.</summary>
    public int Reference { get; init; }

    public Part Part => PartOf(Thing);

    /// <summary>Whether it can be a match: see <see cref="PairScorer.IsCorroborated"/>.</summary>
    public bool IsCorroborated => PairScorer.IsCorroborated(Relation, Features);

    /// <summary>Of ten things three to fit, three to calibrate, four to report.</summary>
    public static Part PartOf(int thing) => (thing % 10) switch { <= 2 => Part.Fit, <= 5 => Part.Calibrate, _ => Part.Report };
}

/// <summary>A picture that was asked with.</summary>
/// <param name="Expected">The relation that it was made to have.</param>
/// <param name="Proposed">Whether the gallery proposed the right reference; null: it holds none.</param>
/// <param name="Nearest">How near it came to any reference at a first look.</param>
public sealed record LabelledQuery(int Number, int Thing, Relation Expected, bool? Proposed, Nearness Nearest)
{
    public Part Part => LabelledPair.PartOf(Thing);

    /// <summary>A real photo, not one that was made.</summary>
    public bool IsPhoto { get; init; }
}

/// <summary>The samples of a calibration.</summary>
/// <param name="What">What was asked of what, with the counts.</param>
public sealed record CalibrationSamples(IReadOnlyList<LabelledQuery> Queries, IReadOnlyList<LabelledPair> Pairs, string What)
{
    /// <summary>Several sets of samples as one: pictures and things are numbered on.</summary>
    public static CalibrationSamples Together(IReadOnlyList<CalibrationSamples> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        List<LabelledQuery> queries = [];
        List<LabelledPair> pairs = [];
        foreach (CalibrationSamples set in sets)
        {
            // Things keep their part: it goes by the last digit.
            int query = queries.Count, thing = queries.Count == 0 ? 0 : ((queries.Max(q => q.Thing) / 10) + 1) * 10;
            queries.AddRange(set.Queries.Select(q => q with { Number = q.Number + query, Thing = q.Thing + thing }));
            pairs.AddRange(set.Pairs.Select(p => p with { Query = p.Query + query, Thing = p.Thing + thing }));
        }
        return new CalibrationSamples(queries, pairs, string.Join("; ", sets.Select(set => set.What)));
    }

    /// <summary>The same, each pair with its lead over the others of its picture.</summary>
    public CalibrationSamples WithMargins(IReadOnlyDictionary<Relation, EvidenceScale> scales)
    {
        ArgumentNullException.ThrowIfNull(scales);
        return this with { Pairs = [.. Pairs.GroupBy(p => (p.Query, IsMark: p.Relation == Relation.MarkPresent)).SelectMany(group => Led([.. group], scales))] };
    }

    private static IEnumerable<LabelledPair> Led(LabelledPair[] pairs, IReadOnlyDictionary<Relation, EvidenceScale> scales)
    {
        double[] evidence = [.. pairs.Select(p => scales[p.Relation].Of(p.Features))];
        return pairs.Select((p, i) => p with { Features = p.Features with { LogOddsMargin = scales[p.Relation].Margin(evidence[i], evidence.Where((_, j) => j != i)) } });
    }
}

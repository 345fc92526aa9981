using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Statistics;

namespace Touchstone.Evaluation.Robustness;

/// <summary>What was answered to one attacked picture.</summary>
/// <param name="First">Null if nothing was ranked.</param>
/// <param name="OwnRank">1 where its own reference came first; null where it was not ranked or there is none.</param>
internal sealed record AttackAnswer(AttackedQuery Query, RankedReference? First, RankedReference? Own, int? OwnRank, double Seconds)
{
    /// <summary>Kind and score of all ranked references that the picture does not show.</summary>
    public required IReadOnlyList<(ReferenceKind Kind, double Score)> Wrong { get; init; }

    public required bool WrongMatches { get; init; }

    public bool Right => OwnRank == 1;
}

/// <summary>
/// Turns the answers of a run into shares: a threshold for pictures and one for marks over the whole suite, and one for each attack and
/// strength beside them. For a threshold strangers count together as much as what is enrolled, however many they are.
/// </summary>
internal sealed class SuiteJudgement
{
    private readonly AttackAnswer[] _answers;
    private readonly bool _calibrated;
    private readonly Dictionary<ReferenceKind, double> _thresholds = [];
    private readonly Dictionary<bool, double> _weightOfStranger;

    public SuiteJudgement(AttackAnswer[] answers, bool calibrated)
    {
        (_answers, _calibrated) = (answers, calibrated);
        _weightOfStranger = answers.GroupBy(answer => answer.Query.Subject is MarkSubject).ToDictionary(group => group.Key, WeightOfStranger);
        foreach (IGrouping<ReferenceKind, AttackAnswer> kind in answers.Where(answer => answer.First is not null).GroupBy(answer => answer.First!.Kind))
            if (ThresholdOf(kind).Threshold is { } threshold) _thresholds[kind.Key] = threshold;
    }

    /// <summary>The lowest score from which on first answers of the kind have the precision; null if none has.</summary>
    public double? ThresholdOf(ReferenceKind kind) => _thresholds.TryGetValue(kind, out double threshold) ? threshold : null;

    public AttackResult Of(string name, string words, AttackStrength strength, Func<AttackAnswer, bool> takes)
    {
        AttackAnswer[] answers = [.. _answers.Where(answer => answer.Query.Strength == strength && takes(answer))];
        AttackAnswer[] copies = [.. answers.Where(answer => answer.Query.Subject.Enrolled)], strangers = [.. answers.Where(answer => !answer.Query.Subject.Enrolled)];
        return new AttackResult
        {
            Attack = name,
            Strength = strength,
            Words = words,
            FirstRight = Share(copies, answer => answer.Right),
            Recall = Share(copies, IsFound),
            RecallAlone = new Proportion(ThresholdOf(answers).Right, copies.Length),
            RecallAmongEnrolled = new Proportion(ThresholdOf(copies).Right, copies.Length),
            FalseMatches = Share(strangers, answer => Reaches(answer.First)),
            NotProposed = copies.Count(answer => answer.OwnRank is null),
            Outranked = copies.Count(answer => answer.OwnRank > 1),
            BelowThreshold = copies.Count(answer => answer.Right && !IsFound(answer)),
            FoundAtMatchPoint = _calibrated ? Share(copies, answer => answer.Own?.Verdict == Verdict.Match) : null,
            FalseAtMatchPoint = _calibrated ? Share(strangers, answer => answer.WrongMatches) : null,
        };
    }

    /// <summary>Of all references at or above the threshold of their kind, to whichever query, the right ones.</summary>
    public Proportion PrecisionOfAllHits()
    {
        int right = _answers.Count(answer => Reaches(answer.Own));
        return new Proportion(right, right + _answers.Sum(answer => answer.Wrong.Count(wrong => wrong.Score >= ThresholdOf(wrong.Kind))));
    }

    /// <summary>
    /// The most telling mistakes: for each thing the wrong answer of the highest score (what keeps the threshold up), the highest first; then
    /// for each attack and strength the misses, the strongest first.
    /// </summary>
    public IEnumerable<(AttackAnswer Answer, string Kind)> Mistakes(int each) => each == 0 ? [] :
    [
        .. _answers.Where(answer => !answer.Right && answer.First is not null)
            .GroupBy(answer => answer.Query.Subject.Name)
            .Select(group => group.MaxBy(answer => answer.First!.Score)!)
            .OrderByDescending(answer => answer.First!.Score).ThenBy(answer => answer.Query.Subject.Name, StringComparer.Ordinal)
            .Take(10 * each)
            .Select(answer => (answer, answer.Query.Subject.Enrolled ? "wrong, with one of the highest scores" : "a stranger, with one of the highest scores")),
        .. _answers
            .Select(answer => (Answer: answer, Kind: KindOf(answer)!))
            .Where(mistake => mistake.Kind is not null)
            .GroupBy(mistake => (mistake.Answer.Query.Attack.Name, mistake.Answer.Query.Strength))
            .SelectMany(group => group.OrderBy(mistake => mistake.Answer.Right).ThenByDescending(mistake => mistake.Answer.First?.Score).Take(each)),
    ];

    private (double? Threshold, int Right) ThresholdOf(IEnumerable<AttackAnswer> answers) =>
        PrecisionThreshold.Find(answers.Where(answer => answer.First is not null).Select(answer => (answer.First!.Score, answer.Right, WeightOf(answer.Query.Subject))), RobustnessEvaluation.Precision);

    private double WeightOf(AttackSubject subject) => subject.Enrolled ? 1 : _weightOfStranger[subject is MarkSubject];

    private static double WeightOfStranger(IEnumerable<AttackAnswer> answers)
    {
        (int enrolled, int strangers) = (0, 0);
        foreach (AttackSubject subject in answers.Select(answer => answer.Query.Subject).Distinct()) (enrolled, strangers) = subject.Enrolled ? (enrolled + 1, strangers) : (enrolled, strangers + 1);
        return strangers == 0 ? 1 : (double)enrolled / strangers;
    }

    private static Proportion Share(AttackAnswer[] answers, Func<AttackAnswer, bool> counts) => new(answers.Count(counts), answers.Length);

    private string? KindOf(AttackAnswer answer)
    {
        if (!answer.Query.Subject.Enrolled) return null;
        if (answer.OwnRank is null) return "not among the candidates";
        if (answer.OwnRank > 1) return "behind another";
        return IsFound(answer) ? null : "below the threshold";
    }

    private bool IsFound(AttackAnswer answer) => answer.Right && Reaches(answer.Own);

    private bool Reaches(RankedReference? entry) => entry is not null && entry.Score >= ThresholdOf(entry.Kind);
}

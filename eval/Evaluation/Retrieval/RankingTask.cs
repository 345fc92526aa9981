using System.Diagnostics;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Statistics;

namespace Touchstone.Evaluation.Retrieval;

/// <summary>References to rank for queries, whatever they come from.</summary>
/// <param name="Distractors">Show nothing that is among the references; their labels are not looked at.</param>
/// <param name="AreSame">Whether two labels show the same although they differ.</param>
internal sealed record RankingTask(
    string DataSetId, ReferenceKind Kind, IReadOnlyList<SourcePicture> References, IReadOnlyList<SourcePicture> Queries, IReadOnlyList<SourcePicture> Distractors, Func<string, string, bool> AreSame);

/// <summary>How a task is run.</summary>
/// <param name="Mistakes">Mistakes of the first row kept with their pictures.</param>
internal sealed record RankingSettings(RetrievalSignals Signals, int Shortlist, int Threads, string? CacheFolder, int Mistakes, IProgress<EvaluationProgress>? Progress, CancellationToken CancellationToken)
{
    /// <summary>Queries of one group that are asked together, at most.</summary>
    public int GroupSize { get; init; } = 3;
}

/// <summary>Runs a task with several models: each describes every picture once and ranks by the embedding alone and by the whole reading.</summary>
internal static class RankingRun
{
    /// <param name="models">The one that is measured first, then those it is compared with.</param>
    /// <exception cref="InvalidDataException">No reference could be read.</exception>
    public static RetrievalReport Of(IReadOnlyList<EvaluationParts> models, RankingTask task, RankingSettings settings, int leaks = 0)
    {
        long start = Stopwatch.GetTimestamp();
        List<RetrievalRow> rows = [];
        IReadOnlyList<UnreadPicture> unread = [];
        IReadOnlyList<Mistake> mistakes = [];
        int references = 0;
        FusedFigures? fused = null;
        foreach (EvaluationParts parts in models)
        {
            var described = DescribedTask.Of(parts, task, settings);
            foreach (RetrievalSignals signals in SignalsOf(settings, isFirst: rows.Count == 0, several: models.Count > 1))
            {
                using LabelledGallery gallery = described.Gallery(signals);
                Ranked[] queries = described.Rank(gallery, described.Queries), distractors = described.Rank(gallery, described.Distractors);
                if (rows.Count == 0) (unread, references, mistakes) = (described.Unread, gallery.Count, described.Mistakes(gallery, queries));
                if (rows.Count == 0 && signals == RetrievalSignals.All) fused = FusedFigures.Of(described, gallery, task, settings.GroupSize);
                rows.Add(Row(parts, signals, task, queries, distractors));
            }
        }
        return new RetrievalReport(rows[0])
        {
            DataSetId = task.DataSetId,
            References = references,
            Labels = task.References.Select(picture => picture.Label).Distinct(StringComparer.Ordinal).Count(),
            Queries = task.Queries.Count,
            Distractors = task.Distractors.Count,
            Leaks = leaks,
            Fused = fused,
            Compared = rows[1..],
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Threads = settings.Threads,
            Unread = unread,
            Mistakes = mistakes,
        };
    }

    /// <summary>What was asked for; where models stand beside each other, the embedding alone stands beside the whole reading.</summary>
    private static IEnumerable<RetrievalSignals> SignalsOf(RankingSettings settings, bool isFirst, bool several)
    {
        yield return settings.Signals;
        if (settings.Signals == RetrievalSignals.All && (several || isFirst)) yield return RetrievalSignals.Embedding;
    }

    private static RetrievalRow Row(EvaluationParts parts, RetrievalSignals signals, RankingTask task, Ranked[] queries, Ranked[] distractors)
    {
        bool calibrated = signals == RetrievalSignals.All && parts.Profile is not null;
        return new RetrievalRow
        {
            ModelId = parts.ModelId,
            ProfileId = calibrated ? parts.Profile!.Id : null,
            Signals = signals,
            TextRead = parts.Texts is not null && signals is RetrievalSignals.All or RetrievalSignals.Text,
            RecallAt1 = new Proportion(queries.Count(answer => answer.RankOf(task.AreSame) is 1), queries.Length),
            RecallAt5 = new Proportion(queries.Count(answer => answer.RankOf(task.AreSame) is <= 5), queries.Length),
            FoundAtMatchPoint = calibrated ? new Proportion(queries.Count(answer => answer.Entries.Any(entry => entry.Verdict == Verdict.Match && task.AreSame(entry.Label, answer.Label))), queries.Length) : null,
            WrongAmongMatched = calibrated ? WrongAmongMatched(queries, task.AreSame) : null,
            FalseMatches = calibrated && distractors.Length > 0 ? FalseMatches(distractors) : [],
            Stages = StageTimes.Mean([.. queries.Concat(distractors).Select(answer => answer.Times)]),
        };
    }

    /// <summary>Of the queries that match anything, those whose most probable match is a wrong one; null where none matches.</summary>
    internal static Proportion? WrongAmongMatched(IReadOnlyList<Ranked> answers, Func<string, string, bool> areSame)
    {
        (Ranked Answer, RankedReference? First)[] matched = [.. answers.Select(answer => (answer, answer.Entries.FirstOrDefault(entry => entry.Verdict == Verdict.Match))).Where(x => x.Item2 is not null)];
        return matched.Length == 0 ? null : new Proportion(matched.Count(x => !areSame(x.First!.Label, x.Answer.Label)), matched.Length);
    }

    private static FalseMatchRate[] FalseMatches(Ranked[] distractors) =>
    [
        new("match", new Proportion(distractors.Count(answer => answer.Entries.Any(entry => entry.Verdict == Verdict.Match)), distractors.Length)),
        new("review", new Proportion(distractors.Count(answer => answer.Entries.Any(entry => entry.Verdict is Verdict.Match or Verdict.Review)), distractors.Length)),
    ];
}

/// <summary>The answer to one query.</summary>
internal sealed record Ranked(SourcePicture Picture, IReadOnlyList<RankedReference> Entries, StageTimes Times)
{
    public string Label => Picture.Label;

    /// <summary>1 where the query's label comes first among the labels; null where it is not ranked at all.</summary>
    public int? RankOf(Func<string, string, bool> areSame)
    {
        int rank = 1;
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (RankedReference entry in Entries)
        {
            if (areSame(entry.Label, Label)) return rank;
            if (seen.Add(entry.Label)) rank++;
        }
        return null;
    }
}

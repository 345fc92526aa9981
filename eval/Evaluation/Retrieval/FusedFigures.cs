using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Statistics;

namespace Touchstone.Evaluation.Retrieval;

/// <summary>How several pictures of one thing do when they are asked together, beside the same pictures asked alone.</summary>
/// <param name="GroupSize">Pictures asked together, at most; what is left of a group makes a smaller one, and one picture left is not asked.</param>
/// <param name="RecallAt1">Groups whose label came first.</param>
/// <param name="FoundAtMatchPoint">Groups of which a reference of the right label reached the match point; null without probabilities.</param>
/// <param name="WrongAmongMatched">Of the groups that match anything, those whose most probable match is a wrong one.</param>
/// <param name="SingleRecallAt1">The pictures of these groups asked alone.</param>
public sealed record FusedFigures(int GroupSize, Proportion RecallAt1, Proportion? FoundAtMatchPoint, Proportion? WrongAmongMatched, Proportion SingleRecallAt1)
{
    /// <summary>Null where no two queries are of one group and label.</summary>
    internal static FusedFigures? Of(DescribedTask described, LabelledGallery gallery, RankingTask task, int groupSize)
    {
        DescribedQuery[][] groups = [.. described.Queries
            .Where(query => query.Picture.Group is not null && query.Image is not null)
            .GroupBy(query => (query.Picture.Group, query.Picture.Label)).SelectMany(group => group.Chunk(groupSize)).Where(group => group.Length > 1)];
        if (groups.Length == 0) return null;
        Ranked[] fused = described.RankGroups(gallery, groups), single = described.Rank(gallery, [.. groups.SelectMany(group => group)]);
        bool calibrated = Array.Exists(fused, answer => answer.Entries.Any(entry => entry.Verdict is not null));
        return new FusedFigures(
            groupSize,
            FirstRight(fused, task),
            calibrated ? new Proportion(fused.Count(answer => answer.Entries.Any(entry => entry.Verdict == Recognition.Verdict.Match && task.AreSame(entry.Label, answer.Label))), fused.Length) : null,
            RankingRun.WrongAmongMatched(fused, task.AreSame),
            FirstRight(single, task));
    }

    private static Proportion FirstRight(Ranked[] answers, RankingTask task) => new(answers.Count(answer => answer.RankOf(task.AreSame) is 1), answers.Length);
}

using System.Text.Json;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Hits;

/// <summary>
/// Whether a match says something that the person who rejected the hit did not see: another picture, or another relation. An identifier that agreed when the hit
/// was rejected for its picture was seen then. Pure.
/// </summary>
internal static class Reopening
{
    /// <summary>What is new, as a sentence for people; null where nothing is.</summary>
    /// <param name="hit">With its decisions and the matches on which they were made.</param>
    public static string? Reason(HitRow hit, MatchRow match)
    {
        MatchRow[] rejected = [.. hit.Decisions.GroupBy(d => d.MatchId).Select(g => g.MaxBy(d => d.Id)!).Where(d => d.State == HitState.Rejected).Select(d => d.Match).Append(hit.Match).OfType<MatchRow>()];
        if (match.ImageSha256 is { } image && !rejected.Any(r => r.ImageSha256 == image)) return $"Another picture matches ({Say(match.Relation)}) than the one that was rejected.";
        if (rejected.Any(r => r.Relation == match.Relation)) return null;
        if (match.ImageSha256 is null && IsKnown(match, rejected)) return null;
        return $"The relation is another one ({Say(match.Relation)}) than was rejected ({string.Join(", ", rejected.Select(r => Say(r.Relation)).Distinct())}).";
    }

    /// <summary>Whether a rejected match named the same identifiers beside its picture.</summary>
    private static bool IsKnown(MatchRow match, MatchRow[] rejected)
    {
        IReadOnlyList<string> stated = SentencesOf(match);
        return stated.Count > 0 && rejected.Any(r => stated.All(SentencesOf(r).Contains));
    }

    private static IReadOnlyList<string> SentencesOf(MatchRow match)
    {
        try
        {
            return JsonSerializer.Deserialize<MatchSignals>(match.Signals, JsonSerializerOptions.Web)?.For ?? [];
        }
        catch (JsonException)
        {
            // Signals of an older version name nothing, so what they named counts as new and a person looks.
            return [];
        }
    }

    private static string Say(Relation relation) => relation switch
    {
        Relation.SameImage => "same image",
        Relation.SameProduct => "same product",
        Relation.SameDesign => "same design",
        Relation.MarkPresent => "mark present",
        _ => "same identifier",
    };
}

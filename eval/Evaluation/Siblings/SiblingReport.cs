using System.Text.Json.Serialization;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Statistics;

namespace Touchstone.Evaluation.Siblings;

/// <summary>What was measured on siblings. Serialises to JSON as it is.</summary>
public sealed record SiblingReport
{
    public required string ModelId { get; init; }

    public required string ProfileId { get; init; }

    public required bool TextRead { get; init; }

    public required int Seed { get; init; }

    public required IReadOnlyList<SiblingResult> Results { get; init; }

    /// <summary>Of all pictures that show a sibling, drawn and real, those that match one.</summary>
    public required Proportion Together { get; init; }

    public required double Seconds { get; init; }

    public required IReadOnlyList<UnreadPicture> Unread { get; init; }

    /// <summary>Wrong matches with pictures, as many as were asked for.</summary>
    [JsonIgnore]
    public IReadOnlyList<Mistake> Mistakes { get; init; } = [];
}

/// <summary>Pictures of one kind, asked of a gallery that holds siblings of what they show and not the thing itself.</summary>
/// <param name="Kind">In words.</param>
/// <param name="References">Of which each was asked.</param>
/// <param name="Asked">Pictures asked.</param>
/// <param name="WithSibling">Of them, those that show one: all that were drawn; of real ones those in which keypoints place a reference.</param>
/// <param name="Matched">Of those with a sibling, the ones that match a reference.</param>
/// <param name="Reviewed">Of those with a sibling, the ones that do not, and are for review.</param>
public sealed record SiblingResult(string Kind, int References, int Asked, int WithSibling, Proportion Matched, Proportion Reviewed);

using Touchstone.Recognition.Scoring;

namespace Touchstone.Evaluation.Galleries;

/// <summary>A query that was answered wrongly, with what a person needs to see why.</summary>
/// <param name="Part">What was measured, such as <c>crop, Moderate</c>.</param>
/// <param name="Kind">In words: not proposed, outranked, below the threshold, or a false match.</param>
/// <param name="Query">Names the picture that was asked for.</param>
/// <param name="Picture">That picture, encoded.</param>
/// <param name="Right">The reference that it shows; null where none of the gallery's is shown.</param>
/// <param name="Wrong">The reference that came first; null where the right one did, or nothing.</param>
public sealed record Mistake(string Part, string Kind, string Query, byte[] Picture, ShownReference? Right, ShownReference? Wrong);

/// <summary>A reference beside a query.</summary>
/// <param name="Picture">The reference picture, encoded.</param>
/// <param name="Rank">1 is first; null where it was not proposed.</param>
public sealed record ShownReference(string Label, byte[] Picture, int? Rank, double Score, Measurement? Measurement);

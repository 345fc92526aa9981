using Touchstone.Recognition.Scoring;

namespace Touchstone.Recognition;

/// <summary>What one image of a query gave.</summary>
/// <param name="Text">Null where there was no need to read the text.</param>
/// <param name="Failure">What a stage threw on this image, which is left out; null where none did.</param>
public sealed record RecognisedImage(string Sha256, ReadingOfText? Text, Exception? Failure = null);

/// <summary>What reading an image's text took and gave.</summary>
/// <param name="Lines">Lines read.</param>
/// <param name="LinesNotRead">Lines found beyond the limit.</param>
/// <param name="Failure">Why there is no text, or null.</param>
/// <param name="ReadNow">False if the text was already stored.</param>
public sealed record ReadingOfText(int Lines, int LinesNotRead, string? Failure, bool ReadNow);

/// <summary>What a query shows.</summary>
/// <param name="Matches">Match or Review, the most probable first; at most one for each wanted reference.</param>
/// <param name="Ranking">Every reference that was compared, the most probable first: also those that are no match.</param>
/// <param name="Images">In the order of the query.</param>
public sealed record RecognitionOutcome(IReadOnlyList<FoundMatch> Matches, IReadOnlyList<RankedCandidate> Ranking, IReadOnlyList<RecognisedImage> Images);

/// <summary>A reference that was compared, with its calibrated probability.</summary>
/// <param name="Measured">Of the image that has most for it.</param>
/// <param name="Verdict">What the profile makes of it.</param>
public sealed record RankedCandidate(MeasuredCandidate Measured, Probability Probability, Verdict Verdict)
{
    public long ReferenceId => Measured.Candidate.Image.ReferenceId;
}

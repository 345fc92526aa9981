
namespace Touchstone.Recognition.Scoring;

/// <summary>Another reference that competed for the same image.</summary>
/// <param name="Title">As the register had it when the image was screened.</param>
/// <param name="ReferenceImageSha256">The image of it that was compared.</param>
/// <param name="Probability">0..1, calibrated.</param>
public sealed record Rival(long ReferenceId, string Title, string ReferenceImageSha256, Relation Relation, double Probability)
{
    /// <summary>At most so many are kept with a match.</summary>
    public const int Most = 4;

    // Below this a reference did not compete.
    private const double LeastProbability = 0.01;

    /// <summary>The most probable references of a ranking, one more than a match keeps, so that it can leave itself out.</summary>
    internal static Rival[] Of(IReadOnlyList<RankedCandidate> ranking, Func<long, string?> titleOf) =>
        [.. ranking
            .Where(r => r.Probability.Value >= LeastProbability)
            .OrderByDescending(r => r.Probability).ThenBy(r => r.ReferenceId)
            .Select(r => (Ranked: r, Title: titleOf(r.ReferenceId))).Where(r => r.Title is not null).Take(Most + 1)
            .Select(r => new Rival(r.Ranked.ReferenceId, r.Title!, r.Ranked.Measured.Candidate.Image.Sha256, r.Ranked.Measured.Measurement.Relation, Math.Round(r.Ranked.Probability.Value, 4)))];
}

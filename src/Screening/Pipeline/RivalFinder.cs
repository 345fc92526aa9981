using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Storage;

namespace Touchstone.Screening.Pipeline;

/// <summary>Another reference that competed for the same picture.</summary>
/// <param name="Title">As the register had it when the picture was screened.</param>
/// <param name="ReferenceImageSha256">The picture of it that was compared.</param>
/// <param name="Probability">0..1, calibrated.</param>
public sealed record Rival(long ReferenceId, string Title, string ReferenceImageSha256, Relation Relation, double Probability);

/// <summary>Names the nearest rivals of each match of a picture. Safe for concurrent use.</summary>
public sealed class RivalFinder(IDbContextFactory<TouchstoneDb> databases)
{
    /// <summary>At most so many are kept with a match.</summary>
    public const int Most = 4;

    // Below this a reference did not compete.
    private const double LeastProbability = 0.01;

    /// <summary>The matches, each with the most probable other references that the picture was measured against.</summary>
    public async Task<IReadOnlyList<FoundMatch>> WithRivalsAsync(IReadOnlyList<FoundMatch> matches, IReadOnlyList<MeasuredCandidate> measured, CalibrationProfile profile, CancellationToken cancellationToken)
    {
        if (matches.Count == 0) return matches;
        Rival[] rivals = [.. measured
            .Select(m => new Rival(m.Candidate.Image.ReferenceId, "", m.Candidate.Image.Sha256, m.Measurement.Relation, Math.Round(profile.Relations[m.Measurement.Relation].ProbabilityOf(m.Measurement.Features).Value, 4)))
            .Where(r => r.Probability >= LeastProbability)
            .GroupBy(r => r.ReferenceId).Select(g => g.MaxBy(r => r.Probability)!)
            .OrderByDescending(r => r.Probability).ThenBy(r => r.ReferenceId).Take(Most + 1)];
        long[] ids = [.. rivals.Select(r => r.ReferenceId)];
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        Dictionary<long, string> titles = await db.References.Where(r => ids.Contains(r.Id)).ToDictionaryAsync(r => r.Id, r => r.Title, cancellationToken);
        return [.. matches.Select(m => m with
        {
            Signals = m.Signals with { Rivals = [.. rivals.Where(r => r.ReferenceId != m.ReferenceId && titles.ContainsKey(r.ReferenceId)).Take(Most).Select(r => r with { Title = titles[r.ReferenceId] })] },
        })];
    }
}

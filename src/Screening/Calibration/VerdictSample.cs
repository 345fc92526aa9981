using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Calibration;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Calibration;

/// <summary>A match of a hit, decided or not.</summary>
/// <param name="Fitted">The probability by the fitted profile, 0..1.</param>
/// <param name="InUse">The probability by the profile in use, 0..1; the same unless verdicts adjusted it.</param>
/// <param name="Confirmed">What a person said; null: nobody decided yet.</param>
public sealed record VerdictSample(long HitId, string? Name, Relation Relation, double Fitted, double InUse, bool? Confirmed);

/// <summary>The hits of an installation, measured anew: each decision on the match on which it was made, also where the hit has another by now.</summary>
/// <param name="NotMeasured">Matches left out: screened with another profile, without the measurements that these need.</param>
public sealed record VerdictSamples(IReadOnlyList<VerdictSample> Samples, int NotMeasured)
{
    /// <summary>Reads every match of a hit, by its picture, that a person decided or is to decide.</summary>
    public static async Task<VerdictSamples> ReadAsync(TouchstoneDb db, CalibrationProfile fitted, CalibrationProfile inUse, CancellationToken cancellationToken)
    {
        Relation[] relations = [.. fitted.Relations.Keys];
        // Of several decisions on one match the last one counts.
        var rows = await db.HitDecisions.AsNoTracking().Where(d => relations.Contains(d.Match!.Relation) && d.State != HitState.New && !db.HitDecisions.Any(later => later.HitId == d.HitId && later.MatchId == d.MatchId && later.Id > d.Id))
            .Select(d => new { Id = d.HitId, d.Match!.Relation, d.Match.Probability, d.State, d.Match.Screening!.Observation!.Name, d.Match.Signals, d.Match.Screening.ProfileId }).ToListAsync(cancellationToken);
        rows.AddRange(await db.Hits.AsNoTracking().Where(h => relations.Contains(h.Relation) && h.State == HitState.New)
            .Select(h => new { h.Id, h.Match!.Relation, h.Match.Probability, h.State, h.Match.Screening!.Observation!.Name, h.Match.Signals, h.Match.Screening.ProfileId }).ToListAsync(cancellationToken));
        var samples = new List<VerdictSample>();
        foreach (var row in rows.OrderBy(r => r.Id))
        {
            Dictionary<string, double> measured = Measurements(row.Signals);
            bool? confirmed = row.State == HitState.New ? null : row.State == HitState.Confirmed;
            if (fitted.Relations[row.Relation].ProbabilityOf(measured) is { } first && inUse.Relations[row.Relation].ProbabilityOf(measured) is { } second)
                samples.Add(new VerdictSample(row.Id, row.Name, row.Relation, first.Value, second.Value, confirmed));
            else if (row.ProfileId == fitted.Id && fitted.Id == inUse.Id)
                samples.Add(new VerdictSample(row.Id, row.Name, row.Relation, row.Probability, row.Probability, confirmed));
        }
        return new VerdictSamples(samples, rows.Count - samples.Count);
    }

    /// <summary>What the match's probability was computed from, as its signals keep it; empty where an older version kept none.</summary>
    private static Dictionary<string, double> Measurements(string signals)
    {
        try
        {
            return JsonSerializer.Deserialize<Kept>(signals, JsonSerializerOptions.Web)?.Features ?? [];
        }
        catch (JsonException)
        {
            // Counted by the caller as not measured.
            return [];
        }
    }

    private sealed record Kept(Dictionary<string, double>? Features);
}

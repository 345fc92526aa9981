using Touchstone.Recognition.Calibration;

namespace Touchstone.Recognition.Scoring;

/// <summary>
/// Fuses what several images of one thing have for each reference: the evidence of an image counts whole, and that of the others by the profile's
/// share, because images of one thing are not independent. What another image says nothing of does not count against a reference: a listing's
/// further pictures may show its box or its size chart. Of one image it is <see cref="CandidateCompetition.WithMargins(IReadOnlyList{MeasuredCandidate}, CalibrationProfile, Func{long, long, bool})"/>. Pure; safe for concurrent use.
/// </summary>
public static class ImageFusion
{
    /// <param name="measured">For each image of the query its measured candidates.</param>
    /// <param name="areOne">Whether two references are known to name the same thing.</param>
    /// <returns>The same with their margins.</returns>
    public static IReadOnlyList<IReadOnlyList<MeasuredCandidate>> WithMargins(IReadOnlyList<IReadOnlyList<MeasuredCandidate>> measured, CalibrationProfile profile, Func<long, long, bool> areOne)
    {
        ArgumentNullException.ThrowIfNull(measured);
        ArgumentNullException.ThrowIfNull(profile);
        if (profile.Evidence is not { } scales) return measured;
        Dictionary<long, double>[] excess = [.. measured.Select(candidates => candidates
            .GroupBy(m => m.Candidate.Image.ReferenceId)
            .ToDictionary(g => g.Key, g => g.Max(m => scales[m.Measurement.Relation].Excess(m.Measurement.Features))))];
        return [.. measured.Select((candidates, image) => CandidateCompetition.WithMargins(candidates, profile, areOne, reference => profile.Fusion * excess.Where((_, other) => other != image).Sum(of => of.GetValueOrDefault(reference))))];
    }
}

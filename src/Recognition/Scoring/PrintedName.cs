using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Text;

namespace Touchstone.Recognition.Scoring;

/// <summary>The match that the text alone makes where an image prints what the reference is known by. Pure.</summary>
internal static class PrintedName
{
    /// <summary>Null where the text names the reference in no such way.</summary>
    public static FoundMatch? MatchOf(MeasuredCandidate measured, CalibrationProfile profile, string sha256)
    {
        double? probability = measured.Measurement.Signals.Text?.Named switch
        {
            Naming.Gtin => profile.Identifiers.Gtin,
            Naming.BrandAndModel => profile.Identifiers.BrandAndModel,
            Naming.Title => profile.Identifiers.PrintedName,
            _ => null,
        };
        if (probability is not { } p) return null;
        Verdict verdict = p >= profile.Identifiers.Match ? Verdict.Match : Verdict.Review;
        return new FoundMatch(measured.Candidate.Image.ReferenceId, Relation.SameIdentifier, new Probability(p), verdict, sha256, measured.Candidate.Image.Sha256, measured.Measurement.Signals);
    }
}

using System.Diagnostics;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Text;
using Touchstone.Vision.Verification;

namespace Touchstone.Screening.Pipeline;

/// <summary>A candidate, its picture and what was measured of it.</summary>
public sealed record MeasuredCandidate(Candidate Candidate, DescribedImage Reference, Measurement Measurement);

/// <summary>
/// The stage of a screening that reads what is printed: the picture's text, further candidates that it names, and what it says for and
/// against each candidate. Safe for concurrent use.
/// </summary>
public sealed class TextStage(TextLibrary library, ReferenceTexts references, ScreeningOptions options)
{
    // Further candidates by text; each costs one comparison of pictures.
    private const int MostByText = 10;

    /// <summary>Whether the text has to be read, after the rest was measured.</summary>
    public bool IsNeeded(TextReading wish, IReadOnlyList<MeasuredCandidate> measured, CalibrationProfile profile)
    {
        double best = measured.Select(m => profile.Relations[m.Measurement.Relation].ProbabilityOf(m.Measurement.Features).Value).DefaultIfEmpty().Max();
        return options.Text.Needs(wish, best, measured.Take(5).Select(m => references.FactsOf(m.Candidate.Image.ReferenceId)?.Category));
    }

    /// <summary>Reads the picture's text and names the candidates that it adds to those already known; a picture without text adds none.</summary>
    public async Task<(TextOutcome Outcome, IReadOnlyList<Candidate> Added)> ReadAsync(string sha256, IEnumerable<MeasuredCandidate> known, CancellationToken cancellationToken)
    {
        TextOutcome outcome = await library.ReadAsync(sha256, cancellationToken);
        if (outcome.Text is not { Words.Count: > 0 } text) return (outcome, []);
        HashSet<long> images = [.. known.Select(k => k.Candidate.Image.ReferenceImageId)];
        return (outcome, [.. references.FindCandidates(text, MostByText).Where(c => !images.Contains(c.Image.ReferenceImageId))]);
    }

    /// <summary>What the text says of a candidate, as far as its own picture's text is read.</summary>
    /// <param name="placement">How the candidate lies in the picture; null where that was not found.</param>
    public async Task<TextAgreement> CompareAsync(ReadText text, Candidate candidate, Placement? placement, CancellationToken cancellationToken)
    {
        ReadText? other = await library.FindAsync(candidate.Image.Sha256, cancellationToken);
        return TextComparison.Compare(text, other, references.FactsOf(candidate.Image.ReferenceId), references.Rarity, placement);
    }

    /// <summary>A match with what the offer's title says for or against it.</summary>
    public FoundMatch WithTitle(FoundMatch match, string? title) => TitleEvidence.With(match, title, references.FactsOf(match.ReferenceId), references.Rarity);

    /// <summary>The match that the text alone makes where it names the reference, or null.</summary>
    public static FoundMatch? Named(MeasuredCandidate measured, CalibrationProfile profile, string sha256)
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

    internal static ScreenedText Report(TextOutcome outcome, long started) =>
        new(outcome.Text?.Lines.Count ?? 0, outcome.Text?.LinesNotRead ?? 0, outcome.Failure, outcome.ReadNow, Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1));
}

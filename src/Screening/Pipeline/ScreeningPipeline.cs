using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Text;

namespace Touchstone.Screening.Pipeline;

/// <summary>The limits of one screening.</summary>
public sealed record ScreeningOptions
{
    /// <summary>Reference pictures that are compared closely, per picture. 1 to 200, default 20.</summary>
    public int Candidates { get; init; } = 20;

    /// <summary>Pictures of a listing that are read; the rest is counted in the outcome's detail. 1 to 50, default 8.</summary>
    public int PicturesPerListing { get; init; } = 8;

    /// <summary>When the text in a picture is read.</summary>
    public TextRule Text { get; init; } = new();
}

/// <summary>
/// One core for every door: pictures and facts → candidates → measurements → probability per relation → verdict.
/// NoMatch is said only if every stage ran on a ready gallery with the loaded model and a profile of that model; otherwise Undetermined
/// with the reason. Safe for concurrent use.
/// </summary>
public sealed class ScreeningPipeline(
    IDbContextFactory<TouchstoneDb> databases,
    ImageLibrary library,
    ReferenceGallery gallery,
    GalleryFollower follower,
    IdentifierLookup identifiers,
    MatchJudge judge,
    TextStage text,
    CalibrationProfiles profiles,
    ScreeningOptions options)
{
    /// <summary>The profile that screenings are decided with now; empty if none fits the loaded model.</summary>
    public async Task<string> ProfileIdAsync(CancellationToken cancellationToken) => (await profiles.ActiveAsync(library.ModelId, cancellationToken))?.Id ?? "";

    public async Task<ScreeningOutcome> ScreenAsync(ScreeningInput input, CancellationToken cancellationToken)
    {
        CalibrationProfile? profile = await profiles.ActiveAsync(library.ModelId, cancellationToken);
        GalleryStatus status = follower.Status;
        var gaps = new List<(UndeterminedReason Reason, string Detail)>();
        if (!status.Ready) gaps.Add((UndeterminedReason.IndexNotReady, status.Why!));
        if (profile is null) gaps.Add((UndeterminedReason.NoProfile, $"No calibration profile fits the model {library.ModelId}: run touchstone evaluate calibrate."));

        var images = new List<ScreenedImage>();
        var found = new List<FoundMatch>();
        foreach (ScreeningImage image in input.Images.Take(options.PicturesPerListing))
        {
            (ScreenedImage screened, IReadOnlyList<FoundMatch> matches) = await ScreenImageAsync(image, input, profile, cancellationToken);
            images.Add(screened);
            found.AddRange(matches);
        }
        if (profile is not null) found.AddRange(MatchIdentifiers(input, profile));

        gaps.AddRange(PictureGaps(images));
        IReadOnlyList<FoundMatch> best = [.. BestOfEachReference(found).Select(m => text.WithTitle(m, input.Title))];
        Verdict verdict = best.Count > 0 ? best.Min(m => m.Verdict) : gaps.Count > 0 ? Verdict.Undetermined : Verdict.NoMatch;
        return new ScreeningOutcome
        {
            Verdict = verdict,
            Reason = verdict == Verdict.Undetermined ? gaps[0].Reason : null,
            Detail = DetailOf(gaps, input.Images.Count),
            Matches = best,
            Images = images,
            ModelId = library.ModelId,
            ProfileId = profile?.Id ?? "",
            IndexGeneration = status.Generation,
        };
    }

    private async Task<(ScreenedImage Image, IReadOnlyList<FoundMatch> Matches)> ScreenImageAsync(ScreeningImage image, ScreeningInput input, CalibrationProfile? profile, CancellationToken cancellationToken)
    {
        if (image.Bytes.IsEmpty) return (new ScreenedImage(image.Url, null, image.Failure ?? "No bytes.", DescribedNow: false), []);
        ReadOutcome read = await library.ReadAsync(image.Bytes, cancellationToken);
        if (read.Image is null) return (new ScreenedImage(image.Url, read.Sha256, read.Failure, DescribedNow: false), []);
        var screened = new ScreenedImage(image.Url, read.Sha256, null, read.DescribedNow);
        if (profile is null) return (screened, []);
        List<MeasuredCandidate> measured = await MeasureAsync(read.Image, gallery.FindCandidates(read.Image, options.Candidates), input.ReferenceId, cancellationToken);
        if (!text.IsNeeded(input.Text, measured, profile)) return (screened, [.. measured.Select(m => Decide(m, profile, read.Sha256)).OfType<FoundMatch>()]);
        return await WithTextAsync(screened, read.Image, measured, input.ReferenceId, profile, cancellationToken);
    }

    /// <summary>The candidates measured with what the picture reads, and those that the text adds.</summary>
    private async Task<(ScreenedImage Image, IReadOnlyList<FoundMatch> Matches)> WithTextAsync(
        ScreenedImage screened, DescribedImage query, List<MeasuredCandidate> measured, long? wanted, CalibrationProfile profile, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        (TextOutcome outcome, IReadOnlyList<Candidate> added) = await text.ReadAsync(query.Sha256, measured, cancellationToken);
        measured = [.. measured, .. await MeasureAsync(query, added, wanted, cancellationToken)];
        var found = new List<FoundMatch>();
        foreach (MeasuredCandidate candidate in measured)
        {
            TextAgreement agreement = outcome.Text is { } read ? await text.CompareAsync(read, candidate.Candidate, cancellationToken) : TextAgreement.None;
            MeasuredCandidate with = candidate with { Measurement = MatchJudge.WithText(candidate.Measurement, agreement) };
            if (Decide(with, profile, query.Sha256) is { } match) found.Add(match);
            if (TextStage.Named(with, agreement, profile, query.Sha256) is { } named) found.Add(named);
        }
        return (screened with { Text = TextStage.Report(outcome, started) }, found);
    }

    /// <summary>Measures a described picture against candidates, without those that a person rejected for it.</summary>
    private async Task<List<MeasuredCandidate>> MeasureAsync(DescribedImage query, IReadOnlyList<Candidate> candidates, long? wanted, CancellationToken cancellationToken)
    {
        var measured = new List<MeasuredCandidate>();
        if (candidates.Count == 0) return measured;
        HashSet<long> rejected = await RejectedAsync(query.Sha256, [.. candidates.Select(c => c.Image.ReferenceId).Distinct()], cancellationToken);
        foreach (Candidate candidate in candidates.Where(c => !rejected.Contains(c.Image.ReferenceId) && (wanted is null || wanted == c.Image.ReferenceId)))
        {
            if (await library.FindAsync(candidate.Image.Sha256, cancellationToken) is { } reference)
                measured.Add(new MeasuredCandidate(candidate, judge.Measure(query, reference, candidate.Image.Kind)));
        }
        return measured;
    }

    /// <summary>The match that the measurements make, Match or Review; null where they make none.</summary>
    private static FoundMatch? Decide(MeasuredCandidate measured, CalibrationProfile profile, string sha256)
    {
        Measurement m = measured.Measurement;
        RelationCalibration calibration = profile.Relations[m.Relation];
        Probability probability = calibration.ProbabilityOf(m.Features);
        Verdict verdict = calibration.VerdictOf(probability);
        GalleryImage image = measured.Candidate.Image;
        return verdict == Verdict.NoMatch ? null : new FoundMatch(image.ReferenceId, m.Relation, probability, verdict, sha256, image.Sha256, m.Signals);
    }

    private async Task<HashSet<long>> RejectedAsync(string sha256, long[] referenceIds, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return [.. await db.ReferenceNegatives.Where(n => n.ImageSha256 == sha256 && referenceIds.Contains(n.ReferenceId)).Select(n => n.ReferenceId).ToListAsync(cancellationToken)];
    }

    private IEnumerable<FoundMatch> MatchIdentifiers(ScreeningInput input, CalibrationProfile profile) =>
        from agreement in identifiers.Find(input)
        where input.ReferenceId is null || input.ReferenceId == agreement.ReferenceId
        let probability = new Probability(agreement.Kind == IdentifierKind.Gtin ? profile.Identifiers.Gtin : profile.Identifiers.BrandAndModel)
        let verdict = probability.Value >= profile.Identifiers.Match ? Verdict.Match : Verdict.Review
        select new FoundMatch(agreement.ReferenceId, Relation.SameIdentifier, probability, verdict, null, null, new MatchSignals { For = [agreement.Text] });

    private static IEnumerable<(UndeterminedReason Reason, string Detail)> PictureGaps(List<ScreenedImage> images)
    {
        if (images.Count == 0)
        {
            yield return (UndeterminedReason.NoImage, "There is no picture.");
            yield break;
        }
        ScreenedImage[] failed = [.. images.Where(i => i.Failure is not null)];
        if (failed.Length == 0) yield break;
        UndeterminedReason reason = failed[0].Sha256 is null ? UndeterminedReason.ImageNotFetched : UndeterminedReason.ImageNotDecoded;
        yield return (reason, $"{failed.Length} of {images.Count} pictures could not be read: {failed[0].Failure}");
    }

    private string? DetailOf(List<(UndeterminedReason Reason, string Detail)> gaps, int pictures)
    {
        IEnumerable<string> parts = gaps.Select(g => g.Detail);
        if (pictures > options.PicturesPerListing) parts = parts.Append($"{pictures - options.PicturesPerListing} further pictures were not read.");
        string text = string.Join(" ", parts);
        return text.Length == 0 ? null : text;
    }

    /// <summary>The most probable match with each reference; the others' sentences for it are kept.</summary>
    private static List<FoundMatch> BestOfEachReference(List<FoundMatch> found) =>
        [.. found.GroupBy(m => m.ReferenceId)
            .Select(g =>
            {
                FoundMatch best = g.OrderBy(m => m.Verdict).ThenByDescending(m => m.Probability).First();
                IEnumerable<string> identifiers = g.Where(m => m.Relation == Relation.SameIdentifier && m != best).SelectMany(m => m.Signals.For);
                return best with { Signals = best.Signals with { For = [.. best.Signals.For.Union(identifiers, StringComparer.Ordinal)] } };
            })
            .OrderBy(m => m.Verdict).ThenByDescending(m => m.Probability).ThenBy(m => m.ReferenceId)];
}

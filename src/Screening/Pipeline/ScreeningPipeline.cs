using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Storage;

namespace Touchstone.Screening.Pipeline;

/// <summary>The limits of one screening.</summary>
public sealed record ScreeningOptions
{
    /// <summary>Reference pictures that are compared closely, per picture. 1 to 200, default 20.</summary>
    public int Candidates { get; init; } = 20;

    /// <summary>Pictures of a listing that are read; the rest is counted in the outcome's detail. 1 to 50, default 8.</summary>
    public int PicturesPerListing { get; init; } = 8;
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
            (ScreenedImage screened, IReadOnlyList<FoundMatch> matches) = await ScreenImageAsync(image, input.ReferenceId, profile, cancellationToken);
            images.Add(screened);
            found.AddRange(matches);
        }
        if (profile is not null) found.AddRange(MatchIdentifiers(input, profile));

        gaps.AddRange(PictureGaps(images));
        IReadOnlyList<FoundMatch> best = BestOfEachReference(found);
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

    private async Task<(ScreenedImage Image, IReadOnlyList<FoundMatch> Matches)> ScreenImageAsync(ScreeningImage image, long? wanted, CalibrationProfile? profile, CancellationToken cancellationToken)
    {
        if (image.Bytes.IsEmpty) return (new ScreenedImage(image.Url, null, image.Failure ?? "No bytes.", DescribedNow: false), []);
        ReadOutcome read = await library.ReadAsync(image.Bytes, cancellationToken);
        if (read.Image is null) return (new ScreenedImage(image.Url, read.Sha256, read.Failure, DescribedNow: false), []);
        var screened = new ScreenedImage(image.Url, read.Sha256, null, read.DescribedNow);
        return profile is null ? (screened, []) : (screened, await MatchAsync(read.Image, wanted, profile, cancellationToken));
    }

    /// <summary>The references that a described picture shows, each with its verdict Match or Review.</summary>
    private async Task<IReadOnlyList<FoundMatch>> MatchAsync(DescribedImage query, long? wanted, CalibrationProfile profile, CancellationToken cancellationToken)
    {
        IReadOnlyList<Candidate> candidates = gallery.FindCandidates(query, options.Candidates);
        long[] ids = [.. candidates.Select(c => c.Image.ReferenceId).Distinct()];
        HashSet<long> rejected = await RejectedAsync(query.Sha256, ids, cancellationToken);
        var found = new List<FoundMatch>();
        foreach (Candidate candidate in candidates.Where(c => !rejected.Contains(c.Image.ReferenceId) && (wanted is null || wanted == c.Image.ReferenceId)))
        {
            if (await library.FindAsync(candidate.Image.Sha256, cancellationToken) is not { } reference) continue;
            Measurement m = judge.Measure(query, reference, candidate.Image.Kind);
            RelationCalibration calibration = profile.Relations[m.Relation];
            Probability probability = calibration.ProbabilityOf(m.Features);
            Verdict verdict = calibration.VerdictOf(probability);
            if (verdict != Verdict.NoMatch)
                found.Add(new FoundMatch(candidate.Image.ReferenceId, m.Relation, probability, verdict, query.Sha256, candidate.Image.Sha256, m.Signals));
        }
        return found;
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
                return best with { Signals = best.Signals with { For = [.. best.Signals.For, .. identifiers] } };
            })
            .OrderBy(m => m.Verdict).ThenByDescending(m => m.Probability).ThenBy(m => m.ReferenceId)];
}

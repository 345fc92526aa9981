using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
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
    RivalFinder rivals,
    CalibrationProfiles profiles,
    ScreeningOptions options,
    ILogger<ScreeningPipeline> log)
{
    /// <summary>The profile that screenings are decided with now; empty if none fits the loaded model.</summary>
    public async Task<string> ProfileIdAsync(CancellationToken cancellationToken) => (await profiles.ActiveAsync(library.ModelId, cancellationToken))?.Id ?? "";

    public async Task<ScreeningOutcome> ScreenAsync(ScreeningInput input, CancellationToken cancellationToken)
    {
        CalibrationProfile? profile = await profiles.ActiveAsync(library.ModelId, cancellationToken);
        GalleryStatus status = follower.Status;
        var gaps = new List<(UndeterminedReason Reason, string Detail)>();
        if (!status.Ready) gaps.Add((UndeterminedReason.IndexNotReady, status.Why!));
        bool sameModel = gallery.ModelId == library.ModelId;
        if (!sameModel) gaps.Add((UndeterminedReason.ModelMismatch, $"The index holds embeddings of {gallery.ModelId}, and {library.ModelId} is loaded: restart, so that the references are described anew."));
        if (profile is null) gaps.Add((UndeterminedReason.NoProfile, $"No calibration profile fits the model {library.ModelId}: run touchstone evaluate calibrate."));

        var images = new List<ScreenedImage>();
        var found = new List<FoundMatch>();
        foreach (ScreeningImage image in input.Images.Take(options.PicturesPerListing))
        {
            (ScreenedImage screened, IReadOnlyList<FoundMatch> matches) = await ScreenOrFailAsync(image, input, sameModel ? profile : null, cancellationToken);
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

    /// <summary>A stage that throws leaves this picture undetermined and the rest of the run alone.</summary>
    private async Task<(ScreenedImage Image, IReadOnlyList<FoundMatch> Matches)> ScreenOrFailAsync(ScreeningImage image, ScreeningInput input, CalibrationProfile? profile, CancellationToken cancellationToken)
    {
        try
        {
            return await ScreenImageAsync(image, input, profile, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "A stage failed on the picture {Url}", image.Url);
            return (new ScreenedImage(image.Url, null, $"A stage failed: {e.Message}", DescribedNow: false) { Reason = UndeterminedReason.StageFailed }, []);
        }
    }

    private async Task<(ScreenedImage Image, IReadOnlyList<FoundMatch> Matches)> ScreenImageAsync(ScreeningImage image, ScreeningInput input, CalibrationProfile? profile, CancellationToken cancellationToken)
    {
        if (image.Bytes.IsEmpty) return (new ScreenedImage(image.Url, null, image.Failure ?? "No bytes.", DescribedNow: false) { Reason = UndeterminedReason.ImageNotFetched }, []);
        ReadOutcome read = input.GlanceFirst && profile?.Glance is { } glance
            ? await library.ReadAsync(image.Bytes, look => !look.ShowsTooLittle && gallery.Nearest(look) is var near && !glance.AsksForMore(near.Things, near.Marks), cancellationToken)
            : await library.ReadAsync(image.Bytes, cancellationToken);
        if (read.AtAGlance) return (new ScreenedImage(image.Url, read.Sha256, null, DescribedNow: false) { AtAGlance = true }, []);
        if (read.Image is not { } query) return (new ScreenedImage(image.Url, read.Sha256, read.Failure, DescribedNow: false) { Reason = UndeterminedReason.ImageNotDecoded }, []);
        var screened = new ScreenedImage(image.Url, read.Sha256, null, read.DescribedNow) { Reason = query.ShowsTooLittle ? UndeterminedReason.ImageFeatureless : null };
        if (profile is null) return (screened, []);

        IReadOnlyList<Candidate> candidates = gallery.FindCandidates(query, options.Candidates);
        // What shows too little resembles everything of its kind; only the very same bytes still tell.
        if (query.ShowsTooLittle) candidates = [.. candidates.Where(c => c.Image.Sha256 == query.Sha256)];
        bool IsWanted(long reference) => input.ReferenceId is null || input.ReferenceId == reference;
        List<MeasuredCandidate> wanted = await MeasureAsync(query, candidates, IsWanted, cancellationToken);
        if (!wanted.Exists(m => Rivalry.MayMatch(m, profile)) && (query.ShowsTooLittle || !text.IsNeeded(input.Text, wanted, profile))) return (screened, []);
        // What else the picture may show is measured before anything is decided.
        List<MeasuredCandidate> measured = [.. wanted, .. await MeasureAsync(query, candidates, reference => !IsWanted(reference), cancellationToken)];
        IReadOnlyList<MeasuredCandidate> weighed = Rivalry.WithLeads(measured, profile, identifiers.AreOne);
        if (!query.ShowsTooLittle && text.IsNeeded(input.Text, weighed, profile))
        {
            (screened, measured) = await WithTextAsync(screened, query, measured, cancellationToken);
            weighed = Rivalry.WithLeads(measured, profile, identifiers.AreOne);
        }
        FoundMatch[] matches = [.. weighed.Where(m => IsWanted(m.Candidate.Image.ReferenceId)).SelectMany(m => (FoundMatch?[])[Decide(m, profile, read.Sha256), TextStage.Named(m, profile, read.Sha256)]).OfType<FoundMatch>()];
        return (screened, await rivals.WithRivalsAsync(matches, weighed, profile, cancellationToken));
    }

    /// <summary>The candidates measured with what the picture reads, and those that the text adds.</summary>
    private async Task<(ScreenedImage Image, List<MeasuredCandidate> Measured)> WithTextAsync(ScreenedImage screened, DescribedImage query, List<MeasuredCandidate> measured, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        (TextOutcome outcome, IReadOnlyList<Candidate> added) = await text.ReadAsync(query.Sha256, measured, cancellationToken);
        var all = new List<MeasuredCandidate>();
        foreach (MeasuredCandidate candidate in measured.Concat(await MeasureAsync(query, added, _ => true, cancellationToken)))
        {
            TextAgreement agreement = outcome.Text is { } read ? await text.CompareAsync(read, candidate.Candidate, candidate.Measurement.Placement, cancellationToken) : TextAgreement.None;
            all.Add(candidate with { Measurement = MatchJudge.WithText(candidate.Measurement, agreement) });
        }
        return (screened with { Text = TextStage.Report(outcome, started) }, all);
    }

    /// <summary>Measures a described picture against candidates, without those that a person rejected for it.</summary>
    private async Task<List<MeasuredCandidate>> MeasureAsync(DescribedImage query, IReadOnlyList<Candidate> candidates, Func<long, bool> isWanted, CancellationToken cancellationToken)
    {
        var measured = new List<MeasuredCandidate>();
        Candidate[] asked = [.. candidates.Where(c => isWanted(c.Image.ReferenceId))];
        if (asked.Length == 0) return measured;
        HashSet<long> rejected = await RejectedAsync(query.Sha256, [.. asked.Select(c => c.Image.ReferenceId).Distinct()], cancellationToken);
        foreach (Candidate candidate in asked.Where(c => !rejected.Contains(c.Image.ReferenceId)))
        {
            if (await library.FindAsync(candidate.Image.Sha256, cancellationToken) is { } reference)
                measured.Add(new MeasuredCandidate(candidate, reference, judge.Measure(query, reference, candidate.Image.Kind)));
        }
        return measured;
    }

    /// <summary>The match that the measurements make, Match or Review; null where they make none.</summary>
    private static FoundMatch? Decide(MeasuredCandidate measured, CalibrationProfile profile, string sha256)
    {
        Measurement m = measured.Measurement;
        (Probability probability, Verdict verdict, bool heldBack) = MatchJudge.Decide(m, profile);
        if (verdict == Verdict.NoMatch) return null;
        GalleryImage image = measured.Candidate.Image;
        bool notExplained = !MatchJudge.IsShown(m.Relation, m.Features);
        var notes = new List<string>();
        if (profile.Relations[m.Relation].Abstains) notes.Add($"For this relation the profile {profile.Id} guarantees no precision: such matches are only for review.");
        if (heldBack) notes.Add("Things of one kind look alike, and too little else speaks for this match: it is only for review.");
        MatchSignals signals = m.Signals with { Features = m.Features.ByName(), Notes = notes, NotExplained = notExplained };
        return new FoundMatch(image.ReferenceId, m.Relation, probability, verdict, sha256, image.Sha256, signals);
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
        // Beside a picture that was compared, one that shows nothing leaves nothing open.
        bool compared = images.Exists(i => i.Reason is null);
        foreach (IGrouping<UndeterminedReason, ScreenedImage> failed in images.Where(i => i.Reason is not null).GroupBy(i => i.Reason!.Value))
        {
            if (failed.Key != UndeterminedReason.ImageFeatureless) yield return (failed.Key, $"{failed.Count()} of {images.Count} pictures could not be read: {failed.First().Failure}");
            else if (!compared) yield return (failed.Key, $"{failed.Count()} of {images.Count} pictures show too little to compare: blank, nearly uniform or tiny.");
        }
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
                string[] identifiers = [.. g.Where(m => m.Relation == Relation.SameIdentifier && m != best).SelectMany(m => m.Signals.For)];
                return best with { Signals = best.Signals with { For = [.. best.Signals.For.Union(identifiers, StringComparer.Ordinal)], NotExplained = best.Signals.NotExplained && identifiers.Length == 0 } };
            })
            .OrderBy(m => m.Verdict).ThenByDescending(m => m.Probability).ThenBy(m => m.ReferenceId)];
}

using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Features;
using Touchstone.Screening.Following;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage;
using Touchstone.Vision.Imaging;

namespace Touchstone.Screening.Screenings;

/// <summary>The limits of one screening.</summary>
public sealed record ScreeningOptions
{
    /// <summary>Pictures of a listing that are fetched and read. Where there are more, nothing is ruled out. 1 to 50, default 20.</summary>
    public int PicturesPerListing { get; init; } = 20;

    /// <summary>Bytes of a listing's pictures, as files, that are held at once; what would go beyond is not read, and nothing is ruled out. Default 128 MiB.</summary>
    public long BytesPerListing { get; init; } = 128L << 20;
}

/// <summary>
/// One core for every door: reads the pictures, hands them to the <see cref="Recogniser"/> with the active profile, and says what that allows to be
/// said. NoMatch only if every picture was read and compared on a ready gallery with the loaded model and a profile of that model; otherwise
/// Undetermined with the reason. Safe for concurrent use.
/// </summary>
public sealed class ScreeningPipeline(
    IDbContextFactory<TouchstoneDb> databases,
    FeatureStore features,
    OcrStore texts,
    ImageDecoder decoder,
    ReferenceGallery gallery,
    GalleryFollower follower,
    Recogniser recogniser,
    CalibrationProfiles profiles,
    ScreeningOptions options,
    TimeProvider clock,
    ILogger<ScreeningPipeline> log)
{
    /// <summary>The profile that screenings are decided with now; empty if none fits the loaded model.</summary>
    public async Task<string> ProfileIdAsync(CancellationToken cancellationToken) => (await profiles.ActiveAsync(features.ModelId, cancellationToken))?.Id ?? "";

    public async Task<ScreeningOutcome> ScreenAsync(ScreeningInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        using Activity? span = Traces.Begin("screening", ("touchstone.screening.pictures", input.Images.Count));
        long started = clock.GetTimestamp();
        var times = new StageTimes(clock);
        try
        {
            ScreeningOutcome outcome = await ScreenAsync(input, times, cancellationToken);
            span?.SetTag("touchstone.screening.verdict", outcome.Verdict.ToString());
            ScreeningMetrics.Screened(outcome, clock.GetElapsedTime(started), times);
            return outcome;
        }
        catch (Exception e) when (Traces.Failed(span, e))
        {
            throw;
        }
    }

    private async Task<ScreeningOutcome> ScreenAsync(ScreeningInput input, StageTimes times, CancellationToken cancellationToken)
    {
        CalibrationProfile? profile = await profiles.ActiveAsync(features.ModelId, cancellationToken);
        GalleryStatus status = follower.Status;
        var gaps = new List<(UndeterminedReason Reason, string Detail)>();
        if (!status.Ready) gaps.Add((UndeterminedReason.IndexNotReady, status.Why!));
        bool sameModel = gallery.ModelId == features.ModelId;
        if (!sameModel) gaps.Add((UndeterminedReason.ModelMismatch, $"The index holds embeddings of {gallery.ModelId}, and {features.ModelId} is loaded: restart, so that the references are described anew."));
        else if (status.Ready && NothingToCompare(input, status) is { } nothing) gaps.Add((UndeterminedReason.NothingToCompare, nothing));
        if (profile is null) gaps.Add((UndeterminedReason.NoProfile, $"No calibration profile fits the model {features.ModelId}: run touchstone evaluate calibrate."));

        var images = new List<ScreenedImage>();
        var queries = new List<ReadImage>();
        foreach (ScreeningImage image in input.Images.Take(options.PicturesPerListing).SelectMany(Shown))
        {
            (ScreenedImage screened, ImageFeatures? query) = await ReadOrFailAsync(image, input.AllowsEarlyExit && sameModel ? profile?.EarlyExit : null, input.AsksForMore, times, cancellationToken);
            if (query is not null) queries.Add(new ReadImage(images.Count, query));
            images.Add(screened);
        }
        IReadOnlyList<FoundMatch> matches = profile is null ? [] : await RecogniseAsync(input, sameModel ? queries : [], images, profile, times, cancellationToken);
        gaps.AddRange(PictureGaps(images));
        int unread = input.Images.Count - options.PicturesPerListing;
        if (unread > 0) gaps.Add((UndeterminedReason.ImagesLeftUnread, $"{unread} of {input.Images.Count} pictures were not read: the limit is {options.PicturesPerListing} of a listing."));
        Verdict verdict = matches.Count > 0 ? matches.Min(m => m.Verdict) : gaps.Count > 0 ? Verdict.Undetermined : Verdict.NoMatch;
        return new ScreeningOutcome
        {
            Verdict = verdict,
            Reason = verdict == Verdict.Undetermined ? gaps[0].Reason : null,
            Detail = gaps.Count == 0 ? null : string.Join(" ", gaps.Select(g => g.Detail)),
            Matches = matches,
            Images = images,
            ModelId = features.ModelId,
            ProfileId = profile?.Id ?? "",
            GallerySequence = status.Sequence,
            GalleryFingerprint = status.Fingerprint,
        };
    }

    /// <summary>Why no comparison can rule anything out, for people; null: there is something to compare with.</summary>
    private string? NothingToCompare(ScreeningInput input, GalleryStatus status)
    {
        if (input.SearchedPicture is not null) return null;
        if (status.Images == 0) return "No register holds a picture to compare with: import one with touchstone references import, or name the right installation.";
        return input.ReferenceId is { } wanted && !gallery.ImagesOf(wanted).Any() ? "The wanted reference has no picture that can be compared." : null;
    }

    /// <summary>A picture and, where it is an animation, what a person sees after its first frame: each is a picture of its own.</summary>
    private IEnumerable<ScreeningImage> Shown(ScreeningImage image)
    {
        yield return image;
        AnimationContent further = decoder.ReadAnimation(image.Bytes);
        foreach (byte[] picture in further.Pictures) yield return image with { Bytes = picture };
        if (!further.IsWhole) yield return image with { Bytes = default, Failure = "It is an animation, and not all that it shows could be looked at.", Missing = UndeterminedReason.ImageNotDecoded };
    }

    private async Task<(ScreenedImage Image, ImageFeatures? Query)> ReadOrFailAsync(ScreeningImage image, EarlyExit? exit, Func<ImageFeatures, EarlyExit, bool>? asksForMore, StageTimes times, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(image, exit, asksForMore, times, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return (Failed(new ScreenedImage(image.Url, null, null, DescribedNow: false), e), null);
        }
    }

    private async Task<(ScreenedImage Image, ImageFeatures? Query)> ReadAsync(ScreeningImage image, EarlyExit? exit, Func<ImageFeatures, EarlyExit, bool>? asksForMore, StageTimes times, CancellationToken cancellationToken)
    {
        if (image.Bytes.IsEmpty) return (new ScreenedImage(image.Url, null, image.Failure ?? "No bytes.", DescribedNow: false) { Reason = image.Missing }, null);
        ReadOutcome read = exit is not null
            ? await features.ReadAsync(image.Bytes, look => !look.ShowsTooLittle && gallery.Nearest(look) is var near && !exit.AsksForMore(near.Things, near.Marks) && asksForMore?.Invoke(look, exit) != true, times, cancellationToken)
            : await features.ReadAsync(image.Bytes, times, cancellationToken);
        if (read.ExitedEarly) return (new ScreenedImage(image.Url, read.Sha256, null, DescribedNow: false) { ExitedEarly = true }, null);
        if (read.Image is not { } query) return (new ScreenedImage(image.Url, read.Sha256, read.Failure, DescribedNow: false) { Reason = UndeterminedReason.ImageNotDecoded }, null);
        return (new ScreenedImage(image.Url, read.Sha256, null, read.DescribedNow) { Reason = query.ShowsTooLittle ? UndeterminedReason.ImageFeatureless : null }, query);
    }

    /// <summary>Recognises all pictures together, and notes with each what became of it.</summary>
    private async Task<IReadOnlyList<FoundMatch>> RecogniseAsync(ScreeningInput input, IReadOnlyList<ReadImage> queries, List<ScreenedImage> images, CalibrationProfile profile, StageTimes times, CancellationToken cancellationToken)
    {
        var query = new RecognitionQuery
        {
            Images = [.. queries.Select(q => new QueryImage(q.Features, token => features.LookCloselyAsync(q.Features, token), token => texts.ReadAsync(q.Features.Sha256, token)))],
            Offer = new StatedOffer(input.Title, ReferenceText.CleanBrand(input.Brand), input.Mpn, input.Gtin) { VariantGtins = input.VariantGtins, VariantMpns = input.VariantMpns },
            Text = input.Text,
            Asked = input.SearchedPicture is { } own ? [own] : input.ReferenceId is { } alert ? gallery.ImagesOf(alert) : [],
            IsWanted = reference => input.ReferenceId is null || input.ReferenceId == reference,
            IsRejected = await RejectedAsync([.. queries.Select(q => q.Features.Sha256)], cancellationToken),
            Stages = times,
        };
        RecognitionOutcome outcome = await recogniser.RecogniseAsync(query, gallery, profile, cancellationToken);
        for (int i = 0; i < queries.Count; i++)
        {
            (int at, RecognisedImage gave) = (queries[i].At, outcome.Images[i]);
            images[at] = gave.Failure is null ? images[at] with { Text = gave.Text } : Failed(images[at], gave.Failure);
        }
        return outcome.Matches;
    }

    /// <summary>A stage that throws leaves this picture undetermined and the rest of the run alone.</summary>
    private ScreenedImage Failed(ScreenedImage image, Exception e)
    {
        log.LogError(e, "A stage failed on the picture {Url}", image.Url);
        // What the file system says names paths, which are nobody's matter who asks from outside.
        string why = e is IOException or UnauthorizedAccessException ? "the storage could not be used; the log says how" : e.Message;
        return image with { Failure = $"A stage failed: {why}", Reason = UndeterminedReason.StageFailed };
    }

    private async Task<Func<string, long, bool>> RejectedAsync(string[] sha256s, CancellationToken cancellationToken)
    {
        if (sha256s.Length == 0) return static (_, _) => false;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.ReferenceNegatives.Where(n => sha256s.Contains(n.ImageSha256)).Select(n => new { n.ImageSha256, n.ReferenceId }).ToListAsync(cancellationToken);
        HashSet<(string, long)> rejected = [.. rows.Select(r => (r.ImageSha256, r.ReferenceId))];
        return (sha256, reference) => rejected.Contains((sha256, reference));
    }

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

    /// <summary>A picture that was read, and its place among the screened ones.</summary>
    private sealed record ReadImage(int At, ImageFeatures Features);
}

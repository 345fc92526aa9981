using System.Security.Cryptography;
using System.Text;
using Touchstone.Crawling;
using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Listings;

/// <summary>What screening one listing gave, for the counters of a run.</summary>
public sealed record ListingResult(ListingRow Listing, bool Unchanged, int Images, int ImagesDescribed, int Hits, Verdict Verdict, string? Detail);

/// <summary>
/// Takes an offer through the pipeline: stores its facts, fetches its pictures unless they are known, screens, stores the hits.
/// An offer that was screened with the same facts, pictures, references (and their texts) and profile is not screened again. Safe for concurrent use.
/// </summary>
public sealed class ListingScreener(ListingStore listings, HitStore hits, ScreeningPipeline pipeline, GalleryFollower follower, ReferenceTextReader texts, BlobStore blobs, TimeProvider clock)
{
    // A shop may exchange a picture under its URL; after this time it is fetched again.
    private static readonly TimeSpan PictureAge = TimeSpan.FromDays(7);

    /// <param name="fetch">Fetches the listing's pictures within the run's visit and budget.</param>
    public async Task<ListingResult> ScreenAsync(ListingFacts facts, PictureFetcher fetch, SearchRow search, long runId, CancellationToken cancellationToken)
    {
        ListingRow listing = await listings.SaveAsync(facts, cancellationToken);
        List<ScreeningImage> pictures = await PicturesAsync(listing, fetch, cancellationToken);
        string input = InputHash(listing, search.ReferenceId, follower.Status, texts.Fingerprint, await pipeline.ProfileIdAsync(cancellationToken));
        if (await hits.IsScreenedAsync(listing.Id, input, cancellationToken))
            return new ListingResult(listing, Unchanged: true, pictures.Count, 0, 0, Verdict.NoMatch, null);

        ScreeningOutcome outcome = await pipeline.ScreenAsync(
            new ScreeningInput
            {
                Images = pictures,
                Title = facts.Name,
                Description = facts.Description,
                Brand = facts.Brand,
                Mpn = facts.Mpn,
                Gtin = facts.Gtin,
                ReferenceId = search.ReferenceId,
            },
            cancellationToken);
        await hits.SaveAsync(new ScreeningSubject(listing.Id, null, search.Id, runId, input), outcome, cancellationToken);
        return new ListingResult(listing, Unchanged: false, outcome.Images.Count, outcome.Images.Count(i => i.DescribedNow), outcome.Matches.Count, outcome.Verdict, outcome.Detail);
    }

    private async Task<List<ScreeningImage>> PicturesAsync(ListingRow listing, PictureFetcher fetch, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        var pictures = new List<ScreeningImage>();
        var fetched = new List<ListingImageRow>();
        foreach (ListingImageRow image in listing.Images.OrderBy(i => i.Position))
        {
            if (image.ImageSha256 is { } known && image.FetchedAt > now - PictureAge && await blobs.GetAsync(known, cancellationToken) is { } bytes)
            {
                pictures.Add(new ScreeningImage(image.Url, bytes));
                continue;
            }
            FetchOutcome outcome = await fetch(image.Url, cancellationToken);
            image.FetchedAt = now;
            image.Failure = outcome.Failure is null ? null : $"{outcome.Failure}{(outcome.Status > 0 ? $" {outcome.Status}" : "")}: {outcome.Detail}";
            image.ImageSha256 = outcome.Failure is null ? await blobs.PutAsync(outcome.Body, cancellationToken) : null;
            pictures.Add(new ScreeningImage(image.Url, outcome.Failure is null ? outcome.Body : default, image.Failure));
            fetched.Add(image);
        }
        await listings.SaveImagesAsync(fetched, cancellationToken);
        return pictures;
    }

    private static string InputHash(ListingRow listing, long? referenceId, GalleryStatus gallery, string texts, string profileId)
    {
        string images = string.Join(',', listing.Images.OrderBy(i => i.Position).Select(i => i.ImageSha256 ?? "-"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{listing.ContentHash}|{images}|{referenceId}|{gallery.ModelId}|{gallery.Fingerprint}|{texts}|{profileId}")));
    }
}

using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Hits;
using Touchstone.Screening.References;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Api;
using Touchstone.Server.Queries;

namespace Touchstone.Server.Field;

/// <summary>
/// Screens what officers photograph, all photos of a thing together and each set once unless undetermined, and reads what came of it. Safe for concurrent use.
/// </summary>
internal sealed class CaptureDesk(ScreeningPipeline pipeline, HitStore hits, IBlobStore blobs, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock)
{
    /// <summary>Screens the thing that the photo is of.</summary>
    /// <exception cref="BusyException">Its turn did not come in time; the photo is kept.</exception>
    public async Task ScreenAsync(CaptureRow capture, byte[] photo, Admission.Visit visit, CancellationToken cancellationToken)
    {
        List<CaptureRow> photos;
        string input;
        await using (TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken))
        {
            photos = await PhotosAsync(db, ThingOf(capture), cancellationToken);
            input = photos.Count == 1 ? capture.ImageSha256 : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', photos.Select(x => x.ImageSha256)))));
            if (await db.Screenings.AnyAsync(x => x.CaptureId == ThingOf(capture) && x.InputHash == input && x.Verdict != Verdict.Undetermined, cancellationToken)) return;
        }
        List<ScreeningImage> images = [];
        foreach (CaptureRow each in photos)
        {
            byte[]? bytes = each.Id == capture.Id ? photo : await blobs.GetAsync(each.ImageSha256, cancellationToken);
            if (bytes is not null && each.Id != capture.Id) visit.Hold(bytes.Length);
            // One that was erased since is no longer a part of it.
            if (bytes is not null) images.Add(new ScreeningImage(null, bytes));
        }
        ScreeningOutcome outcome = await visit.RunAsync(token => pipeline.ScreenAsync(new ScreeningInput { Images = images }, token), cancellationToken);
        await hits.SaveAsync(new ScreeningSubject(null, ThingOf(capture), null, input), outcome, cancellationToken);
    }

    /// <summary>What a photo, or the thing that it is of, shows.</summary>
    public async Task<CaptureAnswer> AnswerAsync(CaptureRow capture, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<CaptureRow> photos = await PhotosAsync(db, ThingOf(capture), cancellationToken);
        CaptureRow first = photos[0];
        string[] pictures = [.. photos.Select(x => x.ImageSha256)];
        ScreeningRow? screening = await db.Screenings.AsNoTracking().Include(x => x.Matches).Where(x => x.CaptureId == first.Id).OrderByDescending(x => x.Id).FirstOrDefaultAsync(cancellationToken);
        if (screening is null)
            return new CaptureAnswer(first.Id, first.ImageSha256, first.TakenAt, first.Place, Verdict.Undetermined, UndeterminedReason.StageFailed, "The photo was not screened; send it again.", [], first.TakenBy, first.Note, pictures);
        IReadOnlyDictionary<long, ReferenceRow> references = await ScreeningAnswers.ReferencesAsync(db, screening.Matches.Select(x => x.ReferenceId), cancellationToken);
        MatchItem[] matches = [.. screening.Matches.Where(x => references.ContainsKey(x.ReferenceId)).OrderByDescending(x => x.Probability).ThenBy(x => x.Id)
            .Select(x => ScreeningAnswers.ItemOf(references[x.ReferenceId], x.Relation, x.Probability, x.Verdict, x.ImageSha256, x.ReferenceImageSha256, HitQueries.SignalsOf(x), clock.Today()))];
        return new CaptureAnswer(first.Id, first.ImageSha256, first.TakenAt, first.Place, screening.Verdict, screening.Reason, screening.Detail, matches, first.TakenBy, first.Note, pictures);
    }

    private static long ThingOf(CaptureRow capture) => capture.ThingId ?? capture.Id;

    private static Task<List<CaptureRow>> PhotosAsync(TouchstoneDb db, long thing, CancellationToken cancellationToken) =>
        db.Captures.AsNoTracking().Where(x => x.Id == thing || x.ThingId == thing).OrderBy(x => x.Id).ToListAsync(cancellationToken);
}

using Microsoft.Extensions.Logging;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening.Features;
using Touchstone.Screening.Following;
using Touchstone.Screening.Observations;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.LookBacks;

/// <summary>How far this node's index of what was seen is.</summary>
/// <param name="Pictures">Pictures of listings that are searched.</param>
/// <param name="Waiting">Those that wait to be described: of an earlier model or form.</param>
/// <param name="Number">The number of the last picture that was taken over.</param>
public sealed record SeenStatus(int Pictures, int Waiting, long Number);

/// <summary>
/// Keeps the index of what was seen at the state of the database, by the numbers of the pictures. What the index holds is not loaded again. A picture that nobody
/// has described in the present form becomes a job that one node does for all. One call works at a time; safe to call from several threads.
/// </summary>
public sealed class SeenFollower : IDisposable
{
    private const int NumbersAtOnce = 5_000;

    // The descriptions of so many pictures are in memory at once.
    private const int PicturesAtOnce = 64;

    private readonly SeenGallery seen;
    private readonly SeenPictures pictures;
    private readonly FeatureStore features;
    private readonly ImageJobs jobs;
    private readonly ILogger<SeenFollower> log;
    private readonly SemaphoreSlim one = new(1, 1);
    private readonly SortedDictionary<long, string> waiting = [];
    private long number;

    internal SeenFollower(SeenGallery seen, SeenPictures pictures, FeatureStore features, ImageJobs jobs, ILogger<SeenFollower> log) =>
        (this.seen, this.pictures, this.features, this.jobs, this.log) = (seen, pictures, features, jobs, log);

    public SeenStatus Status { get; private set; } = new(0, 0, 0);

    /// <summary>Takes over every picture that was numbered before the call, as far as it is described. Returns how many came in.</summary>
    public async Task<int> FollowAsync(CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            int came = await TakeAsync([.. waiting.Select(w => new SeenPicture(w.Key, w.Value))], cancellationToken);
            while (await pictures.SinceAsync(number, NumbersAtOnce, cancellationToken) is { Count: > 0 } rows)
            {
                came += await TakeAsync([.. rows.Select(r => new SeenPicture(r.Number, r.ImageSha256)).Where(p => !seen.Contains(p))], cancellationToken);
                number = rows[^1].Number;
            }
            Status = new SeenStatus(seen.Count, waiting.Count, number);
            return came;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private async Task<int> TakeAsync(SeenPicture[] missing, CancellationToken cancellationToken)
    {
        int came = 0;
        foreach (SeenPicture[] part in missing.Chunk(PicturesAtOnce))
        {
            IReadOnlyDictionary<string, ReadOutcome> described = await features.FindReadAsync([.. part.Select(p => p.Sha256)], cancellationToken);
            string[] unread = [.. part.Select(p => p.Sha256).Where(s => !described.ContainsKey(s))];
            IReadOnlyDictionary<string, string> failures = unread.Length == 0 ? new Dictionary<string, string>() : await jobs.FailuresAsync(ImageJobKind.Describe, unread, cancellationToken);
            foreach (SeenPicture picture in part)
            {
                waiting.Remove(picture.Number);
                if (described.TryGetValue(picture.Sha256, out ReadOutcome? outcome))
                {
                    // What cannot be described is found by nothing, here as in a search.
                    if (outcome.Image is null) continue;
                    seen.Put(picture, outcome.Image);
                    came++;
                }
                else if (failures.TryGetValue(picture.Sha256, out string? failure)) log.LogInformation("The seen picture {Picture} is not searched: {Failure}", picture.Sha256, failure);
                else waiting[picture.Number] = picture.Sha256;
            }
            await jobs.QueueAsync(ImageJobKind.Describe, [.. unread.Where(s => !failures.ContainsKey(s))], cancellationToken);
        }
        return came;
    }
}

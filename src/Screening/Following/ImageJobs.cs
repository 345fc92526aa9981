using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Features;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Following;

/// <summary>Jobs that this worker holds; <paramref name="Owner"/> is the fence.</summary>
internal sealed record JobBatch(ImageJobKind Kind, string Owner, IReadOnlyList<string> Sha256s);

/// <summary>How a job ended. <paramref name="IsLasting"/>: doing it again would fail alike.</summary>
internal sealed record JobOutcome(string? Failure, bool IsLasting = false);

/// <summary>
/// What is to be done with pictures of references: each is done by one node for all. Jobs are leased by the batch, so the name of a taking is their fence.
/// A lease that is not renewed runs out, and another worker takes the jobs; one over which two workers were lost is given up for a day.
/// Safe for concurrent use by several processes.
/// </summary>
internal sealed class ImageJobs(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, ImageRecipes recipes)
{
    private const int MostAttempts = 2;

    // Of descriptions, some seconds' work on two cores.
    private const int MostAtOnce = 96;

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromDays(1)];

    public static TimeSpan LeaseTime { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Queues those of these pictures that have no such job.</summary>
    public async Task QueueAsync(ImageJobKind kind, IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken)
    {
        string recipe = recipes[kind];
        foreach (string[] part in sha256s.Distinct(StringComparer.Ordinal).Chunk(FeatureRows.MostAtOnce))
        {
            while (true)
            {
                await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
                List<string> known = await recipes.JobsOf(db, kind).Where(j => EF.Parameter(part).Contains(j.ImageSha256)).Select(j => j.ImageSha256).ToListAsync(cancellationToken);
                DateTimeOffset now = clock.GetUtcNow();
                db.ImageJobs.AddRange(part.Except(known, StringComparer.Ordinal).Select(sha256 => new ImageJobRow { Kind = kind, ImageSha256 = sha256, Recipe = recipe, NotBefore = now }));
                try
                {
                    await db.SaveChangesAsync(cancellationToken);
                    break;
                }
                catch (DbUpdateException e) when (!DatabaseAway.Explains(e))
                {
                    // Another node queued some of them at the same moment; the next turn sees those.
                }
            }
        }
    }

    /// <summary>Of these pictures, those whose job failed so far, each with why.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FailuresAsync(ImageJobKind kind, IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken)
    {
        var failures = new Dictionary<string, string>(StringComparer.Ordinal);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (string[] part in sha256s.Chunk(FeatureRows.MostAtOnce))
        {
            var rows = await recipes.JobsOf(db, kind).Where(j => j.Failure != null && EF.Parameter(part).Contains(j.ImageSha256)).Select(j => new { j.ImageSha256, j.Failure }).ToListAsync(cancellationToken);
            foreach (var row in rows) failures[row.ImageSha256] = row.Failure!;
        }
        return failures;
    }

    /// <summary>Takes jobs that are due; null if there are none.</summary>
    public async Task<JobBatch?> TakeAsync(ImageJobKind kind, string worker, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        while (true)
        {
            DateTimeOffset now = clock.GetUtcNow(), until = now + LeaseTime;
            List<long> ids = await Due(db, kind, now).Where(j => j.Attempts == 0).OrderBy(j => j.NotBefore).ThenBy(j => j.Id).Select(j => j.Id).Take(MostAtOnce).ToListAsync(cancellationToken);
            if (ids.Count == 0)
            {
                // One over which a worker was lost is taken alone: it may be what ended it.
                ids = await Due(db, kind, now).OrderBy(j => j.NotBefore).ThenBy(j => j.Id).Select(j => j.Id).Take(1).ToListAsync(cancellationToken);
                if (ids.Count == 0) return null;
            }
            string owner = $"{worker}/{Guid.NewGuid():N}";
            int taken = await Due(db, kind, now).Where(j => EF.Parameter(ids).Contains(j.Id)).ExecuteUpdateAsync(
                s => s.SetProperty(j => j.LeaseOwner, owner).SetProperty(j => j.LeaseUntil, until).SetProperty(j => j.Attempts, j => j.Attempts + 1), cancellationToken);
            if (taken == 0) continue;
            var rows = await db.ImageJobs.Where(j => j.LeaseOwner == owner).OrderBy(j => j.Id).Select(j => new { j.ImageSha256, j.Attempts }).ToListAsync(cancellationToken);
            var batch = new JobBatch(kind, owner, [.. rows.Select(r => r.ImageSha256)]);
            if (rows is not [{ Attempts: > MostAttempts }]) return batch;
            await EndAsync(batch, new Dictionary<string, JobOutcome>(StringComparer.Ordinal) { [batch.Sha256s[0]] = new($"{MostAttempts} workers ended while they were at this picture.") }, cancellationToken);
        }
    }

    /// <summary>Holds the jobs for a further <see cref="LeaseTime"/>; false if they were lost.</summary>
    public async Task<bool> RenewAsync(JobBatch batch, CancellationToken cancellationToken)
    {
        DateTimeOffset until = clock.GetUtcNow() + LeaseTime;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await Held(db, batch).ExecuteUpdateAsync(s => s.SetProperty(j => j.LeaseUntil, until), cancellationToken) == batch.Sha256s.Count;
    }

    /// <summary>Gives the jobs back undone (the program stops); the next worker takes them at once.</summary>
    public async Task ReleaseAsync(JobBatch batch)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync();
        await Held(db, batch).ExecuteUpdateAsync(s => s.SetProperty(j => j.LeaseUntil, (DateTimeOffset?)null).SetProperty(j => j.LeaseOwner, (string?)null).SetProperty(j => j.Attempts, j => j.Attempts - 1));
    }

    /// <summary>Ends jobs that are still held, and has every node take over the references that show their pictures, in one transaction. A failure that is known already is no news.</summary>
    public async Task EndAsync(JobBatch batch, IReadOnlyDictionary<string, JobOutcome> outcomes, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        List<ImageJobRow> held = await Held(db, batch).ToListAsync(cancellationToken);
        var news = new List<string>();
        foreach (ImageJobRow job in held.Where(j => outcomes.ContainsKey(j.ImageSha256)))
        {
            JobOutcome outcome = outcomes[job.ImageSha256];
            if (outcome.Failure is null || outcome.IsLasting || outcome.Failure != job.Failure) news.Add(job.ImageSha256);
            if (outcome.Failure is null || outcome.IsLasting)
            {
                db.ImageJobs.Remove(job);
                continue;
            }
            bool lost = job.Attempts > MostAttempts;
            (job.LeaseOwner, job.LeaseUntil, job.Failure, job.Attempts) = (null, null, outcome.Failure, lost ? job.Attempts : 0);
            job.NotBefore = now + (lost ? Pauses[^1] : Pauses[Math.Min(job.Failures, Pauses.Length - 1)]);
            job.Failures++;
        }
        List<long> shown = await db.ReferenceImages.Where(i => news.Contains(i.ImageSha256!) && i.Reference!.Kind != ReferenceKind.SearchedPicture).Select(i => i.ReferenceId).Distinct().ToListAsync(cancellationToken);
        await ReferenceChanges.AppendAsync(db, shown, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private IQueryable<ImageJobRow> Due(TouchstoneDb db, ImageJobKind kind, DateTimeOffset now)
    {
        DateTimeOffset last = now + Leasing.Longest;
        return recipes.JobsOf(db, kind).Where(j => (j.LeaseUntil == null || j.LeaseUntil < now || j.LeaseUntil > last) && j.NotBefore <= now);
    }

    private static IQueryable<ImageJobRow> Held(TouchstoneDb db, JobBatch batch) => db.ImageJobs.Where(j => j.LeaseOwner == batch.Owner);
}

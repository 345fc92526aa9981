using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Following;

/// <summary>How many jobs of a kind this version of the program has to do; each number ends at 100,000.</summary>
/// <param name="Failed">Of the waiting those that failed at least once.</param>
public sealed record JobCounts(ImageJobKind Kind, int Waiting, int Running, int Failed);

/// <summary>A job that failed so far.</summary>
/// <param name="NextTry">When it is tried again.</param>
/// <param name="ReferenceId">A reference that shows the picture; null: none does any more.</param>
public sealed record FailedJob(long Id, ImageJobKind Kind, string ImageSha256, string Failure, int Failures, DateTimeOffset NextTry, long? ReferenceId, string? ReferenceTitle);

/// <summary>The work on pictures of references that is still to be done.</summary>
/// <param name="Failed">The first 200 of each kind that failed so far.</param>
public sealed record JobReport(IReadOnlyList<JobCounts> Counts, IReadOnlyList<FailedJob> Failed)
{
    private const int MostFailed = 200;

    /// <param name="recipes">Jobs by other recipes are not this version's; they are done by other nodes, or go after a while.</param>
    public static async Task<JobReport> ReadAsync(TouchstoneDb db, ImageRecipes recipes, CancellationToken cancellationToken)
    {
        var counts = new List<JobCounts>();
        var failed = new List<ImageJobRow>();
        foreach (ImageJobKind kind in Enum.GetValues<ImageJobKind>())
        {
            IQueryable<ImageJobRow> jobs = recipes.JobsOf(db, kind);
            counts.Add(new JobCounts(
                kind,
                await jobs.Where(x => x.LeaseOwner == null).CountBoundedAsync(cancellationToken),
                await jobs.Where(x => x.LeaseOwner != null).CountBoundedAsync(cancellationToken),
                await jobs.Where(x => x.Failure != null).CountBoundedAsync(cancellationToken)));
            failed.AddRange(await jobs.AsNoTracking().Where(x => x.Failure != null).OrderBy(x => x.Id).Take(MostFailed).ToListAsync(cancellationToken));
        }
        string[] pictures = [.. failed.Select(x => x.ImageSha256)];
        var shown = await db.ReferenceImages.Where(x => EF.Parameter(pictures).Contains(x.ImageSha256!)).Select(x => new { x.ImageSha256, x.ReferenceId, x.Reference!.Title }).ToListAsync(cancellationToken);
        return new JobReport(counts, [.. failed.Select(x =>
        {
            var at = shown.Find(s => s.ImageSha256 == x.ImageSha256);
            return new FailedJob(x.Id, x.Kind, x.ImageSha256, x.Failure!, x.Failures, x.NotBefore, at?.ReferenceId, at?.Title);
        })]);
    }

    /// <summary>Has every job that failed, by whichever recipe, tried again at once; returns how many.</summary>
    public static async Task<int> RetryFailedAsync(VerbContext context, CancellationToken cancellationToken)
    {
        DateTimeOffset now = context.Clock.GetUtcNow();
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        int jobs = await context.Db.ImageJobs.Where(x => x.Failure != null && (x.LeaseUntil == null || x.LeaseUntil < now)).ExecuteUpdateAsync(
            x => x.SetProperty(j => j.NotBefore, now).SetProperty(j => j.Attempts, 0).SetProperty(j => j.Failures, 0), cancellationToken);
        if (jobs > 0) await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, "jobs.retried", "jobs", $"{jobs} jobs"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return jobs;
    }
}

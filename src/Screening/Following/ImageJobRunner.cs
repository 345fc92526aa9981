using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Touchstone.Crawling.Frontier;
using Touchstone.Recognition.Features;
using Touchstone.Screening.Features;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Following;

/// <summary>Does what waits to be done with pictures of references. Any number of workers of any number of processes may. Safe for concurrent use.</summary>
public sealed class ImageJobRunner
{
    private readonly ImageJobs jobs;
    private readonly FeatureStore features;
    private readonly OcrStore texts;
    private readonly TimeProvider clock;
    private readonly ILogger<ImageJobRunner> log;

    internal ImageJobRunner(ImageJobs jobs, FeatureStore features, OcrStore texts, TimeProvider clock, ILogger<ImageJobRunner> log) =>
        (this.jobs, this.features, this.texts, this.clock, this.log) = (jobs, features, texts, clock, log);

    /// <summary>Does some of the jobs that are due. Returns how many had an outcome; 0: there were none, or they were lost.</summary>
    /// <param name="worker">Names this worker in leases.</param>
    public async Task<int> RunSomeAsync(ImageJobKind kind, string worker, CancellationToken cancellationToken)
    {
        if (await jobs.TakeAsync(kind, worker, cancellationToken) is not { } batch) return 0;
        var outcomes = new ConcurrentDictionary<string, JobOutcome>(StringComparer.Ordinal);
        try
        {
            bool held = await HeldLease.RunAsync(ImageJobs.LeaseTime, token => jobs.RenewAsync(batch, token), token => DoAsync(batch, outcomes, token), clock, log, cancellationToken);
            if (!held) return 0;
            await jobs.EndAsync(batch, outcomes, CancellationToken.None);
            foreach (JobOutcome outcome in outcomes.Values) ImageJobMetrics.Ended(batch.Kind, outcome);
            return outcomes.Count;
        }
        catch
        {
            // What ended meanwhile is stored and will be found so.
            await ReleaseAsync(batch);
            throw;
        }
    }

    private async Task ReleaseAsync(JobBatch batch)
    {
        try
        {
            await jobs.ReleaseAsync(batch);
        }
        catch (Exception e) when (DatabaseAway.Explains(e))
        {
            log.LogWarning(e, "Jobs could not be given back; their leases run out");
        }
    }

    private async Task DoAsync(JobBatch batch, ConcurrentDictionary<string, JobOutcome> outcomes, CancellationToken cancellationToken)
    {
        if (batch.Kind == ImageJobKind.Describe)
        {
            foreach ((string sha256, ReadOutcome read) in await features.ReadStoredAsync(batch.Sha256s, cancellationToken)) outcomes[sha256] = new JobOutcome(read.Failure, read.IsLasting);
            return;
        }
        foreach (string sha256 in batch.Sha256s) outcomes[sha256] = await ReadTextAsync(sha256, cancellationToken);
    }

    private async Task<JobOutcome> ReadTextAsync(string sha256, CancellationToken cancellationToken)
    {
        try
        {
            OcrOutcome read = await texts.ReadAsync(sha256, cancellationToken);
            return new JobOutcome(read.Failure);
        }
        catch (Exception e) when (e is not OperationCanceledException && !DatabaseAway.Explains(e))
        {
            // One picture on which the reader breaks keeps no other from being read.
            log.LogError(e, "The text of {Picture} could not be read", sha256);
            return new JobOutcome($"The text could not be read: {e.Message}");
        }
    }
}

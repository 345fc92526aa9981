using Touchstone.Screening.Evidence;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Workers;

/// <summary>Checks each kept bundle of evidence once a day, from its first to its last byte.</summary>
internal sealed partial class EvidenceWorker(KeptEvidence evidence, TimeProvider clock, ILogger<EvidenceWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                foreach (EvidenceRow row in (await evidence.CheckAsync(stoppingToken)).Broken) Broken(row.CaseId, row.Sha256, row.Problem);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                NotChecked(e);
            }
        }
        while (await timer.NextAsync(stoppingToken));
    }

    [LoggerMessage(EventId = 2151, Level = LogLevel.Error, Message = "The kept evidence of case {CaseId} does not hold: bundle {Sha256}: {Problem}")]
    private partial void Broken(long caseId, string sha256, string? problem);

    [LoggerMessage(EventId = 2152, Level = LogLevel.Error, Message = "The kept evidence could not be checked; it is tried again in an hour")]
    private partial void NotChecked(Exception exception);
}

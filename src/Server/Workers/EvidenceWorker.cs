using Touchstone.Screening.Evidence;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Workers;

/// <summary>Checks each kept bundle of evidence once a day, from its first to its last byte.</summary>
internal sealed partial class EvidenceWorker(KeptEvidence evidence, TimeProvider clock, ILogger<EvidenceWorker> logger) : RepeatingWorker(TimeSpan.FromHours(1), clock)
{
    protected override async Task DoDueAsync(CancellationToken stoppingToken)
    {
        foreach (EvidenceRow row in (await evidence.CheckAsync(stoppingToken)).Broken) Broken(row.CaseId, row.Sha256, row.Problem);
    }

    [LoggerMessage(EventId = 2153, Level = LogLevel.Error, Message = "The kept evidence of case {CaseId} does not hold: bundle {Sha256}: {Problem}")]
    private partial void Broken(long caseId, string sha256, string? problem);

    [LoggerMessage(EventId = 2154, Level = LogLevel.Error, Message = "The kept evidence could not be checked; it is tried again in an hour")]
    protected override partial void Failed(Exception exception);
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Weekly;

namespace Touchstone.Server.Workers;

/// <summary>Queues the searches that repeat, when they are due.</summary>
internal sealed partial class ScheduleWorker(IDbContextFactory<TouchstoneDb> databases, WeeklyOptions weekly, TimeProvider clock, ILogger<ScheduleWorker> logger) : RepeatingWorker(TimeSpan.FromMinutes(1), clock)
{
    protected override async Task DoDueAsync(CancellationToken stoppingToken)
    {
        try
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(stoppingToken);
            int queued = await SearchSchedule.QueueDueAsync(db, weekly.Zone, Clock, stoppingToken);
            if (queued > 0) Queued(queued);
        }
        catch (Exception e) when (e is DbUpdateException or DbException)
        {
            Overtaken(e);
        }
    }

    [LoggerMessage(EventId = 2182, Level = LogLevel.Information, Message = "Queued {Count} repeating searches")]
    private partial void Queued(int count);

    [LoggerMessage(EventId = 2183, Level = LogLevel.Information, Message = "Another node queued the repeating searches at the same moment")]
    private partial void Overtaken(Exception exception);

    [LoggerMessage(EventId = 2184, Level = LogLevel.Error, Message = "The repeating searches could not be queued; it is tried again in a minute")]
    protected override partial void Failed(Exception exception);
}

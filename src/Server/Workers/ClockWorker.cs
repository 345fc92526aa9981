using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;

namespace Touchstone.Server.Workers;

/// <summary>Gives the mail addresses that a case's deadline is told to, by the account that the case is given to (null: to nobody).</summary>
public delegate Task<IReadOnlyList<string>> DeadlineAddresses(string? account, CancellationToken cancellationToken);

/// <summary>Looks every few minutes for clocks of cases that ran out, and tells of each once.</summary>
internal sealed partial class ClockWorker(IDbContextFactory<TouchstoneDb> databases, DeadlineAddresses addresses, TimeProvider clock, ILogger<ClockWorker> logger) : RepeatingWorker(TimeSpan.FromMinutes(5), clock)
{
    protected override async Task DoDueAsync(CancellationToken stoppingToken)
    {
        int told = await ClockBreaches.TellAsync(databases, Clock, (account, token) => addresses(account, token), stoppingToken);
        if (told > 0) RanOut(told);
    }

    [LoggerMessage(EventId = 2163, Level = LogLevel.Information, Message = "{Clocks} deadlines of cases ran out")]
    private partial void RanOut(int clocks);

    [LoggerMessage(EventId = 2164, Level = LogLevel.Error, Message = "The deadlines of cases could not be looked at")]
    protected override partial void Failed(Exception exception);
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;

namespace Touchstone.Server.Workers;

/// <summary>Gives the mail addresses that a case's deadline is told to, by the account that the case is given to (null: to nobody).</summary>
public delegate Task<IReadOnlyList<string>> DeadlineAddresses(string? account, CancellationToken cancellationToken);

/// <summary>Looks every few minutes for clocks of cases that ran out, and tells of each once.</summary>
internal sealed partial class ClockWorker(IDbContextFactory<TouchstoneDb> databases, DeadlineAddresses addresses, TimeProvider clock, ILogger<ClockWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                int told = await ClockBreaches.TellAsync(databases, clock, (account, token) => addresses(account, token), stoppingToken);
                if (told > 0) RanOut(told);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                NotTold(e);
            }
        }
        while (await timer.NextAsync(stoppingToken));
    }

    [LoggerMessage(EventId = 2161, Level = LogLevel.Information, Message = "{Clocks} deadlines of cases ran out")]
    private partial void RanOut(int clocks);

    [LoggerMessage(EventId = 2162, Level = LogLevel.Error, Message = "The deadlines of cases could not be looked at")]
    private partial void NotTold(Exception exception);
}

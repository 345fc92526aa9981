using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notifications;

/// <summary>What one look at the outbox did, in messages.</summary>
/// <param name="Overtaken">Delivered or failed, but after the lease had gone to another worker, whose answer counts.</param>
public sealed record DeliveryRound(int Delivered, int Postponed, int Dead, int Overtaken)
{
    public int Handled => Delivered + Postponed + Dead + Overtaken;
}

/// <summary>
/// Delivers the outbox's messages. Any number of workers in any number of processes may do so at once: a message is leased by one
/// conditional update, and its answer is only written by the holder of the newest lease (the fence). A worker that dies loses its lease
/// with time, so that each message is delivered at least once. Safe for concurrent use.
/// </summary>
/// <param name="transports">By <see cref="OutboxKind"/>; a message of another kind waits untouched until a worker has a transport for it.</param>
/// <param name="jitter">Shortens waits; used under a lock.</param>
public sealed class OutboxDelivery(
    IDbContextFactory<TouchstoneDb> databases,
    IReadOnlyDictionary<string, OutboxTransport> transports,
    OutboxOptions options,
    TimeProvider clock,
    Random jitter,
    ILogger<OutboxDelivery> logger)
{
    private const int Batch = 50;
    private const int LongestError = 1000;
    private readonly List<string> kinds = [.. transports.Keys];

    /// <summary>Delivers until it is cancelled.</summary>
    /// <param name="worker">Names the worker in the leases, such as machine and process.</param>
    public async Task RunAsync(string worker, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                DeliveryRound round = await DeliverDueAsync(worker, cancellationToken);
                if (round.Handled > 0) continue;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // The database may be away for a while; the outbox outlives that.
                logger.LogError(failure, "The outbox could not be worked on; trying again in {Wait}.", options.Poll);
            }
            try
            {
                await Task.Delay(options.Poll, clock, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Delivers up to 50 of the messages that are due now, the longest due first, one after the other.</summary>
    public async Task<DeliveryRound> DeliverDueAsync(string worker, CancellationToken cancellationToken)
    {
        var round = new DeliveryRound(0, 0, 0, 0);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        List<long> due = await Due(db, now).OrderBy(x => x.NotBefore).ThenBy(x => x.Id).Select(x => x.Id).Take(Batch).ToListAsync(cancellationToken);
        foreach (long id in due)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await LeaseAsync(db, id, worker, cancellationToken) is not { } message) continue;
            using Activity? span = Traces.Begin("deliver", ("messaging.message.id", message.Id), ("messaging.system", message.Kind));
            round = await DeliverAsync(db, message, round, cancellationToken);
        }
        OutboxMetrics.Tried(round);
        return round;
    }

    private IQueryable<OutboxRow> Due(TouchstoneDb db, DateTimeOffset now) => db.Outbox.AsNoTracking()
        .Where(x => kinds.Contains(x.Kind))
        .Where(x => (x.State == OutboxState.Pending && x.NotBefore <= now) || (x.State == OutboxState.Leased && x.LeaseUntil <= now));

    private async Task<OutboxRow?> LeaseAsync(TouchstoneDb db, long id, string worker, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        OutboxRow? seen = await Due(db, now).FirstOrDefaultAsync(x => x.Id == id, cancellationToken);
        if (seen is null) return null;
        DateTimeOffset until = now + options.Lease;
        // The attempt is counted when it begins, so that a message that kills its worker each time ends as dead too.
        int leased = await Due(db, now).Where(x => x.Id == id && x.Fence == seen.Fence).ExecuteUpdateAsync(
            x => x.SetProperty(m => m.State, OutboxState.Leased).SetProperty(m => m.LeaseOwner, worker).SetProperty(m => m.LeaseUntil, until)
                .SetProperty(m => m.Fence, m => m.Fence + 1).SetProperty(m => m.Attempts, m => m.Attempts + 1),
            cancellationToken);
        if (leased == 0) return null;
        seen.Fence++;
        seen.Attempts++;
        return seen;
    }

    private async Task<DeliveryRound> DeliverAsync(TouchstoneDb db, OutboxRow message, DeliveryRound round, CancellationToken cancellationToken)
    {
        DeliveryOutcome outcome;
        try
        {
            outcome = await AttemptAsync(message, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The worker stops: the message is given back at once instead of waiting for the end of the lease.
            DateTimeOffset now = clock.GetUtcNow();
            await Held(db, message).ExecuteUpdateAsync(x => x.SetProperty(m => m.State, OutboxState.Pending).SetProperty(m => m.NotBefore, now), CancellationToken.None);
            throw;
        }
        // What is done is written down even while the worker is being stopped.
        return await WriteDownAsync(db, message, outcome, round, CancellationToken.None);
    }

    private async Task<DeliveryOutcome> AttemptAsync(OutboxRow message, CancellationToken cancellationToken)
    {
        if (message.Attempts > options.MostAttempts) return DeliveryOutcome.Failed(DeliveryFailure.Abandoned, $"Each of {options.MostAttempts} attempts ended without an answer.");
        try
        {
            return await transports[message.Kind](message, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.LogError(failure, "The delivery of message {Id} threw.", message.Id);
            return DeliveryOutcome.Failed(DeliveryFailure.Broken, $"{failure.GetType().Name}: {failure.Message}");
        }
    }

    private async Task<DeliveryRound> WriteDownAsync(TouchstoneDb db, OutboxRow message, DeliveryOutcome outcome, DeliveryRound round, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (outcome.Failure is not { } failure)
        {
            int delivered = await Held(db, message).ExecuteUpdateAsync(
                x => x.SetProperty(m => m.State, OutboxState.Delivered).SetProperty(m => m.DeliveredAt, now).SetProperty(m => m.LastError, (string?)null), cancellationToken);
            if (delivered == 1) return round with { Delivered = round.Delivered + 1 };
            logger.LogWarning("Message {Id} was delivered after its lease had run out; it may arrive twice.", message.Id);
            return round with { Overtaken = round.Overtaken + 1 };
        }

        string error = Cut($"{failure}: {outcome.Detail}");
        double shortening;
        lock (jitter) shortening = jitter.NextDouble();
        if (DeliveryPolicy.WaitAfter(failure, message.Attempts, options, shortening) is { } wait)
        {
            int postponed = await Held(db, message).ExecuteUpdateAsync(
                x => x.SetProperty(m => m.State, OutboxState.Pending).SetProperty(m => m.NotBefore, now + wait).SetProperty(m => m.LastError, error), cancellationToken);
            if (postponed == 1) return round with { Postponed = round.Postponed + 1 };
        }
        else
        {
            int dead = await Held(db, message).ExecuteUpdateAsync(
                x => x.SetProperty(m => m.State, OutboxState.Dead).SetProperty(m => m.LastError, error), cancellationToken);
            logger.LogWarning("Message {Id} is dead after {Attempts} attempts: {Error}", message.Id, message.Attempts, error);
            if (dead == 1) return round with { Dead = round.Dead + 1 };
        }
        return round with { Overtaken = round.Overtaken + 1 };
    }

    private static IQueryable<OutboxRow> Held(TouchstoneDb db, OutboxRow message) =>
        db.Outbox.Where(x => x.Id == message.Id && x.Fence == message.Fence && x.State == OutboxState.Leased);

    private static string Cut(string error) => error.Length <= LongestError ? error : error[..LongestError];
}

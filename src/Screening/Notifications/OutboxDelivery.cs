using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.Logging;
using Touchstone.Crawling.Text;
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
/// Delivers the outbox's messages. Any number of workers in any number of processes may do so at once: a message is leased, and a worker that
/// dies loses its lease with time, so that each message is delivered at least once. Safe for concurrent use.
/// </summary>
/// <param name="transports">By <see cref="OutboxKind"/>; a message of another kind waits untouched until a worker has a transport for it.</param>
/// <param name="jitter">Shortens waits; used under a lock.</param>
public sealed class OutboxDelivery(
    IDbContextFactory<TouchstoneDb> databases,
    OutboxTransports transports,
    OutboxOptions options,
    TimeProvider clock,
    Random jitter,
    ILogger<OutboxDelivery> logger)
{
    private const int Batch = 50;
    private const int LongestError = 1000;

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
        IReadOnlyDictionary<string, OutboxTransport> ways = await transports(cancellationToken);
        string[] kinds = [.. ways.Keys];
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        List<long> due = await Due(db, kinds, now).OrderBy(x => x.NotBefore).ThenBy(x => x.Id).Select(x => x.Id).Take(Batch).ToListAsync(cancellationToken);
        foreach (long id in due)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await LeaseAsync(db, id, kinds, worker, cancellationToken) is not { } message) continue;
            using Activity? span = Traces.Begin("deliver", ("messaging.message.id", message.Id), ("messaging.system", message.Kind));
            try
            {
                round = await DeliverAsync(db, message, ways[message.Kind], round, span, cancellationToken);
            }
            catch (Exception e) when (Traces.Failed(span, e))
            {
                throw;
            }
        }
        OutboxMetrics.Tried(round);
        await TellWaitingAsync(db, cancellationToken);
        return round;
    }

    private async Task TellWaitingAsync(TouchstoneDb db, CancellationToken cancellationToken)
    {
        IQueryable<OutboxRow> waiting = db.Outbox.Where(x => x.State == OutboxState.Pending || x.State == OutboxState.Leased);
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset? first = await waiting.MinAsync(x => (DateTimeOffset?)x.NotBefore, cancellationToken);
        OutboxMetrics.Waits(first is null ? 0 : await waiting.CountBoundedAsync(cancellationToken), first < now ? now - first.Value : TimeSpan.Zero);
    }

    private IQueryable<OutboxRow> Due(TouchstoneDb db, string[] kinds, DateTimeOffset now) => db.Outbox.AsNoTracking()
        .Where(x => kinds.Contains(x.Kind))
        .Where(x => (x.State == OutboxState.Pending && x.NotBefore <= now) || x.State == OutboxState.Leased)
        .Free(now);

    private async Task<OutboxRow?> LeaseAsync(TouchstoneDb db, long id, string[] kinds, string worker, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        OutboxRow? seen = await Due(db, kinds, now).FirstOrDefaultAsync(x => x.Id == id, cancellationToken);
        if (seen is null) return null;
        DateTimeOffset until = now + options.Lease;
        // The attempt is counted when it begins, so that a message that kills its worker each time ends as dead too.
        if (!await Row(db, id).TakeAsync(seen.Fence, worker, until, x => x.SetProperty(m => m.State, OutboxState.Leased).SetProperty(m => m.Attempts, m => m.Attempts + 1), cancellationToken)) return null;
        seen.Fence++;
        seen.Attempts++;
        return seen;
    }

    private async Task<DeliveryRound> DeliverAsync(TouchstoneDb db, OutboxRow message, OutboxTransport transport, DeliveryRound round, Activity? span, CancellationToken cancellationToken)
    {
        DeliveryOutcome outcome;
        try
        {
            outcome = await AttemptAsync(message, transport, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The worker stops: the message is given back at once instead of waiting for the end of the lease.
            DateTimeOffset now = clock.GetUtcNow();
            await EndAsync(db, message, x => x.SetProperty(m => m.State, OutboxState.Pending).SetProperty(m => m.NotBefore, now));
            throw;
        }
        if (outcome.Failure is { } failure) Traces.Failed(span, $"{failure}: {outcome.Detail}");
        // What is done is written down even while the worker is being stopped.
        return await WriteDownAsync(db, message, outcome, round);
    }

    private async Task<DeliveryOutcome> AttemptAsync(OutboxRow message, OutboxTransport transport, CancellationToken cancellationToken)
    {
        if (message.Attempts > options.MostAttempts) return DeliveryOutcome.Failed(DeliveryFailure.Abandoned, $"Each of {options.MostAttempts} attempts ended without an answer.");
        try
        {
            return await transport(message, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.LogError(failure, "The delivery of message {Id} threw.", message.Id);
            return DeliveryOutcome.Failed(DeliveryFailure.Broken, $"{failure.GetType().Name}: {failure.Message}");
        }
    }

    private async Task<DeliveryRound> WriteDownAsync(TouchstoneDb db, OutboxRow message, DeliveryOutcome outcome, DeliveryRound round)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (outcome.Failure is not { } failure)
        {
            string? answer = outcome.Detail is null ? null : Cut(outcome.Detail);
            bool delivered = await EndAsync(
                db, message, x => x.SetProperty(m => m.State, OutboxState.Delivered).SetProperty(m => m.DeliveredAt, now).SetProperty(m => m.LastError, (string?)null).SetProperty(m => m.Answer, answer));
            if (delivered) return round with { Delivered = round.Delivered + 1 };
            logger.LogWarning("Message {Id} was delivered after its lease had run out; it may arrive twice.", message.Id);
            return round with { Overtaken = round.Overtaken + 1 };
        }

        string error = Cut($"{failure}: {outcome.Detail}");
        double shortening;
        lock (jitter) shortening = jitter.NextDouble();
        if (DeliveryPolicy.WaitAfter(failure, message.Attempts, options, shortening) is { } wait)
        {
            DateTimeOffset next = now + wait;
            bool postponed = await EndAsync(
                db, message, x => x.SetProperty(m => m.State, OutboxState.Pending).SetProperty(m => m.NotBefore, next).SetProperty(m => m.LastError, error));
            if (postponed) return round with { Postponed = round.Postponed + 1 };
        }
        else
        {
            bool dead = await EndAsync(db, message, x => x.SetProperty(m => m.State, OutboxState.Dead).SetProperty(m => m.LastError, error));
            logger.LogWarning("Message {Id} is dead after {Attempts} attempts: {Error}", message.Id, message.Attempts, error);
            if (dead) return round with { Dead = round.Dead + 1 };
        }
        return round with { Overtaken = round.Overtaken + 1 };
    }

    private static IQueryable<OutboxRow> Row(TouchstoneDb db, long id) => db.Outbox.Where(x => x.Id == id);

    private static Task<bool> EndAsync(TouchstoneDb db, OutboxRow message, Action<UpdateSettersBuilder<OutboxRow>> changes) => Row(db, message.Id).EndAsync(message.Fence, changes, CancellationToken.None);

    private static string Cut(string error) => WholeCharacters.Cut(error, LongestError);
}

using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Touchstone.Screening;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Notifications;

public sealed class OutboxDeliveryTests
{
    private readonly ManualClock clock = new();
    private readonly OutboxOptions options = new() { MostAttempts = 3 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_message_exists_only_with_what_caused_it_and_once(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using (TouchstoneDb db = database.CreateDbContext())
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Stop);
            await Outbox.EnqueueAsync(db, Message("lost"), clock, Stop);
            await db.SaveChangesAsync(Stop);
        }
        await using TouchstoneDb own = database.CreateDbContext();
        Assert.Equal(0, await own.Outbox.CountAsync(Stop));

        OutboxRow first = await Outbox.EnqueueAsync(own, Message("kept"), clock, Stop);
        Assert.Same(first, await Outbox.EnqueueAsync(own, Message("kept"), clock, Stop));
        await own.SaveChangesAsync(Stop);
        await using TouchstoneDb later = database.CreateDbContext();
        Assert.Equal(first.Id, (await Outbox.EnqueueAsync(later, Message("kept"), clock, Stop)).Id);
        Assert.False(later.ChangeTracker.HasChanges());
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Several_workers_deliver_each_message_once(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await EnqueueAsync(database, [.. Enumerable.Range(0, 30).Select(i => $"m{i}")]);
        var delivered = new ConcurrentBag<long>();
        DeliveryRound[] rounds = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Task.Run(
            () => Worker(database, (message, _) =>
            {
                delivered.Add(message.Id);
                return Task.FromResult(DeliveryOutcome.Delivered);
            }).DeliverDueAsync($"worker {i}", Stop),
            Stop)));

        Assert.Equal(30, delivered.Count);
        Assert.Equal(30, delivered.Distinct().Count());
        Assert.Equal(30, rounds.Sum(x => x.Delivered));
        await using TouchstoneDb db = database.CreateDbContext();
        Assert.Equal(30, (await Outbox.CountAsync(db, Stop))[OutboxState.Delivered]);
        Assert.All(await db.Outbox.ToListAsync(Stop), x => Assert.Equal((1, 1L, (DateTimeOffset?)clock.GetUtcNow()), (x.Attempts, x.Fence, x.DeliveredAt)));
    }

    [Fact]
    public async Task The_span_of_a_delivery_that_failed_says_so()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener { ShouldListenTo = s => s.Name == Traces.SourceName, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded, ActivityStopped = ended.Enqueue };
        ActivitySource.AddActivityListener(listener);
        using var test = new Activity("test").Start();
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await EnqueueAsync(database, "bad", "good", "broken");
        int tried = 0;
        await Worker(database, (_, _) => ++tried switch
        {
            1 => Task.FromResult(DeliveryOutcome.Failed(DeliveryFailure.Refused, "no such mailbox")),
            2 => Task.FromResult(DeliveryOutcome.Delivered),
            _ => throw new InvalidOperationException("It broke."),
        }).DeliverDueAsync("w", Stop);
        Assert.Equal(
            [(ActivityStatusCode.Error, "Refused: no such mailbox"), (ActivityStatusCode.Unset, null), (ActivityStatusCode.Error, "Broken: InvalidOperationException: It broke.")],
            ended.Where(a => a.OperationName == "deliver" && a.TraceId == test.TraceId).Select(a => (a.Status, a.StatusDescription)));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_held_message_is_taken_over_only_after_its_lease_and_the_late_answer_does_not_count(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await EnqueueAsync(database, "m");
        var reached = new TaskCompletionSource();
        var goOn = new TaskCompletionSource<DeliveryOutcome>();
        Task<DeliveryRound> slow = Worker(database, (_, _) =>
        {
            reached.SetResult();
            return goOn.Task;
        }).DeliverDueAsync("slow", Stop);
        await reached.Task;

        OutboxDelivery quick = Worker(database, (_, _) => Task.FromResult(DeliveryOutcome.Delivered));
        clock.Advance(options.Lease - TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await quick.DeliverDueAsync("quick", Stop)).Handled);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await quick.DeliverDueAsync("quick", Stop)).Delivered);
        goOn.SetResult(DeliveryOutcome.Failed(DeliveryFailure.Refused, "too late"));
        Assert.Equal(1, (await slow).Overtaken);

        OutboxRow row = await SingleAsync(database);
        Assert.Equal((OutboxState.Delivered, "quick", 2L, (string?)null), (row.State, row.LeaseOwner, row.Fence, row.LastError));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_late_answer_does_not_end_the_lease_of_the_worker_that_took_over(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await EnqueueAsync(database, "m");
        (Task<DeliveryRound> Round, TaskCompletionSource<DeliveryOutcome> Answer) first = await BeginAsync("first");
        clock.Advance(options.Lease);
        (Task<DeliveryRound> Round, TaskCompletionSource<DeliveryOutcome> Answer) second = await BeginAsync("second");

        first.Answer.SetResult(DeliveryOutcome.Failed(DeliveryFailure.Refused, "too late"));
        Assert.Equal(1, (await first.Round).Overtaken);
        Assert.Equal((OutboxState.Leased, "second"), ((await SingleAsync(database)).State, (await SingleAsync(database)).LeaseOwner));
        second.Answer.SetResult(DeliveryOutcome.Delivered);
        Assert.Equal(1, (await second.Round).Delivered);

        async Task<(Task<DeliveryRound>, TaskCompletionSource<DeliveryOutcome>)> BeginAsync(string worker)
        {
            var reached = new TaskCompletionSource();
            var answer = new TaskCompletionSource<DeliveryOutcome>();
            Task<DeliveryRound> round = Worker(database, (_, _) =>
            {
                reached.SetResult();
                return answer.Task;
            }).DeliverDueAsync(worker, Stop);
            await reached.Task;
            return (round, answer);
        }
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_failing_message_waits_longer_each_time_then_is_dead_with_its_reason_and_can_be_revived(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await EnqueueAsync(database, "m");
        OutboxDelivery worker = Worker(database, (_, _) => Task.FromResult(DeliveryOutcome.Failed(DeliveryFailure.Unreachable, "connection refused")));
        for (int attempt = 1; attempt < options.MostAttempts; attempt++)
        {
            Assert.Equal(1, (await worker.DeliverDueAsync("w", Stop)).Postponed);
            OutboxRow waiting = await SingleAsync(database);
            double longest = options.FirstWait.TotalSeconds * Math.Pow(2, attempt - 1);
            Assert.InRange((waiting.NotBefore - clock.GetUtcNow()).TotalSeconds, longest / 2, longest);
            Assert.Equal(0, (await worker.DeliverDueAsync("w", Stop)).Handled);
            clock.Advance(TimeSpan.FromSeconds(longest));
        }
        Assert.Equal(1, (await worker.DeliverDueAsync("w", Stop)).Dead);
        OutboxRow dead = await SingleAsync(database);
        Assert.Equal((OutboxState.Dead, "Unreachable: connection refused"), (dead.State, dead.LastError));

        await using TouchstoneDb db = database.CreateDbContext();
        var context = new VerbContext(db, "anna", clock);
        Assert.True((await Outbox.RetryAsync(context, dead.Id, Stop)).Done);
        Assert.Equal(Refusal.NotFound, (await Outbox.RetryAsync(context, dead.Id + 1, Stop)).Refusal);
        Assert.Equal(1, (await Worker(database, (_, _) => Task.FromResult(DeliveryOutcome.Delivered)).DeliverDueAsync("w", Stop)).Delivered);
    }

    [Fact]
    public async Task A_message_whose_workers_all_vanish_ends_as_dead()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await EnqueueAsync(database, "m");
        var never = new TaskCompletionSource<DeliveryOutcome>();
        for (int attempt = 0; attempt < options.MostAttempts; attempt++)
        {
            var reached = new TaskCompletionSource();
            _ = Worker(database, (_, _) =>
            {
                reached.SetResult();
                return never.Task;
            }).DeliverDueAsync($"vanishing {attempt}", Stop);
            await reached.Task;
            clock.Advance(options.Lease);
        }
        Assert.Equal(1, (await Worker(database, (_, _) => throw new InvalidOperationException()).DeliverDueAsync("last", Stop)).Dead);
        Assert.StartsWith("Abandoned", (await SingleAsync(database)).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_message_is_dead_at_once_one_whose_transport_throws_is_not()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await EnqueueAsync(database, "m");
        Assert.Equal(1, (await Worker(database, (_, _) => throw new InvalidOperationException("a defect")).DeliverDueAsync("w", Stop)).Postponed);
        Assert.Equal("Broken: InvalidOperationException: a defect", (await SingleAsync(database)).LastError);
        clock.Advance(options.FirstWait);
        Assert.Equal(1, (await Worker(database, (_, _) => Task.FromResult(DeliveryOutcome.Failed(DeliveryFailure.Refused, "no such user"))).DeliverDueAsync("w", Stop)).Dead);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_message_that_nothing_here_delivers_waits_untouched(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await EnqueueAsync(database, "m");
        foreach (Dictionary<string, OutboxTransport> transports in (Dictionary<string, OutboxTransport>[])[[], new() { [OutboxKind.Webhook] = (_, _) => throw new InvalidOperationException() }])
            Assert.Equal(0, (await new OutboxDelivery(database, _ => Task.FromResult<IReadOnlyDictionary<string, OutboxTransport>>(transports), options, clock, new Random(1), NullLogger<OutboxDelivery>.Instance).DeliverDueAsync("w", Stop)).Handled);
        OutboxRow row = await SingleAsync(database);
        Assert.Equal((OutboxState.Pending, 0, 0L), (row.State, row.Attempts, row.Fence));
    }

    [Fact]
    public async Task A_stopped_worker_gives_its_message_back_at_once()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await EnqueueAsync(database, "m");
        using var stop = new CancellationTokenSource();
        Task running = Worker(database, async (_, cancelled) =>
        {
            await stop.CancelAsync();
            cancelled.ThrowIfCancellationRequested();
            return DeliveryOutcome.Delivered;
        }).RunAsync("w", stop.Token);
        await running;
        OutboxRow row = await SingleAsync(database);
        Assert.Equal((OutboxState.Pending, clock.GetUtcNow()), (row.State, row.NotBefore));
    }

    [Theory]
    [InlineData(DeliveryFailure.Refused, 1, false)]
    [InlineData(DeliveryFailure.Unwritable, 1, false)]
    [InlineData(DeliveryFailure.RefusedForNow, 1, true)]
    [InlineData(DeliveryFailure.AuthenticationRefused, 11, true)]
    [InlineData(DeliveryFailure.TimedOut, 12, false)]
    public void The_policy_follows_from_the_failure(DeliveryFailure failure, int attempts, bool again) =>
        Assert.Equal(again, DeliveryPolicy.WaitAfter(failure, attempts, new(), 0.5) is not null);

    [Fact]
    public void No_wait_is_longer_than_the_longest() => Assert.Equal(TimeSpan.FromHours(1), DeliveryPolicy.WaitAfter(DeliveryFailure.TimedOut, 60, new() { MostAttempts = 100 }, 0));

    [Fact]
    public async Task The_services_deliver_while_the_host_runs()
    {
        await using MailServer server = await MailServer.StartAsync();
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await EnqueueAsync(database, "m");
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddStorage(database.Storage);
        builder.Services.AddNotifications(new(), new() { Host = "127.0.0.1", Port = server.Port, From = "sender@touchstone.example", RequireTls = false });
        using IHost host = builder.Build();
        await host.StartAsync(Stop);
        Assert.Equal("owner@example.org", Assert.Single((await server.ReceiveAsync(Stop)).To));
        await host.StopAsync(Stop);
        Assert.Equal(OutboxState.Delivered, (await SingleAsync(database)).State);
    }

    [Fact]
    public void Wrong_options_are_all_named_before_the_host_starts()
    {
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddNotifications(new() { MostAttempts = 0, Poll = TimeSpan.Zero }, new() { Host = "mail.example" }));
        foreach (string name in (string[])["Outbox:MostAttempts", "Outbox:Poll", "Smtp:From"]) Assert.Contains(name, thrown.Message, StringComparison.Ordinal);
    }

    private OutboxDelivery Worker(TestDatabase database, OutboxTransport transport) =>
        new(database, _ => Task.FromResult<IReadOnlyDictionary<string, OutboxTransport>>(new Dictionary<string, OutboxTransport> { [OutboxKind.Email] = transport }), options, clock, new Random(1), NullLogger<OutboxDelivery>.Instance);

    private async Task EnqueueAsync(TestDatabase database, params string[] keys)
    {
        await using TouchstoneDb db = database.CreateDbContext();
        foreach (string key in keys) await Outbox.EnqueueAsync(db, Message(key), clock, Stop);
        await db.SaveChangesAsync(Stop);
    }

    private static OutboxMessage Message(string key) => new(OutboxKind.Email, "owner@example.org", "A picture matches", "See the picture.", key);

    private static async Task<OutboxRow> SingleAsync(TestDatabase database)
    {
        await using TouchstoneDb db = database.CreateDbContext();
        return await db.Outbox.SingleAsync(Stop);
    }
}

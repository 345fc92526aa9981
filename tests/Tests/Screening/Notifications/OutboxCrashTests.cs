using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Notifications;

/// <summary>Kills a worker's process while it hands a message over.</summary>
public sealed class OutboxCrashTests
{
    private const string DatabaseVariable = "TOUCHSTONE_TEST_OUTBOX";
    private const string PortVariable = "TOUCHSTONE_TEST_SMTP_PORT";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_message_survives_the_death_of_its_worker(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await EnqueueAsync(database.CreateDbContext(), TimeProvider.System);

        // A server that takes the connection and then says nothing: the worker stands between lease and answer.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        string target = provider == DatabaseProvider.Sqlite ? database.Storage.DataFolder : database.Storage.ConnectionString!;
        using Process worker = StartWorker($"{provider}|{target}", ((IPEndPoint)silent.LocalEndpoint).Port);
        using (Socket connection = await silent.AcceptSocketAsync(Stop)) worker.Kill();
        await worker.WaitForExitAsync(Stop);

        OutboxRow held = await SingleAsync(database);
        Assert.Equal((OutboxState.Leased, 1, 1L), (held.State, held.Attempts, held.Fence));

        // Another worker takes it over when the lease has run out, not before.
        var clock = new ManualClock();
        clock.Advance(held.LeaseUntil!.Value - clock.GetUtcNow() - TimeSpan.FromSeconds(1));
        List<string> delivered = [];
        var second = new OutboxDelivery(database, Transports((message, _) =>
        {
            delivered.Add(message.Key);
            return Task.FromResult(DeliveryOutcome.Delivered);
        }), new(), clock, new Random(1), NullLogger<OutboxDelivery>.Instance);
        Assert.Equal(0, (await second.DeliverDueAsync("second", Stop)).Handled);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await second.DeliverDueAsync("second", Stop)).Delivered);
        Assert.Equal(["cause"], delivered);
        Assert.Equal((OutboxState.Delivered, 2), ((await SingleAsync(database)).State, (await SingleAsync(database)).Attempts));
    }

    /// <summary>Is also what the killed process runs: then the database and the server's port are given by its environment.</summary>
    [Fact]
    public async Task A_worker_delivers_what_waits()
    {
        if (Environment.GetEnvironmentVariable(DatabaseVariable) is { } given)
        {
            string[] parts = given.Split('|', 2);
            DatabaseProvider provider = Enum.Parse<DatabaseProvider>(parts[0]);
            var storage = new StorageOptions { DataFolder = parts[1], Provider = provider, ConnectionString = parts[1] };
            var builder = new DbContextOptionsBuilder<TouchstoneDb>();
            StorageSetup.Configure(builder, storage);
            int port = int.Parse(Environment.GetEnvironmentVariable(PortVariable)!, CultureInfo.InvariantCulture);
            await Worker(new Contexts(builder.Options), port).DeliverDueAsync("first", Stop);
            return;
        }
        await using MailServer server = await MailServer.StartAsync();
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await EnqueueAsync(database.CreateDbContext(), TimeProvider.System);
        Assert.Equal(1, (await Worker(database, server.Port).DeliverDueAsync("only", Stop)).Delivered);
        Assert.Contains("Subject: A picture matches", (await server.ReceiveAsync(Stop)).Raw, StringComparison.Ordinal);
    }

    private static OutboxDelivery Worker(IDbContextFactory<TouchstoneDb> databases, int port)
    {
        var smtp = new SmtpDelivery(new() { Host = "127.0.0.1", Port = port, From = "sender@touchstone.example", RequireTls = false }, new(), TimeProvider.System);
        return new(databases, Transports(smtp.DeliverAsync), new(), TimeProvider.System, new Random(1), NullLogger<OutboxDelivery>.Instance);
    }

    private static OutboxTransports Transports(OutboxTransport transport) => _ => Task.FromResult<IReadOnlyDictionary<string, OutboxTransport>>(new Dictionary<string, OutboxTransport> { [OutboxKind.Email] = transport });

    private static Process StartWorker(string database, int port)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Touchstone.Tests.dll");
        var start = new ProcessStartInfo("dotnet", [program, "-method", $"{typeof(OutboxCrashTests).FullName}.{nameof(A_worker_delivers_what_waits)}"])
        {
            RedirectStandardOutput = true,
            Environment = { [DatabaseVariable] = database, [PortVariable] = port.ToString(CultureInfo.InvariantCulture) },
        };
        return Process.Start(start)!;
    }

    private static async Task EnqueueAsync(TouchstoneDb db, TimeProvider clock)
    {
        await using (db)
        {
            await Outbox.EnqueueAsync(db, new(OutboxKind.Email, "owner@example.org", "A picture matches", "See the picture.", "cause"), clock, Stop);
            await db.SaveChangesAsync(Stop);
        }
    }

    private static async Task<OutboxRow> SingleAsync(TestDatabase database)
    {
        await using TouchstoneDb db = database.CreateDbContext();
        return await db.Outbox.SingleAsync(Stop);
    }

    private sealed class Contexts(DbContextOptions<TouchstoneDb> options) : IDbContextFactory<TouchstoneDb>
    {
        public TouchstoneDb CreateDbContext() => new(options);
    }
}

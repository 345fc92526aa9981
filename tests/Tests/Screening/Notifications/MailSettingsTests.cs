using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Notifications;

/// <summary>The mail server that is set in the console: its password is kept unreadable, and what a server says is what is shown.</summary>
public sealed class MailSettingsTests
{
    private static readonly SecretProtection Secrets = new((_, x) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("k" + x)), (_, x) => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(x))[1..]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_server_is_set_kept_and_forgotten_and_nothing_holds_its_password(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        var context = new VerbContext(db, "anna", TimeProvider.System);
        var mail = new MailSettings(database, new SmtpOptions(), new OutboxOptions(), Secrets);
        Assert.Null(await mail.CurrentAsync(Stop));
        var wish = new MailServerSettings("mail.example", 587, "desk@example.org", null, "anna", "Tr0mmel", true);
        foreach (MailServerSettings wrong in (MailServerSettings[])[wish with { Host = "http://mail.example" }, wish with { Port = 0 }, wish with { From = "desk" }, wish with { RequireTls = false }, wish with { Password = null }])
            Assert.Equal(Refusal.Invalid, (await mail.SetAsync(context, wrong, Stop)).Refusal);
        Assert.True((await mail.SetAsync(context, wish, Stop)).Done);
        Assert.Equal("Tr0mmel", (await mail.CurrentAsync(Stop))!.Password);
        // The password stays where none is given, and goes where the server is another: it is not told to a stranger.
        Assert.True((await mail.SetAsync(context, wish with { Password = "", FromName = "Desk" }, Stop)).Done);
        Assert.Equal("Tr0mmel", (await mail.CurrentAsync(Stop))!.Password);
        Assert.Equal(Refusal.Invalid, (await mail.SetAsync(context, wish with { Host = "evil.example", Password = null }, Stop)).Refusal);
        db.ChangeTracker.Clear();
        Assert.DoesNotContain("Tr0mmel", (await db.MailSettings.AsNoTracking().SingleAsync(Stop)).ProtectedPassword, StringComparison.Ordinal);
        Assert.All(await db.Audit.AsNoTracking().ToListAsync(Stop), x => Assert.DoesNotContain("Tr0mmel", x.Detail ?? "", StringComparison.Ordinal));

        var strangers = new MailSettings(database, new SmtpOptions(), new OutboxOptions(), Secrets with { Reveal = (_, _) => throw new CryptographicException() });
        Assert.Null(await strangers.CurrentAsync(Stop));
        Assert.Contains("Enter it again", (await strangers.FactsAsync(Stop)).Problem, StringComparison.Ordinal);
        Assert.True((await mail.RemoveAsync(context, Stop)).Done);
        Assert.Equal(MailSource.None, (await mail.FactsAsync(Stop)).Source);
    }

    [Fact]
    public async Task A_failed_test_stands_until_another_succeeds_the_settings_change_or_a_message_leaves()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var clock = new ManualClock();
        var context = new VerbContext(db, "anna", clock);
        var mail = new MailSettings(database, new SmtpOptions(), new OutboxOptions(), Secrets);
        await using MailServer server = await MailServer.StartAsync(), refusing = await MailServer.StartAsync(new(Refuse: 550));
        Task SetAsync(int port) => mail.SetAsync(context, new MailServerSettings("127.0.0.1", port, "desk@example.org", null, null, null, false), Stop);
        Assert.Null(await mail.FailedTestAsync(Stop));
        await SetAsync(refusing.Port);
        await mail.TestAsync(context, "anna@example.org", Stop);
        Assert.Equal(clock.GetUtcNow(), await mail.FailedTestAsync(Stop));
        await SetAsync(server.Port);
        Assert.Null(await mail.FailedTestAsync(Stop));
        await SetAsync(refusing.Port);
        await mail.TestAsync(context, "anna@example.org", Stop);
        Assert.NotNull(await mail.FailedTestAsync(Stop));
        clock.Advance(TimeSpan.FromMinutes(1));
        db.Outbox.Add(new OutboxRow { Kind = OutboxKind.Email, Recipient = "a@example.org", Subject = "s", Body = "b", Key = "k", State = OutboxState.Delivered, DeliveredAt = clock.GetUtcNow() });
        await db.SaveChangesAsync(Stop);
        Assert.Null(await mail.FailedTestAsync(Stop));
    }

    [Fact]
    public async Task The_settings_of_the_start_come_first_and_are_changed_there()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var mail = new MailSettings(database, new SmtpOptions { Host = "start.example", From = "a@example.org" }, new OutboxOptions(), Secrets);
        Assert.Equal(("start.example", MailSource.Start), ((await mail.CurrentAsync(Stop))!.Host, (await mail.FactsAsync(Stop)).Source));
        VerbOutcome<MailSettingsRow> refused = await mail.SetAsync(new VerbContext(db, "anna", TimeProvider.System), new MailServerSettings("other.example", 25, "a@example.org", null, null, null, false), Stop);
        Assert.Equal(Refusal.Conflict, refused.Refusal);
    }

    [Fact]
    public async Task A_test_gives_the_servers_own_answer()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var context = new VerbContext(db, "anna", TimeProvider.System);
        var mail = new MailSettings(database, new SmtpOptions(), new OutboxOptions(), Secrets);
        Assert.Equal(DeliveryFailure.Unreachable, (await mail.TestAsync(context, "anna@example.org", Stop)).Failure);
        await using MailServer server = await MailServer.StartAsync(), refusing = await MailServer.StartAsync(new(Refuse: 550));
        Assert.True((await mail.SetAsync(context, new MailServerSettings("127.0.0.1", server.Port, "desk@example.org", null, null, null, false), Stop)).Done);
        DeliveryOutcome taken = await mail.TestAsync(context, "anna@example.org", Stop);
        Assert.Null(taken.Failure);
        Assert.False(string.IsNullOrWhiteSpace(taken.Detail));
        Assert.Equal("anna@example.org", Assert.Single((await server.ReceiveAsync(Stop)).To));
        Assert.True((await mail.SetAsync(context, new MailServerSettings("127.0.0.1", refusing.Port, "desk@example.org", null, null, null, false), Stop)).Done);
        Assert.Equal(DeliveryFailure.Refused, (await mail.TestAsync(context, "anna@example.org", Stop)).Failure);
        Assert.Equal((1, 1), (await db.Audit.CountAsync(x => x.Action == "mail.tested", Stop), await db.Audit.CountAsync(x => x.Action == "mail.test-failed", Stop)));
        Assert.Equal(0, await db.Outbox.CountAsync(Stop));
    }
}

using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notifications;

/// <summary>Who says which mail server takes the mail.</summary>
public enum MailSource
{
    /// <summary>Nobody: mail waits.</summary>
    None,

    /// <summary>The settings that this node was started with. They count before the console's.</summary>
    Start,

    /// <summary>An administrator, in the console.</summary>
    Console,
}

/// <summary>The mail server as people may see it: never its password.</summary>
/// <param name="Problem">Why it cannot be used, for people; null: nothing is known against it.</param>
public sealed record MailServerFacts(
    MailSource Source, string? Host, int Port, string? From, string? FromName, string? UserName, bool HasPassword, bool RequireTls, string? ChangedBy, DateTimeOffset? ChangedAt, string? Problem)
{
    /// <summary>Whether mail can leave.</summary>
    public bool IsUsable => Source != MailSource.None && Problem is null;
}

/// <summary>What an administrator sets in the console.</summary>
/// <param name="Password">Null: the one that is stored stays, if the account stays.</param>
public sealed record MailServerSettings(string Host, int Port, string From, string? FromName, string? UserName, string? Password, bool RequireTls);

/// <summary>
/// Which mail server takes this installation's mail: the one that the node was started with, or else the one that an administrator set in the console, which every node asks
/// for anew before it delivers. Safe for concurrent use.
/// </summary>
/// <param name="start">The settings of the start.</param>
/// <param name="secrets">Null: this process keeps no secrets, and knows the settings of its start only.</param>
public sealed class MailSettings(IDbContextFactory<TouchstoneDb> databases, SmtpOptions start, OutboxOptions outbox, SecretProtection? secrets)
{
    private const string Tested = "mail.tested", TestFailed = "mail.test-failed", Subject = "mail";

    // Of what was written since a test failed, only the latest may tell that mail leaves again.
    private const int LatestMessages = 100;
    private const string NotReadable = "The stored password cannot be read with this installation's keys. Enter it again.";

    /// <summary>The server to deliver to; null: there is none, or it cannot be used.</summary>
    public async Task<SmtpOptions?> CurrentAsync(CancellationToken cancellationToken)
    {
        if (start.Host is not null) return start;
        return await RowAsync(cancellationToken) is { } row && Revealed(row) is { Problem: null } revealed ? OptionsOf(row, revealed.Password) : null;
    }

    public async Task<MailServerFacts> FactsAsync(CancellationToken cancellationToken)
    {
        if (start.Host is not null)
        {
            bool given = start.Password is not null || Environment.GetEnvironmentVariable(SmtpOptions.PasswordVariable) is not null;
            return new MailServerFacts(MailSource.Start, start.Host, start.Port, start.From, start.FromName, start.UserName, given, start.RequireTls, null, null, null);
        }
        if (await RowAsync(cancellationToken) is not { } row) return new MailServerFacts(MailSource.None, null, new SmtpOptions().Port, null, null, null, false, true, null, null, null);
        return new MailServerFacts(MailSource.Console, row.Host, row.Port, row.From, row.FromName, row.UserName, row.ProtectedPassword is not null, row.RequireTls, row.ChangedBy, row.ChangedAt, Revealed(row).Problem);
    }

    /// <summary>Sets the server; the password is encrypted, and no answer and no log entry holds it.</summary>
    public async Task<VerbOutcome<MailSettingsRow>> SetAsync(VerbContext context, MailServerSettings wish, CancellationToken cancellationToken)
    {
        if (Hindrance() is { } hindrance) return VerbOutcome.Refused<MailSettingsRow>(Refusal.Conflict, hindrance);
        string? user = string.IsNullOrWhiteSpace(wish.UserName) ? null : wish.UserName.Trim();
        var options = new SmtpOptions { Host = wish.Host?.Trim(), Port = wish.Port, From = wish.From?.Trim(), UserName = user, RequireTls = wish.RequireTls };
        if (options.Problems(outbox).FirstOrDefault() is { } problem) return VerbOutcome.Refused<MailSettingsRow>(Refusal.Invalid, problem.Replace("Smtp:", "", StringComparison.Ordinal));
        if (Uri.CheckHostName(options.Host) == UriHostNameType.Unknown) return VerbOutcome.Refused<MailSettingsRow>(Refusal.Invalid, $"'{options.Host}' is no name of a server; write it without http:// and without a port.");
        MailSettingsRow? row = await context.Db.MailSettings.SingleOrDefaultAsync(cancellationToken);
        string? kept = row is not null && row.UserName == user && row.Host == options.Host ? row.ProtectedPassword : null;
        string? secret = user is null ? null : string.IsNullOrEmpty(wish.Password) ? kept : secrets!.Protect(SecretKind.MailPassword, wish.Password);
        if (user is not null && secret is null) return VerbOutcome.Refused<MailSettingsRow>(Refusal.Invalid, $"The account '{user}' needs its password.");
        string name = string.IsNullOrWhiteSpace(wish.FromName) ? options.FromName : wish.FromName.Trim();
        if (row is null) context.Db.MailSettings.Add(row = new MailSettingsRow { Host = "", From = "", FromName = "", ChangedBy = "" });
        (row.Host, row.Port, row.From, row.FromName, row.UserName, row.ProtectedPassword, row.RequireTls) = (options.Host!, wish.Port, options.From!, name, user, secret, wish.RequireTls);
        (row.ChangedBy, row.ChangedAt) = (context.Actor, context.Clock.GetUtcNow());
        string detail = $"{row.Host}:{row.Port}, from {row.From}, {(user is null ? "without an account" : $"account {user}")}, {(row.RequireTls ? "encrypted" : "not encrypted")}{(user is not null && !string.IsNullOrEmpty(wish.Password) ? ", new password" : "")}";
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.SettingsChanged, Subject, detail), cancellationToken);
        return VerbOutcome.Done(row);
    }

    /// <summary>Forgets the server and its password; mail waits from then on.</summary>
    public async Task<VerbOutcome<MailSettingsRow>> RemoveAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (Hindrance() is { } hindrance) return VerbOutcome.Refused<MailSettingsRow>(Refusal.Conflict, hindrance);
        if (await context.Db.MailSettings.SingleOrDefaultAsync(cancellationToken) is not { } row) return VerbOutcome.Refused<MailSettingsRow>(Refusal.NotFound, "No mail server is set.");
        context.Db.MailSettings.Remove(row);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.SettingsChanged, Subject, $"{row.Host} was removed"), cancellationToken);
        return VerbOutcome.Done(row);
    }

    /// <summary>Sends a message at once, past the outbox, and gives the server's own answer.</summary>
    public async Task<DeliveryOutcome> TestAsync(VerbContext context, string recipient, CancellationToken cancellationToken)
    {
        if (await CurrentAsync(cancellationToken) is not { } options) return DeliveryOutcome.Failed(DeliveryFailure.Unreachable, (await FactsAsync(cancellationToken)).Problem ?? "No mail server is set.");
        DateTimeOffset now = context.Clock.GetUtcNow();
        var message = new OutboxRow
        {
            Kind = OutboxKind.Email,
            Recipient = recipient,
            Subject = "Touchstone: test of the mail server",
            Body = $"This is a test, sent by {context.Actor} on {now:yyyy-MM-dd HH:mm} UTC. Mail of this installation arrives here.",
            Key = $"mail-test/{Guid.NewGuid():N}",
        };
        DeliveryOutcome outcome = await new SmtpDelivery(options, outbox, context.Clock).DeliverAsync(message, cancellationToken);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, outcome.Failure is null ? Tested : TestFailed, Subject, $"to {recipient}: {(outcome.Failure is { } failure ? $"{failure}, {outcome.Detail}" : outcome.Detail)}"), cancellationToken);
        return outcome;
    }

    /// <summary>When the last test failed; null where none did, or where since then another one succeeded, the settings were changed or a message left.</summary>
    public async Task<DateTimeOffset?> FailedTestAsync(CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Audit.AsNoTracking().Where(x => x.Action == TestFailed).OrderByDescending(x => x.Id).FirstOrDefaultAsync(cancellationToken) is not { } failed) return null;
        if (await db.Audit.AnyAsync(x => x.Action == Tested && x.Id > failed.Id, cancellationToken)) return null;
        if (await db.Audit.AnyAsync(x => x.Action == AuditAction.SettingsChanged && x.Id > failed.Id && x.Subject == Subject, cancellationToken)) return null;
        return await db.Outbox.OrderByDescending(x => x.Id).Take(LatestMessages).AnyAsync(x => x.DeliveredAt > failed.At, cancellationToken) ? null : failed.At;
    }

    private string? Hindrance() =>
        start.Host is not null ? "The mail server is set in the settings that this node was started with (Smtp); change it there."
        : secrets is null ? "This process keeps no secrets; set the mail server on a node with the console."
        : null;

    private async Task<MailSettingsRow?> RowAsync(CancellationToken cancellationToken)
    {
        if (secrets is null) return null;
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.MailSettings.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
    }

    private (string? Password, string? Problem) Revealed(MailSettingsRow row)
    {
        if (row.ProtectedPassword is not { } secret) return (null, null);
        try
        {
            return (secrets!.Reveal(SecretKind.MailPassword, secret), null);
        }
        catch (CryptographicException)
        {
            return (null, NotReadable);
        }
    }

    private static SmtpOptions OptionsOf(MailSettingsRow row, string? password) =>
        new() { Host = row.Host, Port = row.Port, From = row.From, FromName = row.FromName, UserName = row.UserName, Password = password, RequireTls = row.RequireTls };
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Weekly;

/// <summary>A person asks for one message a week, or a day, on what came; another wish replaces the one before.</summary>
/// <param name="Address">Where it goes.</param>
/// <param name="Market">An ISO 3166 code; null: all markets.</param>
public sealed record SetDigest(string Address, DigestPace Pace, string? Market = null)
{
    public async Task<VerbOutcome<DigestRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(Pace)) return Refused($"{Pace} is no pace; there are {string.Join(", ", Enum.GetNames<DigestPace>())}.");
        if (EmailAddress.TryParse(Address) is null) return Refused("The address is no e-mail address.");
        string? market = string.IsNullOrWhiteSpace(Market) ? null : Market.Trim().ToUpperInvariant();
        if (market is not null && !Markets.IsKnown(market)) return Refused($"“{Market}” is no market: give the two letters of its country, such as DK.");
        DigestRow? row = await context.Db.Digests.FirstOrDefaultAsync(d => d.Account == context.Actor, cancellationToken);
        if (row is null) context.Db.Digests.Add(row = new DigestRow { Account = context.Actor, Address = Address });
        (row.Address, row.Pace, row.Market, row.ChangedAt) = (Address.Trim(), Pace, market, context.Clock.GetUtcNow());
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.DigestSet, AuditSubject.Account(context.Actor), $"{Pace}, {market ?? "all markets"}"), cancellationToken);
        return VerbOutcome.Done(row);
    }

    /// <summary>No message any more.</summary>
    public static async Task<VerbOutcome<DigestRow>> EndAsync(VerbContext context, CancellationToken cancellationToken)
    {
        DigestRow? row = await context.Db.Digests.FirstOrDefaultAsync(d => d.Account == context.Actor, cancellationToken);
        if (row is null) return VerbOutcome.Refused<DigestRow>(Refusal.NotFound, "No message is asked for.");
        context.Db.Digests.Remove(row);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.DigestEnded, AuditSubject.Account(context.Actor)), cancellationToken);
        return VerbOutcome.Done(row);
    }

    private static VerbOutcome<DigestRow> Refused(string detail) => VerbOutcome.Refused<DigestRow>(Refusal.Invalid, detail);
}

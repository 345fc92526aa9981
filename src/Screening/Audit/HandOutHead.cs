using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Audit;

/// <summary>Signs the head of the audit log, has it time-stamped where an authority is configured, and records that it was handed out.</summary>
/// <param name="Authority">Null: the head has the installation's own time only.</param>
public sealed record HandOutHead(TimestampAuthority? Authority = null)
{
    public async Task<VerbOutcome<AuditHead>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        AuditHead head = await SignAsync(context, long.MaxValue, cancellationToken);
        if (Authority is not null)
        {
            StampOutcome stamp = await Authority.StampAsync(Convert.FromBase64String(head.Signature), cancellationToken);
            if (stamp.Token is null) return VerbOutcome.Refused<AuditHead>(Refusal.Conflict, $"{Authority.Url} gave no time stamp: {stamp.Failure} Try again later, or name another time-stamping authority.");
            head = head with { Timestamp = Convert.ToBase64String(stamp.Token) };
        }
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.HeadHandedOut, "audit", $"{head.Entries} entries, {head.Hash}{(head.Timestamp is null ? "" : $", time-stamped by {Authority!.Url}")}"), cancellationToken);
        return VerbOutcome.Done(head);
    }

    /// <summary>Signs the head of the log as it stands, or stood, at its newest entry up to an id.</summary>
    internal static async Task<AuditHead> SignAsync(VerbContext context, long upTo, CancellationToken cancellationToken)
    {
        AuditRow? newest = await context.Db.Audit.AsNoTracking().Where(x => x.Id <= upTo).OrderByDescending(x => x.Id).FirstOrDefaultAsync(cancellationToken);
        long entries = newest is null ? 0 : await context.Db.Audit.LongCountAsync(x => x.Id <= newest.Id, cancellationToken);
        string hash = newest?.Hash ?? AuditChain.Genesis;
        DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(context.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        using SigningKey key = await SigningKey.OpenAsync(context.Db, context.Clock, cancellationToken);
        string signature = key.Sign(SHA256.HashData(Encoding.UTF8.GetBytes(AuditHead.Signed(entries, hash, at))));
        return new AuditHead(AuditHead.CurrentFormat, entries, hash, at, key.PublicKey, signature, null);
    }
}

using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Mandates;

/// <summary>Records an authority's order that lets a host be asked where its robots rules would not. Who records it approves it.</summary>
/// <param name="Host">A host such as <c>shop.example</c>, with its port if that is not the usual one; an address of it will do.</param>
/// <param name="LegalBasis">The provision, in words; 1 to 500 characters.</param>
/// <param name="Expires">Later than now, at most <see cref="MostDays"/> days.</param>
public sealed record RecordMandate(string Host, string LegalBasis, DateTimeOffset Expires)
{
    /// <summary>An order that holds for longer is recorded anew.</summary>
    public const int MostDays = 731;

    private const int LongestBasis = 500;

    public async Task<VerbOutcome<MandateRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        DateTimeOffset now = context.Clock.GetUtcNow();
        if (HostOf(Host) is not { } host) return Refused($"“{Host}” is no host; write it as shop.example, with its port where it has one.");
        if (string.IsNullOrWhiteSpace(LegalBasis) || LegalBasis.Trim().Length > LongestBasis || LegalBasis.Contains('\0', StringComparison.Ordinal)) return Refused($"Say on which provision it is based, in 1 to {LongestBasis} characters.");
        if (Expires <= now) return Refused("A mandate ends later than now.");
        if (Expires > now.AddDays(MostDays)) return Refused($"A mandate holds for {MostDays} days at most; record it anew then.");
        var row = new MandateRow { Host = host, LegalBasis = LegalBasis.Trim(), Approver = context.Actor, RecordedAt = now, Expires = Expires.ToUniversalTime() };
        context.Db.Mandates.Add(row);
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        await context.Db.SaveChangesAsync(cancellationToken);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.MandateRecorded, AuditSubject.Mandate(row.Id), $"{host}, until {row.Expires:yyyy-MM-dd HH:mm} UTC: {row.LegalBasis}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(row);

        static VerbOutcome<MandateRow> Refused(string detail) => VerbOutcome.Refused<MandateRow>(Refusal.Invalid, detail);
    }

    private static string? HostOf(string? text)
    {
        string written = text?.Trim() ?? "";
        if (written.Length == 0 || written.Any(char.IsWhiteSpace)) return null;
        if (CanonicalUrl.TryCreate(written.Contains("://", StringComparison.Ordinal) ? written : $"https://{written}")?.Host is not { } host) return null;
        return host.Contains('.', StringComparison.Ordinal) || host.StartsWith('[') || host.Split(':')[0] == "localhost" ? host : null;
    }
}

using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notices;

/// <summary>What an administrator says of the operator.</summary>
public sealed record OperatorSettings(
    string Name, string Address, string ContactName, string ContactEmail, string? Phone, string? LegalBasis, string? Redress, string? Territory, string Language, string? PublicUrl, OperatorRole Role = OperatorRole.Authority)
{
    /// <summary>A marketplace's own hosts, as <see cref="OwnHosts.Read"/> reads them.</summary>
    public string? Hosts { get; init; }
}

/// <summary>In whose name notices are sent.</summary>
public static class Operators
{
    private const int LongestLine = 300, LongestText = 4000;

    public static Task<OperatorRow?> FindAsync(TouchstoneDb db, CancellationToken cancellationToken) => db.Operators.AsNoTracking().SingleOrDefaultAsync(cancellationToken);

    /// <summary>Sets who operates the installation. Notices that were sent keep what they said.</summary>
    /// <param name="version">The version that was seen; null: any.</param>
    public static async Task<VerbOutcome<OperatorRow>> SetAsync(VerbContext context, OperatorSettings wish, long? version, CancellationToken cancellationToken)
    {
        if (Problem(wish) is { } problem) return VerbOutcome.Refused<OperatorRow>(Refusal.Invalid, problem);
        OperatorRow? row = await context.Db.Operators.SingleOrDefaultAsync(cancellationToken);
        if (version is { } seen && seen != (row?.Version ?? 0)) return Overtaken();
        if (row is null) context.Db.Operators.Add(row = new OperatorRow { Name = "", Address = "", ContactName = "", ContactEmail = "", Language = "", ChangedBy = "" });
        (row.Name, row.Address, row.ContactName, row.ContactEmail) = (wish.Name.Trim(), wish.Address.Trim(), wish.ContactName.Trim(), wish.ContactEmail.Trim());
        (row.Phone, row.LegalBasis, row.Redress, row.Territory) = (Kept(wish.Phone), Kept(wish.LegalBasis), Kept(wish.Redress), Kept(wish.Territory));
        (row.Language, row.PublicUrl, row.Role) = (wish.Language, Kept(wish.PublicUrl)?.TrimEnd('/'), wish.Role);
        row.Hosts = Kept(string.Join('\n', OwnHosts.Read(wish.Hosts).Hosts));
        (row.ChangedBy, row.ChangedAt) = (context.Actor, context.Clock.GetUtcNow());
        row.Version++;
        try
        {
            await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.OperatorChanged, "operator", $"{row.Name}, {row.Role}, {row.ContactEmail}, {row.PublicUrl ?? "no public address"}{(row.Hosts is { } hosts ? $", own hosts: {hosts.ReplaceLineEndings(" ")}" : "")}"), cancellationToken);
            return VerbOutcome.Done(row);
        }
        catch (DbUpdateConcurrencyException)
        {
            context.Db.ChangeTracker.Clear();
            return Overtaken();
        }
    }

    /// <summary>Has webhooks signed by new secrets; those of before stay valid beside them, and those before them no more.</summary>
    public static async Task<VerbOutcome<OperatorRow>> ChangeSecretsAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (await context.Db.Operators.SingleOrDefaultAsync(cancellationToken) is not { } row) return VerbOutcome.Refused<OperatorRow>(Refusal.NotFound, "Say first who operates the installation.");
        row.WebhookSerial++;
        row.Version++;
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.WebhookSecretChanged, "operator", null), cancellationToken);
        return VerbOutcome.Done(row);
    }

    /// <summary>The secret by which a receiver checks webhooks; that somebody saw it is recorded.</summary>
    public static async Task<VerbOutcome<string>> SecretAsync(VerbContext context, string url, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme is not ("https" or "http")) return VerbOutcome.Refused<string>(Refusal.Invalid, $"“{url}” is no https URL.");
        int serial = await context.Db.Operators.Select(x => x.WebhookSerial).FirstOrDefaultAsync(cancellationToken);
        byte[] secret = await WebhookSecrets.OfAsync(context.Db, context.Clock, url, serial, cancellationToken);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.WebhookSecretShown, "operator", address.Authority), cancellationToken);
        return VerbOutcome.Done(WebhookSecrets.Shown(secret));
    }

    private static string? Problem(OperatorSettings wish)
    {
        foreach ((string name, string? text, int longest, bool required) in (IEnumerable<(string, string?, int, bool)>)
            [("The name", wish.Name, LongestLine, true), ("The address", wish.Address, LongestText, true), ("The contact's name", wish.ContactName, LongestLine, true), ("The contact's e-mail address", wish.ContactEmail, LongestLine, true),
             ("The telephone number", wish.Phone, LongestLine, false), ("The legal basis", wish.LegalBasis, LongestText, false), ("The redress", wish.Redress, LongestText, false), ("The territory", wish.Territory, LongestText, false)])
        {
            if (CaseText.Problem(name, text, longest, required) is { } problem) return problem;
        }
        if (!Enum.IsDefined(wish.Role)) return $"{wish.Role} is no role; there are {string.Join(", ", Enum.GetNames<OperatorRole>())}.";
        (IReadOnlyList<string> hosts, IReadOnlyList<string> wrong) = OwnHosts.Read(wish.Hosts);
        if (wrong.Count > 0) return $"“{wrong[0]}” is no host, such as shop.example.";
        if (hosts.Count > OwnHosts.Most) return $"{hosts.Count} hosts are more than {OwnHosts.Most}.";
        if (wish.Role == OperatorRole.Marketplace && hosts.Count == 0) return "A marketplace names its own hosts: it searches no others.";
        if (EmailAddress.TryParse(wish.ContactEmail.Trim()) is null) return $"“{wish.ContactEmail}” is no e-mail address.";
        if (!NoticeTemplates.Languages.ContainsKey(wish.Language)) return $"“{wish.Language}” is no language of notices.";
        return Kept(wish.PublicUrl) is { } url && (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme is not ("https" or "http") || address.Query.Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0)
            ? $"“{url}” is no https URL."
            : null;
    }

    private static string? Kept(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static VerbOutcome<OperatorRow> Overtaken() => VerbOutcome.Refused<OperatorRow>(Refusal.Overtaken, "Somebody changed the operator meanwhile. Read it again and repeat what still applies.");
}

using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Cases;

namespace Touchstone.Server.Security;

/// <summary>The accounts that notes name and deadlines are told to. Safe for concurrent use.</summary>
public sealed partial class People(IDbContextFactory<AccountsDb> databases, Assignees assignees, TimeProvider clock)
{
    private const int MostAddresses = 20;

    /// <summary>The accounts that a text names as <c>@name</c>, as they spell themselves, at most <see cref="AddNote.MostMentions"/>; a name that no account that works on cases has is left as a word.</summary>
    public async Task<IReadOnlyList<Mentioned>> NamedInAsync(string? text, ClaimsPrincipal writer, CancellationToken cancellationToken)
    {
        var named = new Dictionary<string, Mentioned>(StringComparer.Ordinal);
        foreach (string name in At().Matches(text ?? "").Select(x => x.Groups[1].Value.TrimEnd('.', '-', '+', '@')).Distinct(StringComparer.OrdinalIgnoreCase).Take(10 * AddNote.MostMentions))
        {
            if (named.Count == AddNote.MostMentions) break;
            if (await assignees.FindAsync(name, writer, cancellationToken) is { } account) named[account] = new Mentioned(account, await AddressOfAsync(account, cancellationToken));
        }
        return [.. named.Values];
    }

    /// <summary>Where an account is written to; null: it stated no address.</summary>
    public async Task<string?> AddressOfAsync(string account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        string normalized = account.ToUpperInvariant();
        await using AccountsDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users.Where(x => x.NormalizedUserName == normalized).Select(x => x.Email).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Whom a deadline is told to: the account that the case is given to; where it is nobody's, or that account stated no address, the administrators.</summary>
    public async Task<IReadOnlyList<string>> TellAsync(string? account, CancellationToken cancellationToken)
    {
        if (account is not null && await AddressOfAsync(account, cancellationToken) is { Length: > 0 } own) return [own];
        DateTimeOffset now = clock.GetUtcNow();
        await using AccountsDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users.Where(x => x.Role == AccountRole.Administrator && x.Email != null && x.Email != "" && (x.LockoutEnd == null || x.LockoutEnd <= now)).OrderBy(x => x.UserName).Select(x => x.Email!).Distinct().Take(MostAddresses)
            .ToListAsync(cancellationToken);
    }

    // A mail address in a text names nobody: what stands before the sign is no letter or digit.
    [GeneratedRegex(@"(?<![\w@.])@([\p{L}\d][\w.\-+@]*)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex At();
}

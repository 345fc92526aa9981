using System.Security.Claims;
using Microsoft.EntityFrameworkCore;

namespace Touchstone.Server.Security;

/// <summary>Whom a case is given to: an account that works on cases and is not locked, or whoever gives it. Safe for concurrent use.</summary>
public sealed class Assignees(IDbContextFactory<AccountsDb> databases, TimeProvider clock)
{
    /// <summary>Most names that are offered.</summary>
    public const int Most = 200;

    /// <summary>The names to choose from, in their order; at most <see cref="Most"/>.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        await using AccountsDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await Working(db).OrderBy(x => x.UserName).Select(x => x.UserName!).Take(Most).ToListAsync(cancellationToken);
    }

    /// <summary>The account's name as the account spells it; null where there is none that works on cases.</summary>
    /// <param name="giver">Who gives the case; may take it under the name of an API key too.</param>
    public async Task<string?> FindAsync(string wanted, ClaimsPrincipal giver, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        string name = wanted.Trim(), normalized = name.ToUpperInvariant();
        if (giver.MayAct() && string.Equals(name, giver.ActorName(), StringComparison.OrdinalIgnoreCase)) return giver.ActorName();
        await using AccountsDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await Working(db).Where(x => x.NormalizedUserName == normalized).Select(x => x.UserName).FirstOrDefaultAsync(cancellationToken);
    }

    private IQueryable<Account> Working(AccountsDb db)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return db.Users.AsNoTracking().Where(x => x.UserName != null && (x.Role == AccountRole.Caseworker || x.Role == AccountRole.Administrator) && (x.LockoutEnd == null || x.LockoutEnd <= now));
    }
}

using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;

namespace Touchstone.Server.Security;

/// <summary>Saves what changes in accounts and keys together with its entry in the audit log, in one transaction: neither exists without the other. Safe for concurrent use, as far as each caller brings its own context.</summary>
public sealed class AccountAudit(ServerOptions options, TimeProvider clock)
{
    /// <summary>Makes the change, which saves to this context, and the entry; where the change does not succeed nothing is saved.</summary>
    public async Task<IdentityResult> SaveAsync(AccountsDb db, Func<Task<IdentityResult>> change, AuditEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(change);
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        IdentityResult result = await change();
        if (!result.Succeeded) return result;
        var builder = new DbContextOptionsBuilder<TouchstoneDb>();
        StorageSetup.Configure(builder, options.Storage, db.Database.GetDbConnection());
        await using (var log = new TouchstoneDb(builder.Options))
        {
            await log.Database.UseTransactionAsync(transaction.GetDbTransaction(), cancellationToken);
            await AuditLog.SaveAsync(log, clock, entry, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    /// <summary>Saves the context's pending changes and the entry.</summary>
    /// <exception cref="DbUpdateException">The changes break a rule of the database.</exception>
    public Task SaveAsync(AccountsDb db, AuditEntry entry, CancellationToken cancellationToken) => SaveAsync(
        db,
        async () =>
        {
            await db.SaveChangesAsync(cancellationToken);
            return IdentityResult.Success;
        },
        entry,
        cancellationToken);
}

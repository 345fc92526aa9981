using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;

namespace Touchstone.Server.Security;

/// <summary>Makes and checks API keys of the form <c>tsk_PREFIX_SECRET</c>. Safe for concurrent use.</summary>
public sealed class ApiKeys(IDbContextFactory<AccountsDb> databases, AccountAudit audit, TimeProvider clock)
{
    private const string Start = "tsk_";
    private const int PrefixLength = 8;
    private const int LongestName = 100;

    /// <summary>Makes a key; the second value is the whole key, which is shown once and not kept.</summary>
    /// <exception cref="ArgumentException">The name is blank, too long, or that of another key, also of a revoked one: what the audit log says of one would be said of both.</exception>
    public async Task<(ApiKeyRow Row, string Key)> CreateAsync(string name, AccountRole role, string actor, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        name = name.Trim();
        if (name.Length > LongestName) throw new ArgumentException($"The name has {name.Length} characters; at most {LongestName} are kept.", nameof(name));
        string normalized = name.ToUpperInvariant();
        string prefix = Start + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PrefixLength / 2));
        string key = $"{prefix}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
        var row = new ApiKeyRow { Name = name, NormalizedName = normalized, Prefix = prefix, Hash = HashOf(key), Role = role, CreatedBy = actor, CreatedAt = clock.GetUtcNow(), ExpiresAt = expiresAt };
        await using AccountsDb db = await databases.CreateDbContextAsync(cancellationToken);
        db.ApiKeys.Add(row);
        try
        {
            await audit.SaveAsync(db, new AuditEntry(actor, "api-key.created", $"api-key/{row.Prefix}", $"{row.Name}, {row.Role}"), cancellationToken);
        }
        catch (DbUpdateException e) when (e is not DbUpdateConcurrencyException)
        {
            await using AccountsDb check = await databases.CreateDbContextAsync(cancellationToken);
            if (!await check.ApiKeys.AnyAsync(x => x.NormalizedName == normalized, cancellationToken)) throw;
            throw new ArgumentException($"There is a key named {name} already, or there was one. Each key acts under a name of its own: choose another.", nameof(name), e);
        }
        return (row, key);
    }

    /// <summary>The row of a valid key; null if it is unknown, revoked or expired.</summary>
    public async Task<ApiKeyRow?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (!key.StartsWith(Start, StringComparison.Ordinal) || key.Length is < 40 or > 100) return null;
        string prefix = key[..(Start.Length + PrefixLength)];
        await using AccountsDb db = await databases.CreateDbContextAsync(cancellationToken);
        ApiKeyRow? row = await db.ApiKeys.SingleOrDefaultAsync(x => x.Prefix == prefix, cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        if (row is null || row.RevokedAt is not null || row.ExpiresAt <= now) return null;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(row.Hash), Encoding.ASCII.GetBytes(HashOf(key)))) return null;
        if (row.LastUsedAt is null || now - row.LastUsedAt > TimeSpan.FromMinutes(1))
        {
            row.LastUsedAt = now;
            await db.SaveChangesAsync(cancellationToken);
        }
        return row;
    }

    /// <summary>Who made the key of a name, also a revoked one; null if there is none.</summary>
    public async Task<string?> MakerOfAsync(string name, CancellationToken cancellationToken)
    {
        string normalized = name.ToUpperInvariant();
        await using AccountsDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.ApiKeys.Where(x => x.NormalizedName == normalized).Select(x => x.CreatedBy).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Revokes a key; false if there is none.</summary>
    public async Task<bool> RevokeAsync(long id, string actor, CancellationToken cancellationToken)
    {
        await using AccountsDb db = await databases.CreateDbContextAsync(cancellationToken);
        ApiKeyRow? row = await db.ApiKeys.FindAsync([id], cancellationToken);
        if (row is null) return false;
        if (row.RevokedAt is not null) return true;
        row.RevokedAt = clock.GetUtcNow();
        await audit.SaveAsync(db, new AuditEntry(actor, "api-key.revoked", $"api-key/{row.Prefix}", row.Name), cancellationToken);
        return true;
    }

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}

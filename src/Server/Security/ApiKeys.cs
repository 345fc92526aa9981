using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Touchstone.Server.Security;

/// <summary>Makes and checks API keys of the form <c>tsk_PREFIX_SECRET</c>. Safe for concurrent use.</summary>
public sealed class ApiKeys(IDbContextFactory<AccountsDb> databases, TimeProvider clock)
{
    private const string Start = "tsk_";
    private const int PrefixLength = 8;

    /// <summary>Makes a key; the second value is the whole key, which is shown once and not kept.</summary>
    public async Task<(ApiKeyRow Row, string Key)> CreateAsync(string name, AccountRole role, string actor, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        string prefix = Start + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PrefixLength / 2));
        string key = $"{prefix}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
        var row = new ApiKeyRow { Name = name.Trim(), Prefix = prefix, Hash = HashOf(key), Role = role, CreatedBy = actor, CreatedAt = clock.GetUtcNow(), ExpiresAt = expiresAt };
        await using AccountsDb db = await databases.CreateDbContextAsync(cancellationToken);
        db.ApiKeys.Add(row);
        await db.SaveChangesAsync(cancellationToken);
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

    /// <summary>Revokes a key; false if there is none.</summary>
    public async Task<bool> RevokeAsync(long id, CancellationToken cancellationToken)
    {
        await using AccountsDb db = await databases.CreateDbContextAsync(cancellationToken);
        ApiKeyRow? row = await db.ApiKeys.FindAsync([id], cancellationToken);
        if (row is null) return false;
        row.RevokedAt ??= clock.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}

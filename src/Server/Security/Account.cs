using Microsoft.AspNetCore.Identity;

namespace Touchstone.Server.Security;

/// <summary>What an account or API key may do. Each person's role includes those before it.</summary>
public enum AccountRole
{
    /// <summary>A marketplace's back end: only the listing gate. For API keys.</summary>
    Gate,

    /// <summary>Whoever follows the block list: only its feeds. For API keys.</summary>
    Feed,

    /// <summary>Reads everything but the audit log.</summary>
    Viewer,

    /// <summary>Decides hits, works on cases, runs searches, takes captures.</summary>
    Caseworker,

    /// <summary>Also accounts, API keys and the audit log.</summary>
    Administrator,
}

/// <summary>A person who signs in.</summary>
public sealed class Account : IdentityUser
{
    public AccountRole Role { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? LastSignInAt { get; set; }

    /// <summary>The code of a language of the console; null: as the browser asks.</summary>
    public string? Language { get; set; }
}

/// <summary>A secret that a program shows instead of a password. Only its hash is kept.</summary>
public sealed class ApiKeyRow
{
    public long Id { get; set; }

    /// <summary>Who acts, in the audit log and elsewhere.</summary>
    public required string Name { get; set; }

    /// <summary>The name in capitals; unique, also among revoked keys, so that one name is one actor for ever.</summary>
    public required string NormalizedName { get; set; }

    /// <summary>The key's first characters, to recognise it by; unique.</summary>
    public required string Prefix { get; set; }

    /// <summary>SHA-256 of the whole key, hexadecimal. The key holds 256 random bits, so a slow hash would add nothing.</summary>
    public required string Hash { get; set; }

    public AccountRole Role { get; set; }

    public required string CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

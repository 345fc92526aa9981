using Touchstone.Screening.Storage;

namespace Touchstone.Screening;

/// <summary>Who acts, on what state, at what time. One per unit of work; not safe for concurrent use.</summary>
/// <param name="Actor">The account's name, as the audit log shows it; a key's name behind <see cref="KeyMark"/>, which begins no account's.</param>
public sealed record VerbContext(TouchstoneDb Db, string Actor, TimeProvider Clock)
{
    public const string KeyMark = "key:";

    /// <summary>Who made a key, by the name under which it acts; null: nobody knows here.</summary>
    public Func<string, CancellationToken, Task<string?>>? MakerOf { get; init; }

    /// <summary>Whether a person acts, and no program with a key.</summary>
    public bool IsPerson => !IsKey(Actor);

    public static bool IsKey(string actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return actor.StartsWith(KeyMark, StringComparison.Ordinal);
    }
}

/// <summary>Why a verb was refused. The API maps each to one status.</summary>
public enum Refusal
{
    /// <summary>A value is missing or out of range (400).</summary>
    Invalid,

    /// <summary>There is no such thing (404).</summary>
    NotFound,

    /// <summary>The thing's state does not allow it (409).</summary>
    Conflict,

    /// <summary>Somebody else changed the thing since it was seen (412 for whoever named the version they saw, else 409).</summary>
    Overtaken,
}

/// <summary>What a verb gave: the value, or why it was refused with a sentence that says how to mend it.</summary>
public sealed record VerbOutcome<T>(T? Value, Refusal? Refusal, string? Detail)
    where T : class
{
    public bool Done => Refusal is null;
}

public static class VerbOutcome
{
    public static VerbOutcome<T> Done<T>(T value)
        where T : class => new(value, null, null);

    public static VerbOutcome<T> Refused<T>(Refusal refusal, string detail)
        where T : class => new(null, refusal, detail);
}

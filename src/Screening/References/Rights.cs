using System.Globalization;

namespace Touchstone.Screening.References;

/// <summary>
/// Whether what stands behind a reference counts today and where something is sold: the one rule for every door. A design and a mark are rights, which expire and end at
/// borders. A dangerous product, a known fake and a genuine product are what they are on any day. Pure; safe for concurrent use.
/// </summary>
public static class Rights
{
    /// <summary>Whether references of this kind are rights.</summary>
    public static bool IsRight(ReferenceKind kind) => kind is ReferenceKind.Design or ReferenceKind.Mark;

    /// <summary>Why the right no longer counts, without a full stop, for people; null: it counts, or the reference is no right.</summary>
    /// <param name="expiresOn">The last day on which it counts; null: not stated, so it counts.</param>
    /// <param name="today">In UTC.</param>
    public static string? Expiry(ReferenceKind kind, DateOnly? expiresOn, DateOnly today) =>
        IsRight(kind) && expiresOn is { } last && last < today ? string.Create(CultureInfo.InvariantCulture, $"the right expired on {last:yyyy-MM-dd}") : null;

    /// <summary>The day by which rights are told to have expired.</summary>
    public static DateOnly Today(this TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
    }
}

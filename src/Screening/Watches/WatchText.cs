namespace Touchstone.Screening.Watches;

/// <summary>What people may write of a watch.</summary>
internal static class WatchText
{
    /// <summary>A sentence saying why a reason is refused, or null if it may be kept.</summary>
    public static string? Problem(string? reason)
    {
        if (string.IsNullOrWhiteSpace(reason)) return "The reason is missing.";
        if (reason.Length > StartWatch.LongestReason) return $"The reason has {reason.Length} characters; at most {StartWatch.LongestReason} are kept.";
        // PostgreSQL keeps no NUL in a text.
        return reason.Contains('\0', StringComparison.Ordinal) ? "The reason holds a NUL character." : null;
    }
}

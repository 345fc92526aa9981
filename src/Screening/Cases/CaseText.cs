namespace Touchstone.Screening.Cases;

/// <summary>What people may write into a case.</summary>
public static class CaseText
{
    /// <summary>The longest title, in UTF-16 units.</summary>
    public const int LongestTitle = 300;

    /// <summary>The longest note or reason, in UTF-16 units.</summary>
    public const int LongestNote = 20_000;

    /// <summary>A sentence saying why the text is refused, or null if it may be kept.</summary>
    public static string? Problem(string name, string? text, int longest, bool required)
    {
        if (string.IsNullOrWhiteSpace(text)) return required ? $"{name} is missing." : null;
        if (text.Length > longest) return $"{name} has {text.Length} characters; at most {longest} are kept.";
        // PostgreSQL keeps no NUL in a text.
        return text.Contains('\0', StringComparison.Ordinal) ? $"{name} holds a NUL character." : null;
    }
}

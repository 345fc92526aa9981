using System.Diagnostics.CodeAnalysis;
using Touchstone.Crawling.Text;

namespace Touchstone.Screening.Storage;

/// <summary>A text as either database keeps it: PostgreSQL keeps no NUL and no half of a surrogate pair. Pure.</summary>
public static class StoredText
{
    /// <summary>The longest address that is fetched or kept, in characters: PostgreSQL cannot index much longer ones, and those of sitemaps end there (sitemaps.org).</summary>
    public const int LongestUrl = 2048;

    /// <summary>The text with U+FFFD for each half character, and without NUL.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text) => text is null ? null : WholeCharacters.Mend(text).Replace("\0", "", StringComparison.Ordinal);
}

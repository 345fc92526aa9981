using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling.Fetching;

/// <summary>Where a page sends its visitor without being asked. Source: HTML Standard, section 4.2.5.3, "shared declarative refresh steps". Pure; thread-safe.</summary>
public static partial class RefreshTarget
{
    // Longer waits are those of a ticker, and a page that is left at once is meant to be read.
    private const int LongestWait = 30;

    // Bytes of a page that does nothing but ask for itself again.
    private const int LongestAsking = 16 << 10;

    /// <summary>The absolute target of a refresh's content, such as <c>0; URL='/en/'</c>; null where it is malformed, waits long, or leads to the page itself.</summary>
    /// <param name="content">The value of the header or of the meta element.</param>
    /// <param name="page">The page's absolute URL.</param>
    /// <param name="start">What the page's references are relative to, where that is not its own URL.</param>
    public static string? Of(string? content, string page, string? start = null)
    {
        if (content is null) return null;
        ReadOnlySpan<char> rest = content.AsSpan().Trim();
        int digits = rest.IndexOfAnyExceptInRange('0', '9');
        if (digits == 0 && rest[0] != '.') return null;
        int seconds = digits == 0 ? 0 : int.TryParse(digits < 0 ? rest : rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out int parsed) ? parsed : int.MaxValue;
        rest = digits < 0 ? [] : rest[digits..].TrimStart("0123456789.");
        if (rest.IsEmpty || seconds > LongestWait || !(rest[0] is ';' or ',' || char.IsWhiteSpace(rest[0]))) return null;
        rest = rest.TrimStart();
        if (!rest.IsEmpty && rest[0] is ';' or ',') rest = rest[1..].TrimStart();
        if (rest.StartsWith("url", StringComparison.OrdinalIgnoreCase) && rest[3..].TrimStart() is ['=', .. var value]) rest = value.TrimStart();
        if (!rest.IsEmpty && rest[0] is '"' or '\'')
        {
            char quote = rest[0];
            rest = rest[1..];
            if (rest.IndexOf(quote) is >= 0 and var close) rest = rest[..close];
        }
        WebUrl? own = WebUrl.TryParse(page);
        return !rest.IsEmpty && WebUrl.TryParse(rest.ToString(), start is null ? own : WebUrl.TryParse(start)) is { } target && target with { Fragment = null } != own ? target.ToString() : null;
    }

    /// <summary>Whether a short page has its visitor ask for it again: by a refresh, or by a script that loads it anew.</summary>
    public static bool AsksAgain(FetchOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return outcome is { Failure: null, Body.Length: > 0 and <= LongestAsking } && Again().IsMatch(Encoding.Latin1.GetString(outcome.Body.Span));
    }

    [GeneratedRegex(@"<meta[^>]*http-equiv\s*=\s*[""']?refresh|location\.reload\(|location(?:\.href)?\s*=\s*(?:window\.|document\.)?location\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Again();
}

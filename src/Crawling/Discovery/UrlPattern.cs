using System.Text.RegularExpressions;

namespace Touchstone.Crawling.Discovery;

/// <summary>Patterns of what addresses look like: without regard to case, and in time that grows with the address alone, which is a stranger's.</summary>
internal static class UrlPattern
{
    public static Regex Of(string pattern) => new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}

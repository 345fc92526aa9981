using System.Globalization;
using System.Text.RegularExpressions;

namespace Touchstone.Crawling.Extraction;

/// <summary>Reads the sizes that shops write into image addresses.</summary>
internal static partial class ImageSize
{
    [GeneratedRegex(@"[_\-](\d{2,4})x(\d{2,4})?(?=[._@\-]|$)|[_\-]x(\d{2,4})(?=[._@\-]|$)|[_\-]w?(\d{3,4})(px)?(?=\.[a-z]+$)|[_\-](small|medium|large|thumb|thumbnail|grande|master|compact|pico|icon|original|zoom|full|xl|big)(?=[._\-]|$)|\._[A-Z0-9,_]+_(?=\.)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SizeMark();

    [GeneratedRegex(@"[?&](?:w|width|wid|sw|imwidth|maxwidth|size|h|height|hei|sh)=(\d{2,4})|(?:^|[/_\-,])w[_=]?(\d{3,4})(?=[/_,.\-]|$)|(\d{2,4})x(\d{2,4})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Width();

    [GeneratedRegex(@"(?<=[?&])(w|h|wid|hei|width|height|sw|sh|size|fit|qlt|quality|q|fmt|format|scale|resmode|resMode|op_[a-z]+|imwidth|dpr|auto)=[^&]*&?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SizeQuery();

    /// <summary>The address without the size and format parameters of its query.</summary>
    public static string WithoutSizeQuery(string address) => address.Length > 2000 ? address : SizeQuery().Replace(address, string.Empty).TrimEnd('?', '&');

    public static string WithoutSize(string name) => name.Length > 2000 ? name : SizeMark().Replace(name, string.Empty);

    /// <summary>The width that an address states in pixels; an address that states none counts as 1000, one that says thumbnail as 100.</summary>
    public static int Stated(string address)
    {
        if (address.Length > 2000) return 1000;
        int best = 0;
        foreach (Match match in Width().Matches(address))
            for (int group = 1; group < match.Groups.Count; group++)
                if (match.Groups[group].Success) best = Math.Max(best, int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));
        if (best > 0) return best;
        if (address.Contains("thumb", StringComparison.OrdinalIgnoreCase) || address.Contains("small", StringComparison.OrdinalIgnoreCase)) return 100;
        return address.Contains("zoom", StringComparison.OrdinalIgnoreCase) || address.Contains("original", StringComparison.OrdinalIgnoreCase) ? 2000 : 1000;
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Facts;

/// <summary>Reads the sizes that shops write into image addresses.</summary>
internal static partial class ImageSize
{
    // In a file name: a bare number may be the picture's own, so only one that says that it is a size counts; so do the words of shop programs.
    [GeneratedRegex(@"[_\-](\d{2,4})x(\d{2,4})?(@\d(\.\d)?x)?(?=[._@\-]|$)|[_\-]x(\d{2,4})(?=[._@\-]|$)|-(?:240|320|480|640|1024|1280|1920)-(?:0|\d{3,4})(?=\.|$)|[_\-](w\d{2,4}(px)?|\d{2,4}(w|px))(?=[._\-]|$)|_(small|medium|large|grande|master|compact|pico|icon)(?=[._@]|$)|[_\-](thumb|thumbnail|zoom|full|original|scaled)(?=[._\-]|$)|\._[A-Z0-9,_]+_(?=\.|$)|@\d(\.\d)?x(?=\.|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex SizeMark();

    // A folder that is only a size, a transformation or the cache of one.
    [GeneratedRegex(@"^(?:\d{2,4}x\d{0,4}|x\d{2,4}|(?:w|h|s-l|s)_?\d{2,4}|thumb(?:nail)?s?|small|medium|large|big|zoom|original|full|grande|preview|cache|[0-9a-f]{32}|[a-z]{1,3}_[\w.:%\-]+|[a-z]{1,9}_[\w.:%\-]+(?:,[a-z]{1,9}_[\w.:%\-]+)+|(?:[a-z]+=[\w.%\-]+)(?:,[a-z]+=[\w.%\-]+)*,?|(?:rs|resize|s|size|w|width|h|height|q|quality|f|format|g|gravity|dpr|el|ex|bl|sh):[^/]+|fit-in|resize|un(?:safe)|filters:[^/]+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex SizeFolder();

    // The picture's number before the name of a size.
    [GeneratedRegex(@"^(\d+)-(?:[a-z0-9]+[_\-])*default(?:_\dx)?$|^(\d+)-(?:cart|small|medium|large|home|thickbox|category)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex NumberedSize();

    [GeneratedRegex(@"[?&](?:w|width|wid|sw|imwidth|maxwidth|size|h|height|hei|sh)=(\d{2,4})|(?:^|[/_\-,])w(?:(\d{3,4})|[_=:](\d{2,4}))(?=[/_,.\-]|$)|/(?:rs|resize):\w+:(\d{2,4})|/(?:s|size|width):(\d{2,4})|(\d{2,4})x(\d{2,4})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Width();

    [GeneratedRegex(@"(?<=[?&])(w|h|wid|hei|width|height|sw|sh|size|fit|qlt|quality|q|fmt|format|scale|resmode|resMode|op_[a-z]+|imwidth|dpr|auto)=[^&]*&?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex SizeQuery();

    // What stands in a picture's place until a script puts it there.
    [GeneratedRegex(@"/(?:[\w-]*[_-])?(?:loading|loader|spinner|blank|spacer|transparent|pixel|1x1|lazy(?:-?load)?)(?:[_-]\w+)?\.(?:gif|png|svg)(?:\?|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Placeholder();

    // What shop programs show of a product that has no picture.
    [GeneratedRegex(@"/(?:[\w-]*[_-])?(?:no[_-]?(?:image|img|photo|picture|pic)|(?:image|photo|picture)[_-]?(?:not[_-]?(?:available|found)|coming[_-]?soon)|(?:woocommerce|product|image)-?placeholder|default-image)(?:[_-]?(?:available|found|yet|large|medium|small|thumb|default|home|cart|\d{1,4}(?:x\d{0,4})?))*\.(?:gif|png|svg|jpe?g|webp)(?:\?|$)|/placeholder/(?:default|websites|stores)/", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex NoPicture();

    /// <summary>Whether an address names a placeholder, or a picture of there being none, by its file name.</summary>
    public static bool IsPlaceholder(string address) => address.Length <= 2000 && (Placeholder().IsMatch(address) || NoPicture().IsMatch(address));

    /// <summary>The address without the size and format parameters of its query.</summary>
    public static string WithoutSizeQuery(string address) => address.Length > 2000 ? address : SizeQuery().Replace(address, string.Empty).TrimEnd('?', '&');

    /// <summary>A folder's name without what only says a size; empty where nothing else is left.</summary>
    public static string FolderWithoutSize(string folder)
    {
        if (folder.Length > 200 || SizeFolder().IsMatch(folder)) return folder.Length > 200 ? folder : string.Empty;
        Match numbered = NumberedSize().Match(folder);
        return numbered.Success ? numbered.Groups[1].Value + numbered.Groups[2].Value : folder;
    }

    // Shops offer a picture in several formats.
    [GeneratedRegex(@"(?:(?<=\w)\.(?:jpe?g|png|webp|avif|gif)|(?:_\d{2,4}){2}_(?:jpe?g|png|webp))$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Format();

    /// <summary>A file's name without the ending that says its format.</summary>
    public static string WithoutFormat(string name) => name.Length > 2000 ? name : Format().Replace(name, string.Empty);

    /// <summary>A file's name without what only says a size.</summary>
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

using System.Text.RegularExpressions;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Identifiers;

/// <summary>
/// Finds the GTIN in what carries it: a GS1 Digital Link, or an element string, as it is printed, <c>(01)04006381333931(10)A1</c>, or as scanners send it: behind the name of the symbology,
/// with the separator FNC1 in one of the ways in which programs write it, or with neither. Pure; thread-safe.
/// </summary>
public static partial class GtinCarrier
{
    private const int Full = 14;

    /// <summary>The GTIN as it was before zeros filled it to 14 digits: 8, 12, 13 or 14 digits, right or wrong; null where the text carries none.</summary>
    public static string? Find(string text)
    {
        if (Carried(text) is not { } digits) return null;
        if (digits.Length < Full || digits[0] != '0') return digits;
        return digits.StartsWith("000000", StringComparison.Ordinal) ? digits[6..] : digits.StartsWith("00", StringComparison.Ordinal) ? digits[2..] : digits[1..];
    }

    /// <summary>The digits as they are carried.</summary>
    public static string? Carried(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Match match = Carrier().Match(text);
        if (match.Success) return match.Groups["gtin"].Value;
        // Without brackets and separators the check digit tells an element string from any other number.
        Match bare = Bare().Match(text);
        return bare.Success && Gtin.Parse(bare.Groups["gtin"].Value) is not null ? bare.Groups["gtin"].Value : null;
    }

    // In a link the key stands in the path, by its number or by the name that the first edition gave it, or among the attributes of another key; qualifiers may follow.
    private const string Link = @"(?:\][A-Za-z]\d)?https?://[^\s?#]+(?:/(?:01|gtin)/|\?(?:[^\s#]*&)?(?:01|gtin)=)(?<gtin>\d{14}|\d{12,13}|\d{8})(?![\w%-])";

    // With brackets elements come in any order.
    private const string Printed = @"(?:GTIN\s*:?\s*)?(?:\][A-Za-z]\d)?(?:\((?!01\))\d{2,4}\)[^()]*)*\(01\)\s*(?<gtin>\d{14}|\d{12,13}|\d{8})(?!\d)";

    // FNC1 is sent as the control character GS; programs write it in words, or as a caret. Of elements before the (01) those of fixed length need no separator.
    private const string Separator = @"(?:\u001D|\^|~1|[<{\[](?:GS|FNC1?)[>}\]])";

    private const string Sent = @"(?:\][A-Za-z]\d" + Separator + "?|" + Separator + @")(?:1[1-7]\d{6}|20\d\d|3[1-6]\d\d\d{6})*(?:.{1,90}?" + Separator + @")?01(?<gtin>\d{14})";

    // What a retail symbol holds, behind the name of the symbology: EAN-13 with UPC-A as one that begins with 0, and EAN-8.
    private const string Retail = @"\]E(?:0(?<gtin>\d{13})|4(?<gtin>\d{8}))(?!\d)";

    [GeneratedRegex(@"^\s*(?:" + Link + "|" + Printed + "|" + Sent + "|" + Retail + @"|01(?<gtin>\d{14})(?=\s*$))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, PatternTime.Most)]
    private static partial Regex Carrier();

    // Behind the number another element begins: a date, a lot, a serial number, a weight and so on.
    [GeneratedRegex(@"^\s*01(?<gtin>\d{14})(?:1[1-7]\d{6}|3[1-6]\d{8}|(?:10|21|22|235|24[0-3]|25[0-5]|30|37|39\d\d|71\d|9\d)\S)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, PatternTime.Most)]
    private static partial Regex Bare();
}

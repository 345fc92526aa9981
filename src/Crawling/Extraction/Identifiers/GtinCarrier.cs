using System.Text.RegularExpressions;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Identifiers;

/// <summary>
/// Finds the GTIN in what carries it: a GS1 Digital Link, or an element string as a scanner prints it, <c>(01)04006381333931(10)A1</c>. Pure; thread-safe.
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
        return match.Success ? match.Groups[1].Value + match.Groups[2].Value : null;
    }

    // What a scanner sends as it is names its symbology or begins with the separator FNC1; more elements follow without brackets.
    // In a link the key stands in the path, by its number or by the name that the first edition gave it; qualifiers and attributes may follow.
    [GeneratedRegex(@"^\s*(?:https?://[^\s?#]+/(?:01|gtin)/(?=\d+(?:[/?#\s]|$))|(?:\][A-Za-z]\d)?(?:\(01\)\s*|01(?=\d{14}$)))(\d{14}|\d{12,13}|\d{8})(?!\d)|^\s*(?:\][A-Za-z]\d\u001D?|\u001D)01(\d{14})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Carrier();
}

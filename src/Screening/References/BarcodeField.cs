using System.Globalization;
using System.Text.RegularExpressions;
using Touchstone.Crawling.Extraction.Identifiers;

namespace Touchstone.Screening.References;

/// <summary>
/// What people and spreadsheet programs make of barcodes in a table: hidden direction marks, <c>="4006381333931"</c>, a decimal point and zeros behind,
/// grouped digits, an exponent, lost leading zeros. A number that is whole in what is written is found; one that lost digits is none. Pure; thread-safe.
/// </summary>
internal static partial class BarcodeField
{
    // A float that a cell shows in full has as many places as its exponent; those that end in zeros lose them.
    private const int MostDroppedZeros = 3;

    /// <summary>The field's lines, each with its numbers written out in ASCII digits.</summary>
    public static IEnumerable<string> Lines(string text)
    {
        string plain = string.Concat(text.Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format).Select(Ascii));
        plain = Exponent().Replace(plain, Expanded);
        // A decimal comma parts no numbers.
        plain = DecimalComma().Replace(plain, "$1.$2");
        plain = Grouped().Replace(plain, m => string.Concat(m.Value.Where(char.IsAsciiDigit)));
        plain = Decimals().Replace(plain, "$1");
        plain = Starred().Replace(plain, "$1");
        plain = Padded().Replace(plain, static m => Gtin.Parse(m.Groups[1].Value) is null ? m.Value : m.Groups[1].Value);
        return plain.Split(['\n', ';', ',', '|'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => Formula().Replace(line, "$1"));
    }

    /// <summary>A line's words, with the groups of digits that are one number joined.</summary>
    public static IEnumerable<string> Parts(string line)
    {
        foreach (string run in Runs().Matches(line).Select(m => m.Value.Trim()).Where(x => x.Length > 0))
        {
            if (!run.All(c => char.IsAsciiDigit(c) || IsDivider(c)))
            {
                string word = run.Trim('(', ')', '[', ']', ':', '.', '"', '\'', '=', '#');
                if (word.Length > 0) yield return word;
                continue;
            }
            string[] groups = run.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (int from = 0; from < groups.Length;)
            {
                int count = CountOfNumber(groups, from);
                yield return string.Join(' ', groups[from..(from + count)]);
                from += count;
            }
        }
    }

    /// <summary>Whether the character may stand between the digits of one number.</summary>
    public static bool IsDivider(char c) => c is ' ' or '-' or '.';

    /// <summary>The zeros that a cell for numbers dropped, where only they make the check digit right: of GTIN-12 one or two, of GTIN-8 one.</summary>
    public static string WithLostZeros(string digits)
    {
        if (digits.Length is not (7 or 10 or 11) || Gtin.Parse(digits) is not null) return digits;
        string filled = digits.PadLeft(digits.Length == 7 ? 8 : 12, '0');
        return Gtin.Parse(filled) is not null ? filled : digits;
    }

    /// <summary>How many groups from this one on make a number: the most whose check digit is right, else all where none of them is long enough alone, else one.</summary>
    private static int CountOfNumber(string[] groups, int from)
    {
        string digits = "";
        int count = 0;
        for (int i = from; i < groups.Length; i++)
        {
            digits += string.Concat(groups[i].Where(char.IsAsciiDigit));
            if (digits.Length > 14) break;
            if (digits.Length is 8 or 12 or 13 or 14 && Gtin.Parse(digits) is not null) count = i - from + 1;
        }
        if (count > 0) return count;
        bool grouped = groups[from..].All(x => x.Length < 8) && groups[from..].Sum(x => x.Count(char.IsAsciiDigit)) <= 14;
        return grouped ? groups.Length - from : 1;
    }

    private static string Expanded(Match number)
    {
        string fraction = number.Groups[2].Value;
        int exponent = int.Parse(number.Groups[3].Value, CultureInfo.InvariantCulture), missing = exponent - fraction.Length;
        if (missing is < 0 or > MostDroppedZeros) return number.Value;
        string digits = number.Groups[1].Value + fraction + new string('0', missing);
        return missing == 0 || Gtin.Parse(digits) is not null ? digits : number.Value;
    }

    private static char Ascii(char c) => c switch
    {
        _ when char.IsDigit(c) => (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c)),
        // Full-width forms stand this far behind ASCII.
        >= '\uFF01' and <= '\uFF5E' when !char.IsDigit(c) => (char)(c - 0xFEE0),
        '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2212' => '-',
        _ when c != '\n' && char.IsWhiteSpace(c) => ' ',
        _ => c,
    };

    [GeneratedRegex(@"(?<![\d.,])(\d)[.,](\d+)E\+?(\d{1,2})(?!\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Exponent();

    [GeneratedRegex(@"(?<![\d.,])(\d),(\d+E\+?\d{1,2})(?!\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex DecimalComma();

    // Groups of three, as a cell with thousands separators shows a number.
    [GeneratedRegex(@"(?<![\d.,'’])\d{1,3}([.,'’])\d{3}(?:\1\d{3}){2,3}(?![\d'’])", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Grouped();

    [GeneratedRegex(@"(?<!\d)(\d{7,14})[.,]0{1,3}(?!\d)", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Decimals();

    // The marks by which Code 39 begins and ends.
    [GeneratedRegex(@"(?<![^\s;,|])\*(\d[\d -]*)\*(?![^\s;,|])", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Starred();

    // The fields of stock-keeping programs have 18 places or more and are filled with zeros. Numbers of parcels have as many, and never so many zeros first.
    [GeneratedRegex(@"(?<!\d)(?=\d{18,40}(?!\d))0{4,}([1-9]\d{11,13})(?!\d)", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Padded();

    // ="…", =T("…"), and the apostrophe that makes a cell text.
    [GeneratedRegex("""^(?:=\s*(?:T|TEXT)?\(?\s*"|['’‘`´"])\s*([^"'’‘`´]+?)\s*["'’‘`´]?\)?$""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Formula();

    // Digits with dividers between them, unless they are part of a word or a code; else a word.
    [GeneratedRegex(@"(?<![\p{L}\d-])\d+(?:[ .-]+\d+)*(?![\p{L}\d-]|\.\w)|[^\s/]+", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Runs();
}

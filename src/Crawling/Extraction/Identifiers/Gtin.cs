using System.Globalization;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Identifiers;

/// <summary>What kind of number an identifier is.</summary>
public enum GtinKind { Gtin8, Upc, UpcE, Gtin13, Gtin14, Isbn10, Isbn13, Issn, Ismn }

/// <summary>
/// A trade item number with a right check digit. Source: GS1 General Specifications, sections 5.2.2.4 (UPC-E), 3.3.2 (the (01) of element strings) and 7.9;
/// GS1 Digital Link Standard: URI Syntax, section 4; ISO 2108 (ISBN), ISO 3297 (ISSN), ISO 10957 (ISMN).
/// </summary>
/// <param name="Kind">The number's kind by its length and prefix.</param>
/// <param name="Digits">ASCII digits only, but for the check character X of an ISBN-10 or ISSN.</param>
public sealed record Gtin(GtinKind Kind, string Digits)
{
    private static readonly string[] Labels = ["isbn13", "isbn10", "isbn", "urnisbn", "gtin14", "gtin13", "gtin12", "gtin8", "gtin", "ean13", "ean8", "ean", "upca", "upce", "upc", "jan", "issn", "ismn"];

    // A number with its label, and a Digital Link with its attributes.
    private const int LongestNumber = 80, LongestText = 2000;

    /// <summary>The number as digits without its label, of a plausible length, whether its check digit is right or not; null where the text is no such number.</summary>
    public static string? DigitsOf(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > LongestText) return null;
        if (GtinCarrier.Find(text) is { } carried) return carried;
        if (text.Length > LongestNumber) return null;
        string compact = DigitScripts.ToAscii(new([.. Whole(text).Where(char.IsLetterOrDigit)]));
        string lower = compact.ToLowerInvariant();
        // "EAN13" before 13 more digits is a label; "EAN1334567890125" is the label EAN before 13 digits: a right check digit decides, then the length.
        List<string> readings = IsNumber(compact) ? [compact.ToUpperInvariant()] : [];
        foreach (string label in Labels)
            if (lower.StartsWith(label, StringComparison.Ordinal) && IsNumber(compact[label.Length..])) readings.Add(compact[label.Length..].ToUpperInvariant());
        return readings.OrderBy(static r => Classify(r) is null).ThenByDescending(static r => r.Length).FirstOrDefault();
    }

    /// <summary>Reads a number with or without a label, spaces and dashes; null if its length or check digit is wrong.</summary>
    public static Gtin? Parse(string? text) => DigitsOf(text) is { } digits && Classify(digits) is { } kind ? new(kind is GtinKind.UpcE && NamesSerial(text!) ? GtinKind.Issn : kind, digits) : null;

    /// <summary>The number as GTIN-8, -12, -13 or -14: an ISBN-10 becomes its 978 form and UPC-E the UPC-A that it shortens; an ISSN is none, so null.</summary>
    public string? ToTradeNumber() => Kind switch
    {
        GtinKind.Issn => null,
        GtinKind.UpcE => Expanded(Digits),
        GtinKind.Isbn10 => "978" + Digits[..9] + CheckDigit("978" + Digits[..9]),
        _ => Digits,
    };

    /// <summary>A number that a program wrote as a quantity, without its decimals or its exponent.</summary>
    private static string Whole(string text) =>
        text.AsSpan().IndexOfAny('.', 'e', 'E') > 0 && decimal.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out decimal number) && decimal.IsInteger(number)
            ? number.ToString("0", CultureInfo.InvariantCulture) : text;

    private static bool IsNumber(string text)
    {
        if (text.Length is not (8 or 10 or 12 or 13 or 14)) return false;
        for (int i = 0; i < text.Length; i++)
            if (!char.IsAsciiDigit(text[i]) && !(i == text.Length - 1 && text.Length is 8 or 10 && text[i] is 'x' or 'X')) return false;
        return true;
    }

    private static GtinKind? Classify(string digits)
    {
        switch (digits.Length)
        {
            case 8:
                // GTIN-8 that begin with 0 are for use inside a shop; a right UPC-E is likelier.
                if (Expanded(digits) is not null) return GtinKind.UpcE;
                if (HasCheckDigit(digits)) return GtinKind.Gtin8;
                return HasModulo11(digits) ? GtinKind.Issn : null;
            case 10: return HasModulo11(digits) ? GtinKind.Isbn10 : null;
            case 12: return HasCheckDigit(digits) ? GtinKind.Upc : null;
            case 13 when HasCheckDigit(digits):
                if (digits.StartsWith("9790", StringComparison.Ordinal)) return GtinKind.Ismn;
                return digits.StartsWith("978", StringComparison.Ordinal) || digits.StartsWith("979", StringComparison.Ordinal) ? GtinKind.Isbn13 : GtinKind.Gtin13;
            case 14: return HasCheckDigit(digits) ? GtinKind.Gtin14 : null;
            default: return null;
        }
    }

    /// <summary>The UPC-A that eight digits of UPC-E shorten: number system 0, six digits, check digit. Null if they are none, or the check digit is wrong.</summary>
    private static string? Expanded(string digits)
    {
        if (digits.Length != 8 || digits[0] != '0' || !digits.All(char.IsAsciiDigit)) return null;
        string six = digits[1..7];
        string body = digits[0] + six[5] switch
        {
            '0' or '1' or '2' => $"{six[..2]}{six[5]}0000{six[2..5]}",
            '3' => $"{six[..3]}00000{six[3..5]}",
            '4' => $"{six[..4]}00000{six[4]}",
            var last => $"{six[..5]}0000{last}",
        };
        return CheckDigit(body) == digits[7] && six.Any(static c => c != '0') ? body + digits[7] : null;
    }

    /// <summary>Whether a text of eight digits says that it is an ISSN, by name or by its hyphen in the middle.</summary>
    private static bool NamesSerial(string text) => text.Contains("issn", StringComparison.OrdinalIgnoreCase) || (text.Trim() is { Length: 9 } trimmed && trimmed[4] == '-');

    private static bool HasCheckDigit(string digits) => digits.All(char.IsAsciiDigit) && CheckDigit(digits[..^1]) == digits[^1] && digits.Any(static c => c != '0');

    private static char CheckDigit(string body)
    {
        int sum = 0;
        for (int i = 0; i < body.Length; i++) sum += (body[^(i + 1)] - '0') * (i % 2 == 0 ? 3 : 1);
        return (char)('0' + ((10 - (sum % 10)) % 10));
    }

    private static bool HasModulo11(string digits)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++) sum += (digits[i] is 'X' or 'x' ? 10 : digits[i] - '0') * (digits.Length - i);
        return sum % 11 == 0 && digits.Any(static c => c != '0');
    }
}

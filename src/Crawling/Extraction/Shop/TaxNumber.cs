using System.Text.RegularExpressions;

namespace Touchstone.Crawling.Extraction.Shop;

/// <summary>A number under which a trader is known to a country.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Number">In the form in which numbers are compared: the country's letters, then letters and digits without marks.</param>
/// <param name="Text">As the page states it, with its label.</param>
public readonly record struct StatedTaxNumber(string Country, string Number, string Text);

/// <summary>
/// Finds the numbers under which a trader is known to a country: VAT numbers of the EU, Norway, Switzerland and the United Kingdom after a word that says so, and numbers of company registers that
/// have a name of their own. A label and its number may stand in two lines. Where the number has a check digit that is public, it must hold. Pure; time grows linearly with the text.
/// </summary>
public static class TaxNumber
{
    // Of one country and register.
    private const int MostOfKind = 6;

    private static readonly Regex Vat = Of(
        @"(?i:\bVAT\b|\bUSt\b|\bUSt[.-]?\s?Id|\bUStId|Umsatzsteuer|\bMwSt|\bUID\b|\bTVA\b|\bBTW\b|\bIVA\b|\bMoms|\bSE-nr|\bNIF\b|\bCIF\b|\bNIP\b|\bALV\b|\bDPH\b|\bDIČ\b|\bКАТ\b|\bДДС\b|ΑΦΜ|ΦΠΑ|\bPVN\b|\bPVM\b|\bKMKR\b|adószám|Cod fiscal|\bCUI\b)[\s\S]{0,30}?\b("
        + string.Join('|', $"AT ?U ?{D(8)}", $"BE ?(?:[01][ .-]?)?{D(9)}", $"BG ?{D(9)}[0-9]?", $"CY ?{D(8)}[A-Z]", $"CZ ?{D(8)}[0-9]{{0,2}}", $"DE[ .-]?{D(9)}", $"DK[ .-]?{D(8)}", $"EE ?{D(9)}", $"EL ?{D(9)}", "ES ?[A-Z0-9][ -]?[0-9]{7}[ -]?[A-Z0-9]",
            $"FI ?{D(8)}", $"FR ?[A-Z0-9]{{2}} ?{D(9)}", $"HR ?{D(11)}", $"HU ?{D(8)}", "IE ?[0-9][A-Z0-9][0-9]{5}[A-Z]{1,2}", $"IT ?{D(11)}", $"LT ?{D(9)}(?:[0-9]{{3}})?", $"LU ?{D(8)}", $"LV ?{D(11)}", $"MT ?{D(8)}", $"NL ?{D(9)}[ .-]?B[ .-]?[0-9]{{2}}",
            $"PL ?{D(10)}", $"PT ?{D(9)}", "RO ?[0-9]{2,10}", $"SE ?{D(12)}", $"SI ?{D(8)}", $"SK ?{D(10)}", $"(?:GB|XI) ?{D(9)}", $"CHE[ -]?{D(9)}")
        + @")\b");

    // With the words of which one stands in whatever matches: most pages hold none, and looking for them takes little.
    private static readonly (string Country, string[] Words, Regex Pattern)[] Registers =
    [
        ("DK", ["CVR"], Of(@"(?i:\bCVR)[A-Za-z .:#\n-]{0,12}?((?:DK[- ]?)?\d{2}\s?\d{2}\s?\d{2}\s?\d{2})\b")),
        ("IT", ["IVA"], Of(@"\b(?:P\.?\s?IVA|Partita\s+IVA)\b:?\s{0,3}(?:IT\s?)?(\d{11})\b")),
        ("PL", ["NIP"], Of(@"\bNIP\b:?\s{0,3}(\d{3}[- ]?\d{3}[- ]?\d{2}[- ]?\d{2}|\d{3}[- ]?\d{2}[- ]?\d{2}[- ]?\d{3})\b")),
        ("NL", ["vK", "v.K"], Of(@"\bK\.?v\.?K\.?(?:[- ]?(?:nr|nummer)\b\.?)?:?\s{0,3}(\d{8})\b")),
        ("FR", ["SIRE", "RCS"], Of(@"\b(?:SIRET|SIREN|RCS\s+\p{Lu}\p{L}+)\b[^\d\n]{0,12}(\d{3}\s?\d{3}\s?\d{3}(?:\s?\d{5})?)\b")),
        ("SE", ["Org"], Of(@"\b(?:Org(?:anisations)?[-. ]?\s?(?:nr|nummer)\b\.?):?\s{0,3}(5\d{5}-\d{4})\b")),
        ("NO", ["Org"], Of(@"\b(?:Org(?:anisasjons)?[-. ]?\s?(?:nr|nummer)\b\.?):?\s{0,3}(?:NO\s?)?([89]\d{2}\s?\d{3}\s?\d{3})\b")),
        ("FI", ["Y-tunnus"], Of(@"\bY-tunnus:?\s{0,3}(\d{7}-\d)\b")),
        ("ES", ["CIF", "NIF"], Of(@"\b(?:CIF|NIF)\b:?\s{0,3}([A-HJ-NP-SUVW][- ]?\d{7}[0-9A-J])\b")),
        ("CZ", ["IČ"], Of(@"\bIČO?\b:?\s{0,3}(\d{8})\b")),
        ("GB", ["ompany", "egistration"], Of(@"\b(?:[Cc]ompany|[Rr]egistration)\s+(?:[Nn]o|[Nn]umber|[Rr]eg(?:istration)?\s+[Nn]o)\b\.?:?\s{0,3}((?:SC|NI)\d{6}|\d{8})\b")),
        ("KR", ["사업자"], Of(@"사업자\s?(?:등록)?\s?번호\s{0,3}:?\s{0,3}(\d{3}-?\d{2}-?\d{5})")),
    ];

    /// <summary>The numbers in a text that hold, each once, at most six of a country's VAT numbers and of each register.</summary>
    public static IEnumerable<StatedTaxNumber> Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (IGrouping<string, Match> country in Vat.Matches(text).GroupBy(static m => m.Groups[1].Value[..2]))
            foreach (Match match in country.Take(MostOfKind))
                if (Stated(country.Key switch { "EL" => "GR", "XI" => "GB", var own => own }, country.Key, match) is { } number && seen.Add(number.Number)) yield return number;
        foreach ((string country, _, Regex pattern) in Registers.Where(x => Array.Exists(x.Words, word => text.Contains(word, StringComparison.OrdinalIgnoreCase))))
            foreach (Match match in pattern.Matches(text).Take(MostOfKind))
                if (Stated(country, country, match) is { } number && seen.Add(number.Number)) yield return number;
    }

    private static StatedTaxNumber? Stated(string country, string letters, Match match)
    {
        string number = string.Concat(match.Groups[1].Value.Where(char.IsAsciiLetterOrDigit));
        if (!number.StartsWith(letters, StringComparison.Ordinal)) number = letters + number;
        return Holds(country, number) ? new(country, number, match.Value) : null;
    }

    /// <summary>So many digits with marks between them or without.</summary>
    private static string D(int digits) => $"[0-9](?:[ .-]?[0-9]){{{digits - 1}}}";

    /// <summary>Whether a number's check digit holds; true where it has none that is public.</summary>
    private static bool Holds(string country, string number)
    {
        int[] digits = [.. number.Where(char.IsAsciiDigit).Select(c => c - '0')];
        return country switch
        {
            "DK" => digits.Length == 8 && Sum(digits, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0,
            "PL" => digits.Length == 10 && Sum(digits[..9], 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11 == digits[9],
            "IT" => digits.Length == 11 && Luhn(digits),
            "DE" => digits.Length == 9 && Iso7064(digits),
            // The number of the company ends that for VAT, and begins that of a place of business.
            "FR" => Luhn(digits.Length == 14 ? digits[..9] : digits.Length >= 9 ? digits[^9..] : digits),
            "SE" => digits.Length is 10 or 12 && Luhn(digits[..10]),
            "KR" => digits.Length == 10 && (10 - ((Sum(digits[..9], 1, 3, 7, 1, 3, 7, 1, 3, 5) + (digits[8] * 5 / 10)) % 10)) % 10 == digits[9],
            _ => true,
        };
    }

    private static int Sum(int[] digits, params int[] weights) => digits.Zip(weights, (d, w) => d * w).Sum();

    private static bool Luhn(int[] digits) =>
        digits.Reverse().Select((d, i) => i % 2 == 0 ? d : d * 2 > 9 ? (d * 2) - 9 : d * 2).Sum() % 10 == 0;

    // ISO 7064, MOD 11,10.
    private static bool Iso7064(int[] digits)
    {
        int product = 10;
        foreach (int digit in digits[..^1])
        {
            int sum = (digit + product) % 10;
            product = 2 * (sum == 0 ? 10 : sum) % 11;
        }
        return (11 - product) % 10 == digits[^1];
    }

    private static Regex Of(string pattern) => new(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}

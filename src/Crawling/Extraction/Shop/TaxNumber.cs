using System.Text.RegularExpressions;

namespace Touchstone.Crawling.Extraction.Shop;

/// <summary>
/// Finds the numbers under which a trader is known to a country: VAT numbers of the EU, Norway, Switzerland and the United Kingdom after a word that says so, and numbers of company registers that
/// have a name of their own. Where the number has a check digit that is public, it must hold. Pure; time grows linearly with the text.
/// </summary>
public static partial class TaxNumber
{
    [GeneratedRegex(@"(?:\bVAT\b|\bUSt\b|\bUSt[.-]?\s?Id|Umsatzsteuer|\bMwSt|\bUID\b|\bTVA\b|\bBTW\b|\bIVA\b|\bMoms|\bMOMS|\bNIP\b|\bALV\b|\bDPH\b|\bDIČ\b|\bIČ DPH\b|\bКАТ\b|\bДДС\b|ΑΦΜ|ΦΠΑ|\bPVN\b|\bPVM\b|\bKMKR\b|adószám|Cod fiscal|\bCUI\b)[^\n]{0,28}?\b(ATU\d{8}|BE\s?[01]?\d{3}[. ]?\d{3}[. ]?\d{3}|BG\d{9,10}|CY\d{8}[A-Z]|CZ\d{8,10}|DE\s?\d{3}\s?\d{3}\s?\d{3}|DK\s?\d{2}\s?\d{2}\s?\d{2}\s?\d{2}|EE\d{9}|EL\d{9}|ES[A-Z0-9]\d{7}[A-Z0-9]|FI\s?\d{8}|FR\s?[A-Z0-9]{2}\s?\d{3}\s?\d{3}\s?\d{3}|HR\d{11}|HU\d{8}|IE\d[A-Z0-9]\d{5}[A-Z]{1,2}|IT\s?\d{11}|LT\d{9,12}|LU\d{8}|LV\d{11}|MT\d{8}|NL\s?\d{9}\s?B\s?\d{2}|PL\s?\d{10}|PT\s?\d{9}|RO\d{2,10}|SE\s?\d{12}|SI\d{8}|SK\d{10}|GB\s?\d{3}\s?\d{4}\s?\d{2}|CHE-?\d{3}\.?\d{3}\.?\d{3})\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Vat();

    // With the words of which one stands in whatever matches: most pages hold none, and looking for them takes little.
    private static readonly (string Country, string[] Words, Regex Pattern)[] Registers =
    [
        ("DK", ["CVR"], Of(@"\bCVR(?:[-. ]?(?:nr|nummer|no)\b\.?)?:?\s{0,3}((?:DK[- ]?)?\d{2}\s?\d{2}\s?\d{2}\s?\d{2})\b")),
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
        ("KR", ["사업자"], Of(@"사업자\s?등록\s?번호\s{0,3}:?\s{0,3}(\d{3}-?\d{2}-?\d{5})")),
    ];

    /// <summary>The numbers in a text with the countries that gave them; each country once, by its first number that holds.</summary>
    /// <exception cref="RegexMatchTimeoutException">The text took too long.</exception>
    public static IEnumerable<(string Country, string Text)> Find(string text)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (Match match in Vat().Matches(text).Cast<Match>())
        {
            string number = match.Groups[1].Value, code = number[..2] switch { "EL" => "GR", var own => own };
            if (Holds(code, number) && seen.Add(code)) yield return (code, match.Value);
        }
        foreach ((string country, string[] words, Regex pattern) in Registers)
            if (!seen.Contains(country) && words.Any(w => text.Contains(w, StringComparison.Ordinal)) && pattern.Matches(text).Cast<Match>().FirstOrDefault(m => Holds(country, m.Groups[1].Value)) is { } found && seen.Add(country)) yield return (country, found.Value);
    }

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
            "FR" => Luhn(digits.Length == 11 ? digits[2..] : digits.Length >= 9 ? digits[..9] : digits),
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

    private static Regex Of(string pattern) => new(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}

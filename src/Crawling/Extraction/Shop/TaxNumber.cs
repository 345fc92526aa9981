using System.Text.RegularExpressions;

namespace Touchstone.Crawling.Extraction.Shop;

/// <summary>A number under which a trader is known to a country.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Number">
/// In the form in which numbers are compared: the country's letters, then letters and digits without marks, and one for a company by whichever of its numbers it is named: of a French one the SIREN, of a Swedish one the number of
/// the organisation, of a Belgian one ten digits.
/// </param>
/// <param name="Text">As the page states it, with its label.</param>
public readonly record struct StatedTaxNumber(string Country, string Number, string Text);

/// <summary>
/// Finds the numbers under which a trader is known to a country: VAT numbers of the EU, Norway, Switzerland and the United Kingdom after a word that says so, and numbers of company registers that
/// have a name of their own. A label may end a line and its number begin the next. The check digits must hold, where there are any (<see cref="TaxCheckDigits"/>). Pure; time grows linearly with the text.
/// </summary>
public static class TaxNumber
{
    // Of one country and register.
    private const int MostOfKind = 6;

    private static readonly Regex Vat = Of(
        @"(?i:\bVAT\b|\bUSt\b|\bUSt[.-]?\s?Id|\bUStId|Umsatzsteuer|\bMwSt|\bUID\b|\bTVA\b|\bBTW\b|\bIVA\b|\bMoms|\bSE-nr|\bNIF\b|\bCIF\b|\bNIP\b|\bALV\b|\bDPH\b|\bDIČ\b|\bКАТ\b|\bДДС\b|ΑΦΜ|ΦΠΑ|\bPVN\b|\bPVM\b|\bKMKR\b|adószám|Cod fiscal|\bCUI\b)(?:[^\n]{0,28}?|[^\n]{0,24}\n[\s:：]{0,28})\b("
        + string.Join('|', $"AT ?U ?{D(8)}", $"BE ?(?:[01][ .-]?)?{D(9)}", $"BG ?{D(9)}[0-9]?", $"CY ?{D(8)}[A-Z]", $"CZ ?{D(8)}[0-9]{{0,2}}", $"DE[ .-]?{D(9)}", $"DK[ .-]?{D(8)}", $"EE ?{D(9)}", $"EL ?{D(9)}", "ES ?[A-Z0-9][ -]?[0-9]{7}[ -]?[A-Z0-9]",
            $"FI ?{D(8)}", $"FR ?[A-Z0-9]{{2}} ?{D(9)}", $"HR ?{D(11)}", $"HU ?{D(8)}", "IE ?[0-9][A-Z0-9][0-9]{5}[A-Z]{1,2}", $"IT ?{D(11)}", $"LT ?{D(9)}(?:[0-9]{{3}})?", $"LU ?{D(8)}", $"LV ?{D(11)}", $"MT ?{D(8)}", $"NL ?{D(9)}[ .-]?B[ .-]?[0-9]{{2}}",
            $"PL ?{D(10)}", $"PT ?{D(9)}", "RO ?[0-9]{2,10}", $"SE ?{D(12)}", $"SI ?{D(8)}", $"SK ?{D(10)}", $"(?:GB|XI) ?{D(9)}", $"CHE[ -]?{D(9)}")
        + @")\b");

    // What is told behind the word for a tax that names another number: "incl. VAT, art. no. …".
    private static readonly Regex OtherNumber = Of(@"(?i:\b(?:art(?:ikel|icle)?|item|sku|model|modell?o?|bestell\w*|order|ean|gtin|part|vare|produkt|product)\b)");

    // Slovak companies have numbers of the same name and form as Czech ones, and name their tax otherwise.
    private static readonly Regex Slovak = Of(@"\bIČ\s?-?DPH\b|\bDIČ:?\s{0,3}\d{10}\b|\bDPH\b[^\n]{0,20}\bSK ?\d{10}\b");

    // With the words of which one stands in whatever matches: most pages hold none, and looking for them takes little.
    private static readonly (string Country, string[] Words, Regex Pattern)[] Registers =
    [
        ("DK", ["CVR"], Of(@"(?i:\bCVR)[A-Za-z .:#\n-]{0,12}?((?:DK[- ]?)?\d{2}\s?\d{2}\s?\d{2}\s?\d{2})\b")),
        ("IT", ["IVA"], Of(@"\b(?:P\.?\s?IVA|Partita\s+IVA)\b:?\s{0,3}(?:IT\s?)?(\d{11})\b")),
        ("PL", ["NIP"], Of(@"\bNIP\b:?\s{0,3}(\d{3}[- ]?\d{3}[- ]?\d{2}[- ]?\d{2}|\d{3}[- ]?\d{2}[- ]?\d{2}[- ]?\d{3})\b")),
        ("NL", ["vK", "v.K"], Of(@"\bK\.?v\.?K\.?(?:[- ]?(?:nr|nummer)\b\.?)?:?\s{0,3}(\d{8})\b")),
        ("FR", ["SIRE", "RCS"], Of(@"\b(?:SIRET|SIREN|RCS\s+\p{Lu}\p{L}+)\b[^\d\n]{0,12}(\d{3}\s?\d{3}\s?\d{3}(?:\s?\d{5})?)\b")),
        ("SE", ["Org"], Of(@"\b(?:Org(?:anisations)?[-. ]?\s?(?:nr|nummer)\b\.?):?\s{0,3}(5\d{5}-\d{4})\b")),
        ("NO", ["Org"], Of(@"\b(?:Org(?:anisasjons)?[-. ]?\s?(?:nr|nummer)\b\.?):?\s{0,3}(?:NO\s?)?([89]\d{2}\s?\d{3}\s?\d{3})(?:\s?MVA)?\b")),
        ("NO", ["MVA"], Of(@"\b(?:NO[ -]?)?([89]\d{2}[ .]?\d{3}[ .]?\d{3})[ -]?MVA\b")),
        ("FI", ["Y-tunnus"], Of(@"\bY-tunnus:?\s{0,3}(\d{7}-\d)\b")),
        ("ES", ["CIF", "NIF"], Of(@"\b(?:CIF|NIF)\b:?\s{0,3}([A-HJ-NP-SUVW][- ]?\d{7}[0-9A-J])\b")),
        ("CZ", ["IČ"], Of(@"\bIČO?\b:?\s{0,3}(\d{2} ?\d{3} ?\d{3})\b")),
        ("GB", ["ompany", "egistration"], Of(@"\b(?:[Cc]ompany|[Rr]egistration)\s+(?:[Nn]o|[Nn]umber|[Rr]eg(?:istration)?\s+[Nn]o)\b\.?:?\s{0,3}((?:SC|NI)\d{6}|\d{8})\b")),
        ("KR", ["사업자"], Of(@"사업자\s?(?:등록)?\s?번호(?:\s{0,3}안내)?[\s:：\[(]{0,6}(\d{3}-?\d{2}-?\d{5})")),
    ];

    /// <summary>The numbers in a text that hold, each once, at most six of a country's VAT numbers and of each register.</summary>
    public static IEnumerable<StatedTaxNumber> Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (IGrouping<string, Match> country in Vat.Matches(text).Where(static m => !OtherNumber.IsMatch(m.Value[..(m.Groups[1].Index - m.Index)])).GroupBy(static m => m.Groups[1].Value[..2]))
            foreach (StatedTaxNumber number in Stated(country.Key switch { "EL" => "GR", "XI" => "GB", var own => own }, country.Key, country))
                if (seen.Add(number.Number)) yield return number;
        foreach ((string country, _, Regex pattern) in Registers.Where(x => Array.Exists(x.Words, word => text.Contains(word, StringComparison.OrdinalIgnoreCase))))
        {
            bool slovak = country == "CZ" && Slovak.IsMatch(text);
            foreach (IGrouping<string, Match> own in pattern.Matches(text).GroupBy(m => slovak && !seen.Contains("CZ" + Plain(m)) ? "SK" : country))
                foreach (StatedTaxNumber number in Stated(own.Key, own.Key, own))
                    if (seen.Add(number.Number)) yield return number;
        }
    }

    private static IEnumerable<StatedTaxNumber> Stated(string country, string letters, IEnumerable<Match> matches) =>
        matches.Select(m => Stated(country, letters, m)).OfType<StatedTaxNumber>().DistinctBy(static n => n.Number).Take(MostOfKind);

    private static StatedTaxNumber? Stated(string country, string letters, Match match)
    {
        string number = Plain(match);
        if (number.StartsWith(letters, StringComparison.Ordinal)) number = number[letters.Length..];
        number = letters + Company(country, number);
        return TaxCheckDigits.Hold(country, number) ? new(country, number, match.Value) : null;
    }

    private static string Plain(Match match) => string.Concat(match.Groups[1].Value.Where(char.IsAsciiLetterOrDigit));

    /// <summary>What of a number names the company, and not its place of business, its tax or its time.</summary>
    private static string Company(string country, string number) => (country, number.Length) switch
    {
        ("FR", 11) => number[2..],
        ("FR", 14) => number[..9],
        ("SE", 12) => number[..10],
        ("BE", 9) => "0" + number,
        _ => number,
    };

    /// <summary>So many digits with marks between them or without.</summary>
    private static string D(int digits) => $"[0-9](?:[ .-]?[0-9]){{{digits - 1}}}";

    private static Regex Of(string pattern) => new(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}

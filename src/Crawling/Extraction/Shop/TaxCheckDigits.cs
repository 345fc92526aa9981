using System.Globalization;

namespace Touchstone.Crawling.Extraction.Shop;

/// <summary>
/// Checks the digits of traders' numbers that follow from the others. Checked are the VAT numbers of all member states of the EU (of Bulgaria and Czechia those of companies, of Latvia those of legal persons), of Norway,
/// Switzerland and the United Kingdom, and the numbers of companies of Czechia, Denmark, Spain, Finland, France, Italy, Korea, Norway, Poland, Sweden and Slovakia; a British company's and a Dutch trader's (KvK) have no check digit.
/// Sources: the European Commission's algorithms for VIES, the tax offices' own, ISO 7064. Pure; thread-safe.
/// </summary>
internal static class TaxCheckDigits
{
    private const string SpanishPersons = "TRWAGMYFPDXBNJZSQVHLCKE", SpanishCompanies = "JABCDEFGHI", Irish = "WABCDEFGHIJKLMNOPQRSTUV";

    private static readonly int[] Cyprus = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];

    /// <summary>Whether a number's check digits hold; true where it has none.</summary>
    /// <param name="country">ISO 3166-1 alpha-2.</param>
    /// <param name="number">The country's letters, then letters and digits without marks.</param>
    public static bool Hold(string country, string number)
    {
        int[] digits = [.. number.Where(char.IsAsciiDigit).Select(static c => c - '0')];
        return (country, digits.Length) switch
        {
            ("AT", 8) => digits[7] == (96 - SumOfDigits(digits[..7])) % 10,
            ("BE", 9 or 10) => (97 - (Value(digits[..^2]) % 97)) == Value(digits[^2..]),
            ("BG", 9) => digits[8] == (Sum(digits, 1, 2, 3, 4, 5, 6, 7, 8) % 11 is < 10 and var first ? first : Sum(digits, 3, 4, 5, 6, 7, 8, 9, 10) % 11 % 10),
            ("CH", 9) => Sum(digits, 5, 4, 3, 2, 7, 6, 5, 4, 1) % 11 == 0,
            ("CY", 8) => number[^1] == 'A' + (digits.Select(static (d, i) => i % 2 == 0 ? Cyprus[d] : d).Sum() % 26),
            ("CZ", 8) => IsCompany(digits),
            ("SK", 8) => IsCompany(digits),
            ("SK", 10) => Value(digits) % 11 == 0,
            ("DE", 9) or ("HR", 11) => Iso7064(digits),
            ("DK", 8) => Sum(digits, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0,
            ("EE", 9) => Sum(digits, 3, 7, 1, 3, 7, 1, 3, 7, 1) % 10 == 0,
            ("ES", _) => IsSpanish(number[2..]),
            ("FI", 8) => Sum(digits, 7, 9, 10, 5, 8, 4, 2, 1) % 11 == 0,
            ("FR", 9) => Luhn(digits),
            ("GB", 9) => Sum(digits, 8, 7, 6, 5, 4, 3, 2, 10, 1) % 97 is 0 or 42 or 55,
            ("GR", 9) => digits[8] == digits[..8].Aggregate(0, static (sum, d) => (sum * 2) + d) * 2 % 11 % 10,
            ("HU", 8) => Sum(digits, 9, 7, 3, 1, 9, 7, 3, 1) % 10 == 0,
            ("IE", _) => IsIrish(number[2..]),
            ("IT", 11) => Luhn(digits),
            ("KR", 10) => (10 - ((Sum(digits, 1, 3, 7, 1, 3, 7, 1, 3, 5) + (digits[8] * 5 / 10)) % 10)) % 10 == digits[9],
            ("LT", 9 or 12) => digits[^1] == Lithuanian(digits[..^1]),
            ("LU", 8) => Value(digits[..6]) % 89 == Value(digits[6..]),
            ("LV", 11) => digits[0] <= 3 || Sum(digits, 9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1) % 11 == 3,
            ("MT", 8) => Sum(digits, 3, 4, 6, 7, 8, 9, 10, 1) % 37 == 0,
            // Since 2020 a person's ends by another rule, on the whole number.
            ("NL", 11) => Sum(digits, 9, 8, 7, 6, 5, 4, 3, 2, -1) % 11 == 0 || decimal.Parse(string.Concat(number.Select(static c => char.IsAsciiDigit(c) ? c - '0' : c - 'A' + 10)), CultureInfo.InvariantCulture) % 97 == 1,
            ("NO", 9) => Sum(digits, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0,
            ("PL", 10) => Sum(digits, 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11 == digits[9],
            ("PT", 9) => digits[8] == (11 - (Sum(digits, 9, 8, 7, 6, 5, 4, 3, 2) % 11)) % 11 % 10,
            ("RO", _) => digits[^1] == 10 * digits[..^1].Reverse().Zip([2, 3, 5, 7, 1, 2, 3, 5, 7], static (d, w) => d * w).Sum() % 11 % 10,
            ("SE", 10) => Luhn(digits),
            ("SI", 8) => Sum(digits, 8, 7, 6, 5, 4, 3, 2) % 11 is > 0 and var rest && digits[7] == (11 - rest) % 10,
            ("CZ" or "BG", _) or ("GB" or "NL", 8 or 6) => true,
            _ => false,
        };
    }

    // Of as many digits as there are weights.
    private static int Sum(int[] digits, params int[] weights) => digits.Zip(weights, static (d, w) => d * w).Sum();

    private static long Value(int[] digits) => digits.Aggregate(0L, static (value, d) => (value * 10) + d);

    // Every second digit twice, and of what has two digits both.
    private static int SumOfDigits(int[] digits) => digits.Select(static (d, i) => i % 2 == 0 ? d : d * 2 > 9 ? (d * 2) - 9 : d * 2).Sum();

    private static bool Luhn(int[] digits) => SumOfDigits([.. digits.Reverse()]) % 10 == 0;

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

    private static bool IsCompany(int[] digits) => digits[7] == (11 - (Sum(digits, 8, 7, 6, 5, 4, 3, 2) % 11)) % 10;

    private static int Lithuanian(int[] digits)
    {
        int once = digits.Select(static (d, i) => d * (1 + (i % 9))).Sum() % 11;
        return once < 10 ? once : digits.Select(static (d, i) => d * (1 + ((i + 2) % 9))).Sum() % 11 % 10;
    }

    /// <param name="number">Of 9 letters and digits, the middle seven digits.</param>
    private static bool IsSpanish(string number)
    {
        if (number is not [var kind, .. { Length: 7 } middle, var check] || !middle.All(char.IsAsciiDigit)) return false;
        // Persons: residents by their number alone, foreigners with a letter that stands for a digit; K, L and M stand for none.
        string? person = kind switch { >= '0' and <= '9' => kind + middle, 'X' or 'Y' or 'Z' => (kind - 'X') + middle, 'K' or 'L' or 'M' => middle, _ => null };
        if (person is not null) return check == SpanishPersons[int.Parse(person, CultureInfo.InvariantCulture) % 23];
        int digit = (10 - (SumOfDigits([.. $"0{middle}".Select(static c => c - '0')]) % 10)) % 10;
        return "ABCDEFGHJNPQRSUVW".Contains(kind, StringComparison.Ordinal) && (check == '0' + digit || check == SpanishCompanies[digit]);
    }

    /// <param name="number">Seven digits of which the second may be a letter, a letter for the check, and none or one that counts.</param>
    private static bool IsIrish(string number)
    {
        string body = char.IsAsciiDigit(number[1]) ? number[..7] : $"0{number[2..7]}{number[0]}";
        int second = number.Length > 8 ? Irish.IndexOf(number[8], StringComparison.Ordinal) : 0;
        return second >= 0 && number[7] == Irish[(body.Select(static (c, i) => (c - '0') * (8 - i)).Sum() + (9 * second)) % 23];
    }
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Price;

/// <summary>What a price text says. <paramref name="CurrencyText"/> is as written, <paramref name="Currency"/> its ISO 4217 code.</summary>
public sealed record PriceReading(decimal? Amount, string? CurrencyText, string? Currency);

/// <summary>
/// Reads an amount and a currency from a text as shops write prices, in any of the usual digit groupings.
/// Among several numbers the first that stands beside a currency wins; percentages, dates and quantities are passed over. Safe for concurrent calls; linear in the text's length times the number of forms.
/// </summary>
public static partial class PriceParser
{
    private const int MaximumLength = 400;

    // No value added tax is higher in parts of the net price.
    private const decimal MostGross = 1.35m;

    // Shares are told in whole parts of a hundred.
    private const decimal MostRounded = 0.01m;

    /// <param name="text">The price text; null where only the hint is known.</param>
    /// <param name="currencyHint">Another text that may name the currency.</param>
    /// <param name="decimalSeparator">The decimal separator if known.</param>
    /// <param name="local">The ISO code expected on the page; settles <c>$</c>, <c>kr</c> and the like.</param>
    public static PriceReading Read(string? text, string? currencyHint = null, char? decimalSeparator = null, string? local = null)
    {
        string price = Clean(text);
        string hint = Clean(currencyHint);
        if (InHundredths(price, local) is { } small) return small;
        List<NumberToken> numbers = NumberToken.FindAll(price);
        (NumberToken? number, CurrencyToken? beside) = Choose(price, numbers);
        string? symbol = Symbol(price, hint, numbers, beside);
        string? code = Currencies.CodeOf(symbol, local);
        decimal? amount = number is null ? null : Amount(price, number, symbol, code, decimalSeparator);
        if (amount is null && SaysFree(price)) amount = 0;
        return new(amount, symbol, code);
    }

    /// <summary>The number in a machine-written field, where a point before three digits may be decimal: <c>12.500</c> is twelve and a half.</summary>
    public static decimal? ReadMachine(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        string trimmed = text.Trim();
        // Shop programs write -1 where they know no price.
        if (trimmed is ['-' or '−', >= '0' and <= '9', ..]) return null;
        return Plain(trimmed) ?? Read(trimmed).Amount;
    }

    /// <summary>The value of a text that is a plain decimal number; null for any other.</summary>
    internal static decimal? Plain(string? text) =>
        decimal.TryParse(text?.Trim(), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out decimal exact) ? Rounded(exact) : null;

    // Digits behind the point from which on they are what a binary fraction leaves over, and how far it may be from the price.
    private const int LeftOver = 6;
    private const decimal MostLeftOver = 0.000_001m;

    /// <summary>The amount that a program meant which wrote 49.899999999999999 for 49.90.</summary>
    private static decimal Rounded(decimal exact) =>
        exact.Scale > LeftOver && Math.Round(exact, 2) is var near && Math.Abs(near - exact) < MostLeftOver ? near : exact;

    /// <summary>A price under one pound or dollar, written in hundredths: <c>99p</c>, <c>99¢</c>. Only where nothing else is a number or a currency's sign.</summary>
    private static PriceReading? InHundredths(string price, string? local)
    {
        if (Hundredths().Match(price) is not { Success: true } match) return null;
        string sign = match.Groups[2].Value;
        if (sign.Length > 1) return local is not null && Currencies.HasCents(local) && match.Length == price.Length ? new(decimal.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) / 100, sign, local) : null;
        string? code = sign == "p" ? local is null or "GBP" ? "GBP" : null : Currencies.CodeOf("$", local);
        return code is null ? null : new(decimal.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) / 100, sign, code);
    }

    private static string Clean(string? text)
    {
        if (string.IsNullOrEmpty(text)) return string.Empty;
        string cut = DigitScripts.ToAscii(text.Length > MaximumLength ? text[..MaximumLength] : text);
        StringBuilder clean = new(cut.Length);
        foreach (char c in cut)
            if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format)
                clean.Append(c switch
                {
                    '٫' or '．' or '﹒' or '․' or '。' => '.',
                    '٬' or '，' or '﹐' or '、' or '،' or '︐' => ',',
                    // Every mark that is used as one: quotation marks, primes, accents and the letters that look like them.
                    '’' or '‘' or '‛' or '′' or '´' or '`' or '＇' or 'ʼ' or 'ʻ' or 'ʹ' or 'ˈ' or '‵' or '՚' or '׳' or 'ꞌ' or '˙' => '\'',
                    _ when char.IsWhiteSpace(c) => ' ',
                    _ => c,
                });
        return TenThousands().Replace(clean.ToString().Trim(), Counted);
    }

    // 1万2,800 is 12,800.
    private static string Counted(Match number) =>
        ((decimal.Parse(number.Groups[1].Value, CultureInfo.InvariantCulture) * 10_000) + (number.Groups[2].Value is { Length: > 0 } rest ? decimal.Parse(NumberToken.DigitsOnly(rest), CultureInfo.InvariantCulture) : 0)).ToString("0", CultureInfo.InvariantCulture);

    private static (NumberToken? Number, CurrencyToken? Beside) Choose(string price, List<NumberToken> numbers)
    {
        if (price.Contains("уточняйте", StringComparison.OrdinalIgnoreCase)) return (null, null);
        List<(NumberToken Number, CurrencyToken Currency, bool Asked)> amounts = [];
        NumberToken? previous = null;
        int from = 0;
        bool threshold = false, held = false;
        foreach (NumberToken number in numbers)
        {
            NumberToken? lower = previous;
            previous = number;
            if (number.IsPercentage || CurrencyToken.Beside(price, number.Start, number.End) is not { } currency) continue;
            // "From 26 to 50 €" names its currency once.
            if (lower is not null && amounts.Count == 0 && price[lower.End..number.Start].Trim() is "to" or "-" or "–" or "bis" or "à" or "a" or "до" or "do" && price.StartsWith("from", StringComparison.OrdinalIgnoreCase)) return (lower, currency);
            if (lower is not null && amounts.Count == 0 && IsRange(price, lower, number)) return (lower, currency);
            // What stands between the amount before, with its currency, and this one with its own.
            string before = price[from..Math.Max(from, Math.Min(number.Start, currency.Start))];
            from = Math.Max(number.End, currency.End);
            if (PriceWords.SayThreshold(before))
            {
                threshold = true;
                continue;
            }
            bool part = PriceWords.IsByMeasure(before, price[number.End..]) || PriceWords.IsPart(before, price[from..]);
            if (!part && PriceWords.SayNow(before)) return (number, currency);
            // The word behind what is held in the price stands before the price.
            bool added = !held && PriceWords.SayAdded(before, price[from..]);
            held = PriceWords.IsHeld(before, price[from..]);
            amounts.Add((number, currency, !part && !PriceWords.SayFormer(before) && !added && !PriceWords.SayInstead(price[from..])));
        }
        if (amounts.Count > 0)
        {
            (NumberToken Number, CurrencyToken Currency, bool Asked) found = amounts.Find(static a => a.Asked) is { Number: not null } asked ? asked : amounts[0];
            if (Reduced(price, numbers, found.Number, amounts) is { } reduced) return reduced;
            if (Gross(price, found.Number, found.Currency, amounts) is { } gross) return gross;
            return Currencies.IsBeforeEuro(found.Currency.Form.Code) ? InEuro(price, numbers) ?? (found.Number, found.Currency) : (found.Number, found.Currency);
        }
        if (threshold || LooksLikeDate(price)) return (null, null);
        return (numbers.FirstOrDefault(n => !n.IsPercentage && !n.IsMeasure), null);
    }

    // Parts of the higher end: a lower one is a size or a model beside a price.
    private const decimal LeastOfRange = 0.1m;

    /// <summary>Whether two numbers are the ends of a range with one currency, <c>5–10 €</c>: written alike, the lower first, with nothing but a label before.</summary>
    private static bool IsRange(string price, NumberToken lower, NumberToken number)
    {
        if (price[lower.End..number.Start].Trim() is not ("-" or "–" or "—" or "~" or "to" or "bis" or "à" or "до" or "do")) return false;
        string before = price[..lower.Start].Trim();
        if (before.Length > 0 && !PriceWords.SayPrice(before)) return false;
        (string from, string to) = (lower.Text(price), number.Text(price));
        if (DecimalsOf(from) != DecimalsOf(to) || NumberToken.Interpret(from, null, false) is not { } least || NumberToken.Interpret(to, null, false) is not { } most) return false;
        return least < most && least >= most * LeastOfRange;
    }

    private static int DecimalsOf(string number) => number.LastIndexOfAny(['.', ',']) is >= 0 and var at ? number.Length - at - 1 : 0;

    /// <summary>Of "−25 % 59 € 44,25 €": the amount that is another one less the share that the text names.</summary>
    private static (NumberToken, CurrencyToken)? Reduced(string price, List<NumberToken> numbers, NumberToken number, List<(NumberToken Number, CurrencyToken Currency, bool Asked)> amounts)
    {
        if (amounts.Count < 2 || numbers.Find(static n => n.IsPercentage) is not { } share) return null;
        decimal? Value(NumberToken n) => NumberToken.Interpret(n.Text(price), null, false);
        if (Value(share) is not (> 0 and < 100 and { } less) || Value(number) is not { } former) return null;
        foreach ((NumberToken other, CurrencyToken its, bool asked) in amounts)
            if (asked && other != number && Value(other) is { } now && Math.Abs(now - (former * (100 - less) / 100)) <= former * MostRounded) return (other, its);
        return null;
    }

    /// <summary>Of an amount that is called net: the one beside it that has the tax in it, which is what a consumer pays.</summary>
    private static (NumberToken, CurrencyToken)? Gross(string price, NumberToken number, CurrencyToken currency, List<(NumberToken Number, CurrencyToken Currency, bool Asked)> amounts)
    {
        if (amounts.Count < 2 || !PriceWords.IsNet(price[..Math.Min(number.Start, currency.Start)], price[Math.Max(number.End, currency.End)..])) return null;
        decimal? Value(NumberToken n) => NumberToken.Interpret(n.Text(price), null, Currencies.HasThreeDecimals(currency.Form.Code));
        decimal? net = Value(number);
        foreach ((NumberToken other, CurrencyToken its, bool asked) in amounts)
            if (asked && its.Form.Code == currency.Form.Code && Value(other) is { } gross && gross > net && gross <= net * MostGross) return (other, its);
        return null;
    }

    private static (NumberToken, CurrencyToken)? InEuro(string price, List<NumberToken> numbers)
    {
        foreach (NumberToken number in numbers)
            if (!number.IsPercentage && CurrencyToken.Beside(price, number.Start, number.End) is { Form.Code: "EUR" } currency) return (number, currency);
        return null;
    }

    /// <summary>Whether a text calls what it asks a former, recommended or saved amount: of several amounts, each of them.</summary>
    internal static bool SaysFormer(string text)
    {
        string clean = Clean(text);
        NumberToken[] amounts = [.. NumberToken.FindAll(clean).Where(n => !n.IsPercentage && CurrencyToken.Beside(clean, n.Start, n.End) is not null)];
        return amounts.Length < 2 ? PriceWords.SayFormer(clean) : amounts.Select((n, i) => clean[(i == 0 ? 0 : amounts[i - 1].End)..n.Start]).All(PriceWords.SayFormer);
    }

    /// <summary>What stands behind the last amount of a text; the text where it holds none.</summary>
    internal static string BehindAmounts(string text)
    {
        string clean = Clean(text);
        int end = 0;
        foreach (NumberToken number in NumberToken.FindAll(clean))
            if (CurrencyToken.Beside(clean, number.Start, number.End) is { } currency) end = Math.Max(number.End, currency.End);
        return clean[end..];
    }

    private static string? Symbol(string price, string hint, List<NumberToken> numbers, CurrencyToken? beside)
    {
        string? strong = beside is { Form.Weak: false } near ? near.Written(price) : CurrencyToken.FirstStrong(price)?.Written(price);
        string? hinted = CurrencyToken.FirstStrong(hint)?.Written(hint);
        if (strong is "$" && beside is { } sign && numbers.Find(n => n.Start >= sign.End) is { } led && CurrencyToken.Behind(price, led.End) is { } named && IsDollar(named)) return named;
        // A dollar sign says less than a hint that names the dollar.
        if (strong is "$" && hinted is not null && hinted != "$" && IsDollar(Currencies.CodeOf(hinted))) return hinted;
        if (strong is not null) return strong;
        if (beside is { } weak && (hinted is null || weak.Form.Text.Length > 1)) return hinted ?? weak.Written(price);
        if (hinted is not null) return hinted;
        List<NumberToken> hintNumbers = NumberToken.FindAll(hint);
        foreach (NumberToken number in hintNumbers)
            if (CurrencyToken.Beside(hint, number.Start, number.End) is { } inHint) return inHint.Written(hint);
        if (CurrencyToken.Whole(hint) is { } whole) return whole.Written(hint);
        return numbers.Count == 0 && CurrencyToken.Whole(price) is { } alone ? alone.Written(price) : CurrencyToken.FirstLongWeak(price)?.Written(price) ?? CurrencyToken.FirstLongWeak(hint)?.Written(hint);
    }

    private static bool IsDollar(string? code) => code is "USD" or "AUD" or "CAD" or "NZD" or "SGD" or "HKD" or "TWD" or "MXN" or "ARS" or "CLP" or "COP" or "UYU";

    private static decimal? Amount(string price, NumberToken number, string? symbol, string? code, char? separator)
    {
        string digits = number.Text(price);
        // In "1250€ 60" the currency stands where the decimal point does.
        if (symbol is { Length: > 0 } && !digits.Contains('.', StringComparison.Ordinal) && !digits.Contains(',', StringComparison.Ordinal))
        {
            string rest = price[number.End..];
            bool glued = rest.StartsWith(symbol, StringComparison.Ordinal);
            // "12 € 99", and nothing behind it.
            bool spread = symbol is "€" && rest.Length == 5 && rest.StartsWith(" € ", StringComparison.Ordinal);
            if (((glued && symbol is "€" or "£" or "$") || spread) && Cents(rest[(rest.IndexOf(symbol, StringComparison.Ordinal) + symbol.Length)..]) is { } cents) return decimal.Parse(NumberToken.DigitsOnly(digits) + "." + cents, CultureInfo.InvariantCulture);
        }
        return NumberToken.Interpret(digits, separator, Currencies.HasThreeDecimals(code));
    }

    private static string? Cents(string rest)
    {
        bool spaced = rest.StartsWith(' ');
        string tail = rest.TrimStart(' ');
        int length = 0;
        while (length < tail.Length && char.IsAsciiDigit(tail[length])) length++;
        bool ends = length == tail.Length || tail[length] is not ('.' or ',' or '%');
        return ends && (length == 2 || (!spaced && length is 1 or 3)) ? tail[..length] : null;
    }

    private static bool SaysFree(string price) =>
        price.Length < 20 && (price.Equals("free", StringComparison.OrdinalIgnoreCase) || price.StartsWith("free ", StringComparison.OrdinalIgnoreCase)
            || price.EndsWith(" free", StringComparison.OrdinalIgnoreCase) || price.Equals("free!", StringComparison.OrdinalIgnoreCase));

    private static bool LooksLikeDate(string price)
    {
        string[] parts = price.Split(['.', '-', '/'], StringSplitOptions.TrimEntries);
        if (parts.Length == 3 && parts.All(static p => p.Length is 1 or 2 or 4 && p.All(char.IsAsciiDigit)) && parts.Any(static p => p.Length == 4)) return true;
        if (price.Length == 5 && price[2] == '-' && price.Replace("-", string.Empty, StringComparison.Ordinal).All(char.IsAsciiDigit)) return true;
        int comma = price.IndexOf(", ", StringComparison.Ordinal);
        return comma > 2 && price.AsSpan(0, comma).IndexOfAnyInRange('0', '9') < 0 && price.Length - comma == 6 && DateTime.TryParse("1 " + price, CultureInfo.InvariantCulture, out _);
    }

    [GeneratedRegex(@"(?<![\d.,])(\d{1,4}(?:\.\d{1,3})?) ?[万萬만] ?(\d{1,4}|\d,\d{3})?(?![\d,])", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex TenThousands();

    [GeneratedRegex(@"^[^\d\p{Sc}]*(?<![\d.,])(\d{1,2})(p|¢| ?[Cc]ents?)(?![\w.])[^\d\p{Sc}]*$", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Hundredths();
}

using System.Globalization;
using System.Text;

namespace Touchstone.Crawling.Extraction.Price;

/// <summary>A number in a price text, from <paramref name="Start"/> to before <paramref name="End"/>.</summary>
internal sealed record NumberToken(int Start, int End, bool IsPercentage, bool IsMeasure)
{
    public string Text(string price) => price[Start..End];

    /// <summary>Finds the numbers of a text; digit groups may be divided by points, commas, apostrophes or single spaces before three digits.</summary>
    public static List<NumberToken> FindAll(string price)
    {
        List<NumberToken> found = [];
        int at = 0;
        while (at < price.Length)
        {
            bool leadingPoint = price[at] is '.' or ',' && at + 1 < price.Length && char.IsAsciiDigit(price[at + 1]) && (at == 0 || !char.IsLetter(price[at - 1]));
            if (!char.IsAsciiDigit(price[at]) && !leadingPoint)
            {
                at++;
                continue;
            }
            int end = EndOf(price, leadingPoint ? at + 1 : at);
            int after = end;
            while (after < price.Length && price[after] == ' ') after++;
            bool percentage = after < price.Length && price[after] == '%';
            found.Add(new(at, end, percentage, IsMeasureAt(price, after)));
            at = end;
        }
        return found;
    }

    private static int EndOf(string price, int start)
    {
        int end = start;
        while (end < price.Length && char.IsAsciiDigit(price[end])) end++;
        while (end < price.Length)
        {
            int next = end;
            bool spaces = false;
            while (next < price.Length && price[next] == ' ')
            {
                next++;
                spaces = true;
            }
            bool mark = next < price.Length && price[next] is '.' or ',' or '\'';
            if (mark) next++;
            if (mark && !spaces && next < price.Length && price[next] == ' ' && next + 1 < price.Length && char.IsAsciiDigit(price[next + 1])) next++;
            int digits = 0;
            while (next + digits < price.Length && char.IsAsciiDigit(price[next + digits])) digits++;
            if (digits == 0) break;
            bool grouped = digits == 3 && (!spaces || mark || end - start <= 11);
            if (spaces && !(grouped || (mark && digits <= 2))) break;
            if (!spaces && !mark) break;
            if (spaces && !mark && (LeadingGroup(price, start, end) > 3 || price.AsSpan(start, end - start).ContainsAny('.', ','))) break;
            end = next + digits;
        }
        return end;
    }

    // "1250 600" is two numbers; "1 250 600" is one.
    private static int LeadingGroup(string price, int start, int end)
    {
        int digits = 0;
        while (end - digits - 1 >= start && char.IsAsciiDigit(price[end - digits - 1])) digits++;
        return digits;
    }

    private static bool IsMeasureAt(string price, int at)
    {
        foreach (string unit in (string[])["ft", "cm", "mm", "inch", "kg", "ml", "pcs", "pieces"])
            if (string.CompareOrdinal(price, at, unit, 0, unit.Length) == 0 && (at + unit.Length >= price.Length || !char.IsLetter(price[at + unit.Length]))) return true;
        return false;
    }

    public static string DigitsOnly(string text) => new([.. text.Where(char.IsAsciiDigit)]);

    /// <summary>The value of a number in any grouping. Without a stated separator a lone mark before exactly three digits divides groups, else it is decimal.</summary>
    public static decimal? Interpret(string number, char? decimalSeparator, bool threeDecimals)
    {
        string compact = new([.. number.Where(static c => char.IsAsciiDigit(c) || c is '.' or ',')]);
        int point = decimalSeparator is { } known ? compact.LastIndexOf(known) : DecimalPoint(compact, threeDecimals);
        StringBuilder plain = new(compact.Length);
        for (int i = 0; i < compact.Length; i++)
        {
            if (char.IsAsciiDigit(compact[i])) plain.Append(compact[i]);
            else if (i == point) plain.Append('.');
        }
        return decimal.TryParse(plain.ToString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value) ? value : null;
    }

    private static int DecimalPoint(string compact, bool threeDecimals)
    {
        int last = compact.LastIndexOfAny(['.', ',']);
        if (last < 0) return -1;
        int count = compact.Count(c => c == compact[last]);
        int decimals = compact.Length - last - 1;
        bool both = compact.AsSpan(0, last).IndexOfAny('.', ',') is var other && other >= 0 && compact[other] != compact[last];
        if (last == 0) return 0;
        if (count > 1) return decimals is 1 or 2 ? last : -1;
        if (both) return decimals == 3 && compact[0] is '.' or ',' ? -1 : last;
        if (decimals != 3) return last;
        bool zero = compact.AsSpan(0, last).IndexOfAnyExcept('0') < 0;
        return threeDecimals || zero || last > 3 ? last : -1;
    }
}

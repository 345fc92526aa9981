namespace Touchstone.Crawling.Extraction.Price;

/// <summary>A currency's written form found in a text.</summary>
internal sealed record CurrencyToken(int Start, int End, Currencies.Form Form)
{
    private static readonly ILookup<char, Currencies.Form> ByFirst = Currencies.Forms.ToLookup(static f => f.Text[0]);
    private static readonly ILookup<char, Currencies.Form> ByLast = Currencies.Forms.ToLookup(static f => f.Text[^1]);

    public string Written(string text) => text[Start..End];

    /// <summary>The form right after or right before a number, the strong one before the weak one.</summary>
    public static CurrencyToken? Beside(string text, int start, int end)
    {
        CurrencyToken? after = After(text, end);
        CurrencyToken? before = Before(text, start);
        // What stands behind another number, and farther from this one than what follows it, is the other's.
        if (before is { Form.Weak: false }) return after is { Form.Weak: false } && after.Start - end < start - before.End && text.AsSpan(0, before.Start).TrimEnd() is [.., >= '0' and <= '9'] ? after : before;
        if (after is { Form.Weak: false }) return after;
        return before is not null && after is not null && before.Form.Text.Length <= after.Form.Text.Length ? after : before ?? after;
    }

    /// <summary>The ISO 4217 code that stands right behind a number; null where none does.</summary>
    public static string? Behind(string text, int end) => After(text, end) is { } token && Currencies.IsCode(token.Form.Text) ? token.Form.Text : null;

    private static CurrencyToken? After(string text, int end)
    {
        int at = end;
        while (at < text.Length && at - end < 4 && text[at] is ' ' or ',' or '.' or '-' or '–' or '/' or '*') at++;
        for (int i = end; i <= at; i++)
            if (At(text, i) is { } token) return token.LeadsNumber(text) && i > end ? null : token;
        return null;
    }

    // A dollar sign right before a number belongs to that number.
    private bool LeadsNumber(string text) => Form.Text.EndsWith('$') && End < text.Length && char.IsAsciiDigit(text[End]);

    private static CurrencyToken? Before(string text, int start)
    {
        int at = start;
        while (at > 0 && start - at < 4 && text[at - 1] is ' ' or ':' or '.' or '-' or '(' or '+') at--;
        for (int i = start; i >= at; i--)
            if (EndingAt(text, i) is { } token) return token;
        return null;
    }

    public static CurrencyToken? FirstStrong(string text)
    {
        for (int i = 0; i < text.Length; i++)
            if (At(text, i) is { Form.Weak: false } token) return token;
        return null;
    }

    /// <summary>A weak form of at least four letters, such as <c>euro</c>, anywhere. Shorter ones are too often words: "all", "top", "try".</summary>
    public static CurrencyToken? FirstLongWeak(string text)
    {
        for (int i = 0; i < text.Length; i++)
            if (At(text, i) is { Form.Text.Length: > 3 } token) return token;
        return null;
    }

    public static CurrencyToken? Whole(string text) => At(text, 0) is { } token && token.End == text.Length ? token : null;

    private static CurrencyToken? At(string text, int at)
    {
        if (at >= text.Length) return null;
        foreach (Currencies.Form form in ByFirst[text[at]])
            if (string.CompareOrdinal(text, at, form.Text, 0, form.Text.Length) == 0 && Stands(text, at, at + form.Text.Length)) return Widened(text, new(at, at + form.Text.Length, form));
        return null;
    }

    private static CurrencyToken? EndingAt(string text, int end)
    {
        if (end <= 0) return null;
        foreach (Currencies.Form form in ByLast[text[end - 1]])
        {
            int at = end - form.Text.Length;
            if (at >= 0 && string.CompareOrdinal(text, at, form.Text, 0, form.Text.Length) == 0 && Stands(text, at, end)) return Widened(text, new(at, end, form));
        }
        return null;
    }

    // "AU $" is one form written with a space.
    private static CurrencyToken Widened(string text, CurrencyToken token)
    {
        if (token.Form.Text != "$" || token.Start < 3 || text[token.Start - 1] != ' ') return token;
        if (token.Start >= 4 && Currencies.IsCode(text[(token.Start - 4)..(token.Start - 1)])) return EndingAt(text, token.Start - 1) ?? token;
        string country = text[(token.Start - 3)..(token.Start - 1)];
        bool stands = token.Start == 3 || !char.IsLetter(text[token.Start - 4]);
        Currencies.Form? joined = stands ? Currencies.Forms.Where(f => f.Text == country + "$").Cast<Currencies.Form?>().FirstOrDefault() : null;
        return joined is { } form ? new(token.Start - 3, token.End, form) : token;
    }

    // A form of letters is no part of a longer word.
    private static bool Stands(string text, int start, int end)
    {
        bool before = start == 0 || !IsLetter(text[start]) || !IsLetter(text[start - 1]);
        bool after = end >= text.Length || !IsLetter(text[end - 1]) || !IsLetter(text[end]);
        return before && after;
    }

    private static bool IsLetter(char c) => char.IsLetter(c) && c is not ('円' or '元' or '원');
}

using System.Text;
using Touchstone.Crawling.Extraction.Shop;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Finding;

/// <summary>Words to ask for.</summary>
/// <param name="Language">ISO 639-1; null: a name that is the same in every language.</param>
public sealed record SearchTerm(string? Language, string Text)
{
    private const int LongestText = 300;

    /// <summary>As people write it: <c>da: ansigtsmaske</c>.</summary>
    public override string ToString() => Language is null ? Text : $"{Language}: {Text}";

    /// <summary>Reads what <see cref="ToString"/> writes; null for a line without words.</summary>
    public static SearchTerm? Read(string line)
    {
        string text = line.Trim();
        string? language = null;
        if (text.Length > 3 && text[2] == ':' && char.IsAsciiLetterLower(text[0]) && char.IsAsciiLetterLower(text[1]) && MarketCountry.OfLanguage(text[..2]).Count > 0) (language, text) = (text[..2], text[3..].Trim());
        if (text.Length > LongestText) text = text[..LongestText];
        return text.Length == 0 ? null : new SearchTerm(language, text);
    }
}

/// <summary>Makes the words by which shops are looked for from a reference: its brand and model, what the product is called in the markets' languages, and the trader that it names. Pure.</summary>
public static class TermMaker
{
    public const int MostTerms = 40;

    // More words for one thing bring the same shops.
    private const int WordsOfSubject = 2;

    // A shorter model is part of many words.
    private const int LeastModel = 4;

    /// <summary>The words, those that tell most first.</summary>
    /// <param name="markets">ISO 3166-1 alpha-2.</param>
    public static IReadOnlyList<SearchTerm> Of(ReferenceRow reference, IReadOnlyList<string> markets, TermTable table)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(table);
        string? brand = FirstOf(reference.Brand), model = FirstOf(reference.Model);
        string product = ProductOf(reference.Title, brand);
        string[] languages = LanguagesOf(markets);
        string[] subjects = SubjectsOf(product, reference.Category, table);
        List<SearchTerm> terms = [];
        if (brand is not null && model is not null) terms.Add(new(null, $"{brand} {model}"));
        else if (model is { Length: >= LeastModel } && model.Any(char.IsAsciiDigit)) terms.Add(new(null, model));
        string[] traders = [.. markets.SelectMany(m => TraderHosts.Of(reference.OnlineTrader, m)).Distinct(StringComparer.Ordinal)];
        foreach (string language in languages)
        {
            string[] words = [.. subjects.SelectMany(s => table.Words(language, s).Take(WordsOfSubject)).Distinct(StringComparer.OrdinalIgnoreCase).Take(WordsOfSubject)];
            // A language without a word for it is asked in the register's.
            if (words.Length == 0) words = [product];
            if (brand is not null) terms.Add(new(language, $"{brand} {words[0]}"));
            else if (model is not null) terms.Add(new(language, $"{words[0]} {model}"));
            string? buy = table.Words(language, TermTable.Buy) is [var first, ..] ? first : null;
            terms.AddRange(words.Select(w => new SearchTerm(language, buy is null ? w : $"{w} {buy}")));
            terms.AddRange(traders.Take(2).Select(host => new SearchTerm(language, $"site:{host} {(brand is null ? words[0] : $"{brand} {words[0]}")}")));
        }
        if (languages.Contains(TermTable.English) || brand is not null) terms.Add(new(TermTable.English, brand is null ? product : $"{brand} {product}"));
        return [.. terms.DistinctBy(t => (t.Language, t.Text.ToLowerInvariant())).Take(MostTerms)];
    }

    /// <summary>What a reference's product is called in the languages of some markets, one word a language before the second of any; none where there is no market.</summary>
    public static IReadOnlyList<string> ProductWords(ReferenceRow reference, IReadOnlyList<string> markets, TermTable table)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(table);
        if (markets.Count == 0) return [];
        string[] subjects = SubjectsOf(ProductOf(reference.Title, FirstOf(reference.Brand)), reference.Category, table);
        string[][] words = [.. LanguagesOf(markets).Select(l => subjects.SelectMany(s => table.Words(l, s)).Take(WordsOfSubject).ToArray())];
        return [.. Enumerable.Range(0, WordsOfSubject).SelectMany(i => words.Where(w => w.Length > i).Select(w => w[i])).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The languages in which is ordered in some markets; English where none is known.</summary>
    public static string[] LanguagesOf(IReadOnlyList<string> markets)
    {
        string[] languages = [.. markets.Select(MarketCountry.Find).OfType<MarketCountry>().SelectMany(c => c.Languages).Where(l => l is not ("nn" or "no")).Distinct(StringComparer.Ordinal)];
        return languages.Length == 0 ? [TermTable.English] : languages;
    }

    /// <summary>The subjects that a product's name holds, the longest first; where it holds none, the category.</summary>
    internal static string[] SubjectsOf(string product, string? category, TermTable table)
    {
        string folded = Folded(product);
        string[] named = [.. table.Subjects.Where(s => s != TermTable.Buy && !ProductCategories.Names.Contains(s)).Where(s => Holds(folded, Folded(s))).OrderByDescending(s => s.Length).Take(1)];
        if (named.Length > 0) return named;
        return table.Subjects.FirstOrDefault(s => s.Equals(ProductCategories.Find(category) ?? category, StringComparison.OrdinalIgnoreCase)) is { } subject ? [subject] : [];
    }

    /// <summary>A brand or a model that is none in any language ("unknown", "no brand") is empty.</summary>
    private static string? FirstOf(string? several) =>
        (several ?? "").Split("; ", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(x => ReferenceText.CleanBrand(x, TextForm.Plain)).FirstOrDefault(x => x is { Length: > 1 and <= 60 });

    /// <summary>What kind of thing it is: the title before the name that it is sold under, without the brand.</summary>
    private static string ProductOf(string title, string? brand)
    {
        int colon = title.IndexOf(": ", StringComparison.Ordinal);
        string product = colon > 2 ? title[..colon] : title;
        if (brand is not null && product.Length > brand.Length + 2) product = product.Replace(brand, "", StringComparison.OrdinalIgnoreCase).Trim(' ', ',', '-', '–');
        if (product.Length == 0) product = title;
        return product.Length > 80 ? product[..80] : product;
    }

    private static string Folded(string text)
    {
        StringBuilder folded = new(" ");
        foreach (char c in text)
            if (char.IsLetterOrDigit(c)) folded.Append(char.ToLowerInvariant(c));
            else if (folded[^1] != ' ' && c != '\'') folded.Append(' ');
        return folded.ToString().TrimEnd() + " ";
    }

    /// <summary>Whether a text holds a word or its plural.</summary>
    private static bool Holds(string text, string subject)
    {
        string stem = subject.TrimEnd();
        return text.Contains($"{stem} ", StringComparison.Ordinal) || text.Contains($"{stem}s ", StringComparison.Ordinal) || text.Contains($"{stem}es ", StringComparison.Ordinal) || (stem.EndsWith('y') && text.Contains($"{stem[..^1]}ies ", StringComparison.Ordinal))
            || (stem.EndsWith('s') && text.Contains($"{stem[..^1]} ", StringComparison.Ordinal));
    }
}

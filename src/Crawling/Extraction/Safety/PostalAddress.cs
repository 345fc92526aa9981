using System.Text.RegularExpressions;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Safety;

/// <summary>Tells from a text whether it holds a postal address, and in which country that is. Pure; thread-safe.</summary>
internal static partial class PostalAddress
{
    /// <summary>A code with its town: as most of Europe writes it, with the country before it or not, Dutch, Polish, Czech and Swedish, Portuguese, British and Irish, American, Chinese.</summary>
    [GeneratedRegex(@"(?<![\d+])(?:[A-Z]{1,3}[\s-])?\d{4,5}(?:\s*,)?\s+\p{Lu}[\p{L}'.\-]|\b\d{4}\s?[A-Z]{2}\s+\p{Lu}\p{L}+|\b\d{2}-\d{3}\s+\p{Lu}\p{L}+|(?<![\d+])\d{3}\s\d{2}\s+\p{Lu}\p{L}+|\b\d{4}-\d{3}\s+\p{Lu}\p{L}+|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b[A-Z]\d{2}\s?[A-Z\d]{4}\b|\b\p{Lu}\p{L}+,?\s+[A-Z]{2}\.?\s+\d{5}(?:-\d{4})?\b|\b\d{6}\b(?<=\p{Lu}[\p{L}\s,.]+\d{6})|\p{L}{3},?\s+\d{5}(?![\d.,]*\d)", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex CodeAndTown();

    // A house number behind a street or before one. A street is letters as long as its line: from each of them it would be looked for again.
    [GeneratedRegex(@"\p{L}{3}[\p{L}.\s\-]*\s\d{1,5}\s?[a-zA-Z]?\b|\b(?:no\.?\s*)?\d{1,5}[,\s]+\p{L}{3}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex HouseNumber();

    [GeneratedRegex(@"\b(?:Austria|Österreich|Autriche|Oostenrijk|Austrii|Belgium|België|Belgique|Belgien|Belgia|Bulgaria|Bulgarien|България|Croatia|Kroatien|Hrvatska|Cyprus|Zypern|Κύπρος|Czech(?:ia| Republic)|Tschechien|Česk[áo]\w*|Denmark|Danmark|Dänemark|Danemark|Dania|Denemarken|Estonia|Estland|Eesti|Finland|Finnland|Suomi|France|Frankreich|Frankrig|Francia|Frankrijk|Francja|Frankrike|Germany|Deutschland|Tyskland|Allemagne|Alemania|Germania|Duitsland|Niemcy|Greece|Griechenland|Ελλάδα|Hungary|Ungarn|Magyarország|Ireland|Irland|Italy|Italien|Italia|Italie|Italië|Włochy|Latvia|Lettland|Latvija|Lithuania|Litauen|Lietuva|Luxemb(?:o)?urg|Malta|Netherlands|Nederland|Niederlande|Pays-Bas|Holandia|Nederländerna|Poland|Polen|Polska|Pologne|Polonia|Portugal|Romania|Rumänien|România|Slovakia|Slowakei|Slovensko|Slovenia|Slowenien|Slovenija|Spain|Spanien|España|Espagne|Spagna|Spanje|Hiszpania|Sweden|Schweden|Sverige|Suède|Zweden|Szwecja|European Union|Norway|Norge|Norwegen|Iceland|Island|Liechtenstein)\b|(?<![\p{L}\d])(?:DE|D|AT|A|FR|F|DK|SE|FI|NL|BE|IT|ES|PL|CZ|SK|HU|RO|LT|LV|EE|IE|LU|PT)-\d{4,5}\b", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Union();

    [GeneratedRegex(@"\b(?:China|P\.?\s?R\.? ?(?:of )?China|PRC|CHINA|Chine|Cina|Chiny|Kina|Hong ?Kong|Taiwan|Japan|Japon|Giappone|South Korea|Korea|Südkorea|India|Indien|Inde|Pakistan|Bangladesh|Vietnam|Viet Nam|Thailand|Malaysia|Singapore|Indonesia|Philippines|Turkey|Türkei|Türkiye|Turquie|Tyrkiet|Turcja|United States|USA|U\.S\.A\.?|Vereinigte Staaten|États-Unis|United Kingdom|Great Britain|England|Scotland|Großbritannien|Vereinigtes Königreich|Royaume-Uni|Storbritannien|UK|Switzerland|Schweiz|Suisse|Svizzera|Zwitserland|Szwajcaria|Canada|Kanada|Mexico|Brazil|Australia|Australien|New Zealand|Israel|Ukraine|Russia|Russland|Serbia|Serbien|Guangdong|Shenzhen|Guangzhou|Zhejiang|Yiwu|Ningbo|Shanghai|Beijing|Dongguan|Hangzhou|Fujian|Jiangsu|Xiamen)\b|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b|,?\s[A-Z]{2}\s+\d{5}(?:-\d{4})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Elsewhere();

    /// <summary>Whether a text holds an address: a postal code with its town, or a country, and a house number.</summary>
    public static bool IsIn(string text) => CodeAndTown().IsMatch(text) ? HouseNumber().IsMatch(text) || text.Contains("box", StringComparison.OrdinalIgnoreCase) || text.Contains("postfach", StringComparison.OrdinalIgnoreCase) : HouseNumber().IsMatch(text) && IsInUnion(text) is not null && text.Contains(',', StringComparison.Ordinal);

    /// <summary>Whether a text names a country of the European Economic Area (true) or another (false), by the last country that it names; null where it names none.</summary>
    public static bool? IsInUnion(string text)
    {
        int union = Union().Matches(text).Select(static m => m.Index).DefaultIfEmpty(-1).Max(), elsewhere = Elsewhere().Matches(text).Select(static m => m.Index).DefaultIfEmpty(-1).Max();
        return union < 0 && elsewhere < 0 ? null : union > elsewhere;
    }
}

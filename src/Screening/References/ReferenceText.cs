using System.Buffers;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Touchstone.Screening.References;

/// <summary>What a register's field holds.</summary>
public enum TextForm
{
    /// <summary>HTML, whole or in pieces: tags go, entities become their characters.</summary>
    Markup,

    /// <summary>Text as it is: <c>Ac&lt;me&gt; &amp; Co</c> is called so.</summary>
    Plain,
}

/// <summary>
/// Turns what registers write into a fact or nothing: markup (whole or cut off) becomes its text where the field holds markup, the many words for "unknown" and
/// "no brand" become null. Pure; safe for concurrent use.
/// </summary>
public static partial class ReferenceText
{
    private static readonly HashSet<string> Unknown = new(StringComparer.OrdinalIgnoreCase)
    {
        "unknown", "unkown", "not known", "n/a", "na", "n.a.", "n.a", "none", "null", "not available", "not applicable", "not specified", "not indicated", "not stated",
        "not provided", "-", "--", "---", "–", "—", "/", "//", "?", ".", "nil", "unbekannt", "inconnu", "inconnue", "desconocido", "sconosciuto", "onbekend", "neznámy", "neznámý",
        "ismeretlen", "nieznany", "nieznana", "tuntematon", "okänd", "ukendt", "ukjent", "άγνωστο", "неизвестно", "неизвестен",
    };

    // "No brand" in the languages of the authorities; diacritics are compared as written and without.
    private static readonly HashSet<string> NoBrand = new(
        new[]
        {
            "no brand", "no brand name", "no-brand", "nobrand", "no name", "noname", "no-name", "without brand", "without a brand", "without brand name", "unbranded", "not branded",
            "no trademark", "no trade mark", "without trademark", "generic", "brandless", "no marking", "no label", "unlabelled", "no logo",
            "nincs", "nincs márka", "nincs márkanév", "márka nélkül", "márkanév nélkül", "márkajelzés nélkül", "brak", "brak marki", "bez marki", "brak danych", "nie podano",
            "ohne marke", "ohne markenname", "keine marke", "keine", "ohne", "keine angabe", "markenlos", "unbekannte marke",
            "sans marque", "pas de marque", "aucune marque", "aucune", "sans nom", "non indiqué", "non précisé", "senza marca", "senza marchio", "nessuna marca", "nessun marchio", "nessuna", "nessuno",
            "sin marca", "ninguna", "sin nombre", "sem marca", "nenhuma", "sem nome", "geen merk", "zonder merk", "merkloos", "geen", "geen merknaam",
            "intet mærke", "uden mærke", "ingen mærke", "intet varemærke", "ukendt mærke", "ingen", "inget märke", "inget varumärke", "utan märke", "saknas", "okänt märke", "ikke merke", "uten merke", "ingen merke",
            "ei merkkiä", "ei tuotemerkkiä", "merkitön", "ei brändiä", "ei ole", "ei tiedossa", "bez značky", "žádná", "žádná značka", "neuvedeno", "neuvedena", "žiadna", "žiadna značka", "neuvedené", "neuvedená",
            "bez znacky", "nav", "bez zīmola", "nav zīmola", "nav norādīts", "nėra", "be prekės ženklo", "nenurodyta", "puudub", "kaubamärk puudub", "brändita",
            "brez znamke", "ni znamke", "brez blagovne znamke", "bez marke", "bez robne marke", "nema", "nije navedeno", "fără marcă", "fara marca", "fără brand", "nespecificat",
            "без марка", "няма", "няма марка", "неизвестна", "χωρίς μάρκα", "χωρίς εμπορικό σήμα", "χωρίς επωνυμία", "без бренда", "enginn", "án vörumerkis", "ebda marka", "l-ebda marka", "gan bhranda", "markasız", "无品牌", "無",
        }.SelectMany(x => new[] { x, WithoutDiacritics(x) }),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Text without markup, control characters and outer blanks; lines stay lines; null where nothing or a word for "unknown" is left.</summary>
    public static string? Clean(string? text) => Clean(text, TextForm.Markup);

    /// <inheritdoc cref="Clean(string?)" />
    public static string? Clean(string? text, TextForm form)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        string plain = Plain(text, form);
        return plain.Length == 0 || Unknown.Contains(plain) ? null : plain;
    }

    /// <summary>As <see cref="Clean(string?)"/>, and on one line.</summary>
    public static string? CleanLine(string? text) => CleanLine(text, TextForm.Markup);

    /// <inheritdoc cref="CleanLine(string?)" />
    public static string? CleanLine(string? text, TextForm form)
    {
        string? plain = Clean(text, form);
        return plain is null || IsPlain(plain) ? plain : Blanks().Replace(plain, " ").Trim();
    }

    /// <summary>As <see cref="CleanLine(string?)"/>, and null where the words mean "no brand" in any language known here.</summary>
    public static string? CleanBrand(string? text) => CleanBrand(text, TextForm.Markup);

    /// <inheritdoc cref="CleanBrand(string?)" />
    public static string? CleanBrand(string? text, TextForm form)
    {
        string? line = CleanLine(text, form), plain = line?.Trim('"', '\'', '“', '”', '„', '«', '»', '(', ')', '[', ']', '*', ' ', '.', ',', ';', ':');
        if (string.IsNullOrEmpty(plain)) return null;
        return Unknown.Contains(plain) || NoBrand.Contains(plain) || (!Ascii.IsValid(plain) && NoBrand.Contains(WithoutDiacritics(plain))) ? null : line!.Trim(' ', ',', ';');
    }

    /// <summary>Several brands in one string: split at lines, semicolons, bars, commas and at a slash between words of three letters or more.</summary>
    public static IReadOnlyList<string> Brands(string? text, TextForm form = TextForm.Markup) =>
        Clean(text, form) is not { } plain ? [] : Distinct((plain.AsSpan().ContainsAny(Separators) ? BrandSeparator().Split(plain) : [plain]).Select(x => CleanBrand(x, form)));

    /// <summary>Several models in one string: split at lines, semicolons, bars, at a comma followed by a blank and at a slash between blanks.</summary>
    public static IReadOnlyList<string> Models(string? text, TextForm form = TextForm.Markup) =>
        Clean(text, form) is not { } plain ? [] : Distinct((plain.AsSpan().ContainsAny(Separators) ? ModelSeparator().Split(plain) : [plain]).Select(x => CleanBrand(x, form)));

    /// <summary>
    /// Undoes UTF-8 that was read as Latin-1 and stored again ("hraÄka" for "hračka"); other text comes back as it is.
    /// </summary>
    public static string RepairMojibake(string text)
    {
        if (!text.Any(c => c is >= '\u0080' and <= '\u00ff') || text.Any(c => c > '\u00ff')) return text;
        try
        {
            return StrictUtf8.GetString(Encoding.Latin1.GetBytes(text));
        }
        catch (DecoderFallbackException)
        {
            return text;
        }
    }

    /// <summary>
    /// The text without control characters and needless blanks. Of markup: tags (also one that is cut off at the end) go, line breaks become lines, entities their characters.
    /// </summary>
    public static string Plain(string text, TextForm form)
    {
        if (IsPlain(text)) return text;
        string plain = text;
        if (form == TextForm.Markup && plain.Contains('<', StringComparison.Ordinal))
        {
            plain = LineTag().Replace(plain, "\n");
            plain = Tag().Replace(plain, "");
            plain = CutOffTag().Replace(plain, "");
        }
        if (form == TextForm.Markup && plain.Contains('&', StringComparison.Ordinal)) plain = WebUtility.HtmlDecode(plain);
        StringBuilder kept = new(plain.Length);
        foreach (string line in plain.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r', '\u2028', '\u0085'))
        {
            string trimmed = Blanks().Replace(Printable(line), " ").Trim();
            if (trimmed.Length == 0) continue;
            if (kept.Length > 0) kept.Append('\n');
            kept.Append(trimmed);
        }
        return kept.ToString();
    }

    /// <summary>Only what every database stores: no NUL or other control characters, no half surrogates.</summary>
    public static string Storable(string text)
    {
        bool clean = true;
        for (int i = 0; i < text.Length && clean; i++) clean = text[i] is '\n' or '\r' or '\t' || !(char.IsControl(text[i]) || char.IsSurrogate(text[i]));
        if (clean) return text;
        StringBuilder kept = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) kept.Append(text[i]).Append(text[++i]);
            else if (char.IsSurrogate(text[i])) kept.Append('\ufffd');
            else if (text[i] is '\n' or '\r' or '\t' || !char.IsControl(text[i])) kept.Append(text[i]);
        }
        return kept.ToString();
    }

    /// <summary>Each text once, whatever its case, in the order given; nothing for null.</summary>
    public static IReadOnlyList<string> Distinct(IEnumerable<string?> texts) => [.. texts.OfType<string>().Where(x => x.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>One line of letters, digits and single blanks, as most brands and names are: nothing is to be done to it. Spares a start the patterns.</summary>
    private static bool IsPlain(string text) =>
        text.Length > 0 && text[0] != ' ' && text[^1] != ' ' && !text.AsSpan().ContainsAnyExcept(PlainCharacters) && !text.Contains("  ", StringComparison.Ordinal);

    private static readonly SearchValues<char> PlainCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .-+'!");

    /// <summary>At one of these a text of several brands or models is split; blanks alone split none.</summary>
    private static readonly SearchValues<char> Separators = SearchValues.Create("\n;|,/");

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static string Printable(string line) => Storable(line).Replace("\u200b", "", StringComparison.Ordinal).Replace("\ufeff", "", StringComparison.Ordinal);

    // A table, because the programs run with invariant globalisation, which does not decompose characters.
    private static string WithoutDiacritics(string text) => string.Create(text.Length, text, static (span, from) =>
    {
        for (int i = 0; i < span.Length; i++)
        {
            int at = Accented.IndexOf(char.ToLowerInvariant(from[i]), StringComparison.Ordinal);
            span[i] = at < 0 ? from[i] : Unaccented[at];
        }
    });

    private const string Accented = "áàâäãåăąāçćčďđéèêëěęėēíìîïīįıłľĺļñńňņóòôöõőøōŕřśšşșťţțúùûüůűūųýÿžźżģķ";

    private const string Unaccented = "aaaaaaaaacccddeeeeeeeeiiiiiiillllnnnnoooooooorrsssstttuuuuuuuuyyzzzgk";

    [GeneratedRegex(@"<\s*(br|/p|/div|/li|/tr|p|li)\b[^<>]*>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex LineTag();

    [GeneratedRegex(@"</?[a-zA-Z!][^<>]*>", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Tag();

    [GeneratedRegex(@"</?[a-zA-Z!][^<>]*$|<$|</$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CutOffTag();

    [GeneratedRegex(@"[\s\u00a0]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Blanks();

    // A comma before "Ltd." and the like belongs to the name.
    [GeneratedRegex(@"[\n;|]|,\s*(?!\s*(?:ltd|inc|co|llc|s\.?a|gmbh|corp|b\.?v|s\.?r\.?l|plc|limited)\b)|\s+/\s+|(?<=\p{L}{3})/(?=\p{L}{3})", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex BrandSeparator();

    [GeneratedRegex(@"[\n;|]|,\s+|\s+/\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ModelSeparator();
}

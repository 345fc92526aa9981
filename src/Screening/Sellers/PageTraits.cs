using System.Net;
using System.Text.RegularExpressions;
using Touchstone.Recognition.Text;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Sellers;

/// <summary>Something that a page states of who stands behind it, in the form in which it is compared.</summary>
public readonly record struct PageTrait(TraitKind Kind, string Value);

/// <summary>
/// Reads of a page who stands behind it: addresses of mail (links before what stands in the text), telephone numbers behind links, numbers for value added tax and of companies where a label names them, and the person responsible in the EU. At most
/// six of each kind, of the first million characters, in time that grows with the length alone. Pure; safe for concurrent use.
/// </summary>
public static partial class PageTraits
{
    private const int MostOfKind = 6, MostCharacters = 1_000_000, LongestValue = 120, ShortestPhone = 8;

    public static IReadOnlyList<PageTrait> Of(string html)
    {
        ArgumentNullException.ThrowIfNull(html);
        string page = html.Length > MostCharacters ? html[..MostCharacters] : html;
        string text = WebUtility.HtmlDecode(Tag().Replace(Hidden().Replace(page, "\n"), "\n"));
        return
        [
            .. Taken(TraitKind.Email, MailLink().Matches(page).Select(m => Uri.UnescapeDataString(m.Groups[1].Value)).Concat(Addresses(text)).Select(Mailbox)),
            .. Taken(TraitKind.Phone, PhoneLink().Matches(page).Select(m => Digits(Uri.UnescapeDataString(m.Groups[1].Value)))),
            .. Taken(TraitKind.Vat, VatLabel().Matches(text).Select(m => Vat(m.Groups[1].Value)).Concat(Cvr().Matches(text).Select(m => "DK" + Digits(m.Groups[1].Value))).Concat(Korean().Matches(text).Select(m => "KR" + Digits(m.Groups[1].Value)))),
            .. Taken(TraitKind.ResponsiblePerson, Responsible().Matches(text).Select(m => TextFolding.Fold(m.Groups[1].Value))),
        ];
    }

    // An address stands in one line, and most lines hold none: to look for where one may begin takes longer than all else here.
    private static IEnumerable<string> Addresses(string text)
    {
        for (int at = text.IndexOf('@', StringComparison.Ordinal); at >= 0;)
        {
            int start = text.LastIndexOf('\n', at) + 1, end = text.IndexOf('\n', at);
            if (end < 0) end = text.Length;
            foreach (Match match in Email().Matches(text[start..end])) yield return match.Value;
            at = text.IndexOf('@', end);
        }
    }

    private static IEnumerable<PageTrait> Taken(TraitKind kind, IEnumerable<string?> values) =>
        values.OfType<string>().Where(v => v.Length is > 3 and <= LongestValue).Distinct(StringComparer.Ordinal).Take(MostOfKind).Select(v => new PageTrait(kind, v));

    private static string? Mailbox(string text)
    {
        string address = text.Trim().TrimEnd('.').ToLowerInvariant();
        // A picture for dense screens is called so, too.
        return PictureName().IsMatch(address) || !Email().IsMatch(address) ? null : address;
    }

    private static string? Digits(string text)
    {
        string digits = string.Concat(text.Where(char.IsAsciiDigit));
        return digits.Length >= ShortestPhone ? digits.TrimStart('0') : null;
    }

    private static string? Vat(string text)
    {
        string number = string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        Match match = VatForm().Match(number);
        return match.Success ? match.Value : null;
    }

    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    [GeneratedRegex(@"<(script|style|noscript)\b[^>]*>[^<]*</", Linear)]
    private static partial Regex Hidden();

    [GeneratedRegex("<[^>]*>", Linear)]
    private static partial Regex Tag();

    [GeneratedRegex(@"[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9][a-z0-9.-]{0,80}\.[a-z]{2,12}", Linear)]
    private static partial Regex Email();

    [GeneratedRegex(@"@[0-9](?:\.[0-9]+)?x\.|\.(?:png|jpe?g|gif|webp|svg|avif|css|js)$|@(?:example|sentry|domain)\.", Linear)]
    private static partial Regex PictureName();

    [GeneratedRegex(@"href\s*=\s*[""']?mailto:([^""'?\s>]{3,200})", Linear)]
    private static partial Regex MailLink();

    [GeneratedRegex(@"href\s*=\s*[""']?tel:([^""'>]{6,40})", Linear)]
    private static partial Regex PhoneLink();

    [GeneratedRegex(@"(?:VAT|USt|UStId|USt-Id|UID|TVA|P\.? ?IVA|Partita IVA|BTW|Moms|SE-nr|NIF|CIF|NIP|IČ DPH|DIČ)[a-z .:#/\n()-]{0,30}?((?:AT ?U|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI) ?[0-9A-Z][0-9A-Z .-]{6,18})", Linear)]
    private static partial Regex VatLabel();

    /// <summary>The forms of the member states and of the United Kingdom.</summary>
    [GeneratedRegex("^(?:ATU[0-9]{8}|BE[01][0-9]{9}|BG[0-9]{9,10}|CY[0-9]{8}[A-Z]|CZ[0-9]{8,10}|DE[0-9]{9}|DK[0-9]{8}|EE[0-9]{9}|EL[0-9]{9}|ES[0-9A-Z][0-9]{7}[0-9A-Z]|FI[0-9]{8}|FR[0-9A-Z]{2}[0-9]{9}|(?:GB|XI)[0-9]{9}|HR[0-9]{11}|HU[0-9]{8}|IE[0-9][0-9A-Z][0-9]{5}[A-Z]{1,2}|IT[0-9]{11}|LT(?:[0-9]{12}|[0-9]{9})|LU[0-9]{8}|LV[0-9]{11}|MT[0-9]{8}|NL[0-9]{9}B[0-9]{2}|PL[0-9]{10}|PT[0-9]{9}|RO[0-9]{6,10}|SE[0-9]{12}|SI[0-9]{8}|SK[0-9]{10})", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex VatForm();

    [GeneratedRegex(@"CVR[a-z .:#\n-]{0,12}([0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2})", Linear)]
    private static partial Regex Cvr();

    [GeneratedRegex(@"사업자 ?(?:등록)? ?번호[ :\n]{0,6}([0-9]{3}-[0-9]{2}-[0-9]{5})", Linear)]
    private static partial Regex Korean();

    [GeneratedRegex(@"(?:EU responsible person|responsible person(?: in the EU)?|EU-Verantwortliche(?:r|) ?(?:Person)?|Verantwortliche Person(?: in der EU)?|ansvarlig person(?: i EU)?|EC ?REP)\s{0,3}[:\n]\s{0,6}([^\n,;|<]{4,100})", Linear)]
    private static partial Regex Responsible();
}

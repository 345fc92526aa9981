using System.Net;
using System.Text.RegularExpressions;
using Touchstone.Crawling.Extraction.Safety;
using Touchstone.Crawling.Extraction.Shop;
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
            .. Taken(TraitKind.Vat, TaxNumber.Find(text).Select(static n => n.Number)),
            .. Taken(TraitKind.ResponsiblePerson, [Person(text)]),
        ];
    }

    private static string? Person(string text)
    {
        try
        {
            return ResponsiblePerson.NameIn(text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) is { } person ? TextFolding.Fold(person) : null;
        }
        catch (RegexMatchTimeoutException)
        {
            // A text that was made to take long names nobody.
            return null;
        }
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
}

using System.Text;
using System.Text.RegularExpressions;

namespace Touchstone.Crawling.Text;

/// <summary>
/// The encoding of a page that is no UTF-8 and says of no other that it is written in it: the one that programs used for its language before. Source: HTML Standard, section 13.2.3.2,
/// "suggested default encoding", asked for the language that the page names instead of the reader's. Pure; thread-safe.
/// </summary>
internal static partial class OlderEncodings
{
    [GeneratedRegex("""<html\b[^>]{0,500}?\s(?:xml:)?lang\s*=\s*["']?([a-z]{2,3}(?:[-_][a-z]{2,4})?)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Language();

    /// <summary>Windows-1252 where the page names no language, or one that it serves.</summary>
    public static Encoding Of(ReadOnlySpan<byte> body)
    {
        string head = Encoding.Latin1.GetString(body[..Math.Min(body.Length, EncodingSniffer.Prescan)]);
        string[] labels = Language().Match(head) is { Success: true } named ? Labels(named.Groups[1].Value.ToLowerInvariant().Replace('_', '-')) : [];
        foreach (string label in labels)
            if (WebEncoding.Find(label) is { } encoding && (labels.Length == 1 || !encoding.GetString(body).Contains('\uFFFD', StringComparison.Ordinal))) return encoding;
        return WebEncoding.Windows1252;
    }

    // Of several the one that takes fewer texts of the other first.
    private static string[] Labels(string language) => language switch
    {
        "zh-tw" or "zh-hk" or "zh-mo" or "zh-hant" => ["big5", "gbk"],
        _ => language.Split('-')[0] switch
        {
            "ar" or "fa" or "ur" => ["windows-1256"],
            "ru" or "uk" or "be" or "bg" or "mk" or "sr" or "kk" or "ky" or "tg" or "mn" => ["windows-1251"],
            "cs" or "sk" or "pl" or "hu" or "sl" or "hr" or "bs" or "ro" or "sq" => ["windows-1250"],
            "el" => ["windows-1253"],
            "et" or "lt" or "lv" => ["windows-1257"],
            "he" => ["windows-1255"],
            "ja" => ["euc-jp", "shift_jis"],
            "ko" => ["euc-kr"],
            "th" => ["windows-874"],
            "tr" or "az" or "ku" => ["windows-1254"],
            "vi" => ["windows-1258"],
            "zh" => ["gbk", "big5"],
            _ => [],
        },
    };
}

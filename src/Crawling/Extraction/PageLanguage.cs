using AngleSharp.Dom;

namespace Touchstone.Crawling.Extraction;

/// <summary>The language that a page declares.</summary>
internal static class PageLanguage
{
    private const int MostControls = 200;

    /// <summary>A language tag such as <c>de</c> or <c>en-GB</c>; null where none is declared or it is malformed.</summary>
    public static string? Declared(IDocument document)
    {
        string? tag = document.DocumentElement?.GetAttribute("lang") ?? document.DocumentElement?.GetAttribute("xml:lang")
            ?? document.QuerySelector("meta[http-equiv='content-language' i]")?.GetAttribute("content")
            ?? document.QuerySelector("meta[property='og:locale']")?.GetAttribute("content");
        string? trimmed = tag?.Trim().Replace('_', '-');
        if (trimmed is null || trimmed.Length is < 2 or > 12) return null;
        return trimmed.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-') && char.IsAsciiLetter(trimmed[0]) && char.IsAsciiLetter(trimmed[1]) ? trimmed : null;
    }

    /// <summary>The language that the letters of the title and the controls tell of: Chinese where they are Han without the syllables of Japanese or Korean; null for any other.</summary>
    public static string? Written(IDocument document)
    {
        if (document.Title is not { } title || !title.Any(IsHan)) return null;
        return document.QuerySelectorAll("h1,h2,a,button,label").Take(MostControls).Any(static e => e.TextContent.Any(IsSyllable)) || title.Any(IsSyllable) ? null : "zh";
    }

    private static bool IsHan(char c) => c is >= '\u4E00' and <= '\u9FFF';

    private static bool IsSyllable(char c) => c is (>= '\u3041' and <= '\u30FF') or (>= '\uAC00' and <= '\uD7A3');
}

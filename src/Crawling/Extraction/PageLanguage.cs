using AngleSharp.Dom;

namespace Touchstone.Crawling.Extraction;

/// <summary>The language that a page declares.</summary>
internal static class PageLanguage
{
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
}

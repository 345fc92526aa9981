using System.Text.RegularExpressions;

namespace Touchstone.Screening.Storage.Rows;

/// <summary>The secret part of a reply link in what was sent. Pure.</summary>
public static partial class NoticeSecret
{
    /// <summary>The text without the secret part of its reply link, for whoever is not the recipient: with it they could answer in the recipient's name.</summary>
    public static string Without(string? text) => Secret().Replace(text ?? "", "/r/…");

    [GeneratedRegex("/r/[A-Za-z0-9_-]{64}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret();
}

using System.Text;

namespace Touchstone.Crawling.Fetching;

/// <summary>Reads what a data: address holds itself (RFC 2397; Fetch Standard, "data: URL processor"). Nothing is asked for. Pure; thread-safe.</summary>
public static class DataUrl
{
    private const string Scheme = "data:";

    public static bool IsOne(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
    }

    /// <param name="url">Begins with <c>data:</c>.</param>
    /// <param name="maxBytes">More are the failure <see cref="FetchFailure.TooManyBytes"/>.</param>
    public static FetchOutcome Read(string url, long maxBytes)
    {
        ArgumentNullException.ThrowIfNull(url);
        int comma = url.IndexOf(',', StringComparison.Ordinal);
        string name = url[..Math.Min(url.Length, 40)];
        FetchOutcome outcome = new() { Url = url, FinalUrl = url, Policy = "page" };
        if (comma < 0) return outcome with { Failure = FetchFailure.BadUrl, Detail = $"{name} has no comma before its content" };
        string type = url[Scheme.Length..comma].Trim();
        bool base64 = type.EndsWith(";base64", StringComparison.OrdinalIgnoreCase);
        byte[]? body = base64 ? Base64(url.AsSpan(comma + 1)) : Encoding.Latin1.GetBytes(Uri.UnescapeDataString(url[(comma + 1)..]));
        if (body is null) return outcome with { Failure = FetchFailure.BadUrl, Detail = $"{name} is no base64" };
        if (body.Length > maxBytes) return outcome with { Failure = FetchFailure.TooManyBytes, Detail = $"more than {maxBytes} bytes" };
        return outcome with { Body = body, ContentType = base64 ? type[..^";base64".Length] : type };
    }

    private static byte[]? Base64(ReadOnlySpan<char> text)
    {
        StringBuilder digits = new(text.Length);
        foreach (char c in text.Contains('%') ? Uri.UnescapeDataString(text.ToString()) : text.ToString())
            if (!char.IsWhiteSpace(c)) digits.Append(c switch { '-' => '+', '_' => '/', _ => c });
        while (digits.Length > 0 && digits[^1] == '=') digits.Length--;
        digits.Append('=', (4 - (digits.Length % 4)) % 4);
        byte[] bytes = new byte[digits.Length / 4 * 3];
        return Convert.TryFromBase64String(digits.ToString(), bytes, out int written) ? bytes[..written] : null;
    }
}

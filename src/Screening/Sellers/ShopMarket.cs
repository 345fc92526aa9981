namespace Touchstone.Screening.Sellers;

/// <summary>The market that a shop sells to, as far as its address tells: an ISO 3166 code. Pure.</summary>
public static class ShopMarket
{
    // Sold as words, not as countries.
    private static readonly HashSet<string> NoCountries = new(StringComparer.Ordinal) { "ai", "cc", "co", "fm", "io", "me", "sh", "to", "tv", "ws", "eu" };

    /// <summary>By the country of the domain; null where it names none.</summary>
    /// <param name="host">With or without a port.</param>
    public static string? MarketOf(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        string name = host.Split(':')[0].TrimEnd('.').ToLowerInvariant();
        string top = name[(name.LastIndexOf('.') + 1)..];
        if (top.Length != 2 || !top.All(char.IsAsciiLetter) || NoCountries.Contains(top) || top.Length == name.Length) return null;
        return top == "uk" ? "GB" : top.ToUpperInvariant();
    }
}

using Touchstone.Screening.Finding;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>What a person may say of a search, and change later: its name, its ground and its pace.</summary>
/// <param name="Name">Null or blank: made of the shops.</param>
/// <param name="ShopUrls">Start URLs, http or https, at least one; one host is one shop.</param>
/// <param name="Terms">Only listings whose text has these words; alternatives are separated by commas.</param>
/// <param name="PageBudget">Most pages per shop, 1 to 100,000.</param>
/// <param name="RepeatEveryHours">1 to 8,760; null: once.</param>
public sealed record SearchWish(string? Name, IReadOnlyList<string> ShopUrls, string? Terms, int PageBudget, int? RepeatEveryHours)
{
    private const int LongestName = 200, MostNamed = 5;

    /// <summary>The most shops that a search takes up by itself.</summary>
    public const int MostFound = 500;

    /// <summary>The markets for which each run looks for shops on the web, ISO 3166-1 alpha-2; empty: it does not.</summary>
    public IReadOnlyList<string> FindMarkets { get; init; } = [];

    /// <inheritdoc cref="SearchRow.RepeatAt" />
    public TimeOnly? RepeatAt { get; init; }

    /// <inheritdoc cref="SearchRow.RepeatOn" />
    public DayOfWeek? RepeatOn { get; init; }

    /// <summary>Most shops that it takes up by itself, in all its runs: 1 to <see cref="MostFound"/> where it looks for them.</summary>
    public int MostFoundShops { get; init; }

    /// <summary>The start URLs, each once.</summary>
    internal string[] Urls => [.. ShopUrls.Select(u => u.Trim()).Where(u => u.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>What a saved search says now.</summary>
    public static SearchWish Of(SearchRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new(row.Name, row.ShopUrls.Split('\n', StringSplitOptions.RemoveEmptyEntries), row.Terms, row.PageBudget, row.RepeatEveryHours) { RepeatAt = row.RepeatAt, RepeatOn = row.RepeatOn, FindMarkets = row.FindMarkets?.Split('\n') ?? [], MostFoundShops = row.MostFoundShops };
    }

    /// <summary>What is wrong and how to mend it; null: nothing.</summary>
    internal string? Problem()
    {
        string[] urls = Urls;
        if (urls.Length == 0 && FindMarkets.Count == 0) return "Name at least one shop: a URL such as https://shop.example/.";
        if (FindMarkets.Count > 0 && FindShops.MarketsProblem(FindMarkets) is { } wrong) return wrong;
        if (FindMarkets.Count > 0 && MostFoundShops is < 1 or > MostFound) return $"At most {MostFoundShops} shops to find is not within 1 and {MostFound}.";
        foreach (string url in urls)
            if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https")) return $"\"{url}\" is no http or https URL.";
        if (Name?.Trim().Length > LongestName) return $"The name has {Name.Trim().Length} characters; it has {LongestName} at most.";
        if (PageBudget is < 1 or > 100_000) return $"The page budget {PageBudget} is not within 1 and 100,000.";
        return SearchPace.Problem(RepeatEveryHours, RepeatAt, RepeatOn);
    }

    /// <summary>The first shops' hosts and how many more there are, as far as a name holds them.</summary>
    private string MadeName()
    {
        string[] all = [.. Urls.Select(u => new Uri(u).Authority).Distinct()];
        string hosts = string.Join(", ", all.Take(MostNamed));
        if (all.Length > MostNamed) hosts += $" + {all.Length - MostNamed}";
        if (hosts.Length == 0) hosts = $"Found shops: {string.Join(", ", FindMarkets)}";
        if (hosts.Length <= LongestName) return hosts;
        int end = hosts.LastIndexOf(", ", LongestName - 3, StringComparison.Ordinal);
        return end > 0 ? $"{hosts[..end]}, …" : $"{hosts[..(LongestName - 1)]}…";
    }

    /// <summary>Writes it into the row.</summary>
    internal void Fill(SearchRow row)
    {
        row.Name = string.IsNullOrWhiteSpace(Name) ? MadeName() : Name.Trim();
        row.ShopUrls = string.Join('\n', Urls);
        row.Terms = string.IsNullOrWhiteSpace(Terms) ? null : Terms.Trim();
        row.PageBudget = PageBudget;
        (row.RepeatEveryHours, row.RepeatAt, row.RepeatOn) = (RepeatEveryHours, RepeatAt, RepeatOn);
        row.FindMarkets = FindMarkets.Count == 0 ? null : string.Join('\n', FindMarkets.Distinct(StringComparer.Ordinal));
        row.MostFoundShops = FindMarkets.Count == 0 ? 0 : MostFoundShops;
    }
}

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
    private const int LongestName = 200;

    /// <summary>The start URLs, each once.</summary>
    internal string[] Urls { get; } = [.. ShopUrls.Select(u => u.Trim()).Where(u => u.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>What is wrong and how to mend it; null: nothing.</summary>
    internal string? Problem()
    {
        if (Urls.Length == 0) return "Name at least one shop: a URL such as https://shop.example/.";
        foreach (string url in Urls)
            if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https")) return $"\"{url}\" is no http or https URL.";
        if (Name?.Trim().Length > LongestName) return $"The name has {Name.Trim().Length} characters; it has {LongestName} at most.";
        if (PageBudget is < 1 or > 100_000) return $"The page budget {PageBudget} is not within 1 and 100,000.";
        return RepeatEveryHours is < 1 or > 8_760 ? $"The interval of {RepeatEveryHours} hours is not within 1 and 8,760." : null;
    }

    /// <summary>The shops' hosts, as many as a name may hold.</summary>
    private string MadeName()
    {
        string hosts = string.Join(", ", Urls.Select(u => new Uri(u).Authority).Distinct());
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
        row.RepeatEveryHours = RepeatEveryHours;
    }
}

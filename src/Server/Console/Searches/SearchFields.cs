namespace Touchstone.Server.Console.Searches;

/// <summary>What the forms of a search send.</summary>
public sealed class SearchFields
{
    public string? ShopUrls { get; set; }

    public string? Reference { get; set; }

    public string? Terms { get; set; }

    public string? Name { get; set; }

    public int PageBudget { get; set; } = 2_000;

    public int? RepeatEveryHours { get; set; }

    /// <summary>The version of the search that was seen.</summary>
    public long? Seen { get; set; }

    /// <summary>The shops, one an address.</summary>
    public IReadOnlyList<string> Shops => Layout.Words.Lines(ShopUrls?.ReplaceLineEndings("\n"));
}

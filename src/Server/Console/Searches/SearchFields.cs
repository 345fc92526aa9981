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

    /// <summary>The time of day, <c>HH:MM</c>; empty: none.</summary>
    public string? RepeatAt { get; set; }

    public DayOfWeek? RepeatOn { get; set; }

    /// <summary>The time of day; null: none is given, or it is none.</summary>
    public TimeOnly? Time => string.IsNullOrWhiteSpace(RepeatAt) ? null : Touchstone.Screening.Searches.SearchPace.ParseTime(RepeatAt.Trim());

    /// <summary>The markets for which shops are looked for, codes separated by blanks or commas.</summary>
    public string? FindMarkets { get; set; }

    public int MostFoundShops { get; set; } = 20;

    /// <summary>The markets, one a code.</summary>
    public IReadOnlyList<string> Markets => [.. (FindMarkets ?? "").Split((char[])[' ', ',', ';', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(x => x.ToUpperInvariant()).Distinct(StringComparer.Ordinal)];

    /// <summary>The version of the search that was seen.</summary>
    public long? Seen { get; set; }

    /// <summary>The shops, one an address.</summary>
    public IReadOnlyList<string> Shops => Layout.Words.Lines(ShopUrls?.ReplaceLineEndings("\n"));
}

namespace Touchstone.Screening.Storage.Rows;

public enum DigestPace { Week, Day }

/// <summary>A person's wish to be told by one message a week, or a day, what came.</summary>
public sealed class DigestRow
{
    /// <summary>The account's name.</summary>
    public required string Account { get; set; }

    public required string Address { get; set; }

    public DigestPace Pace { get; set; }

    /// <summary>ISO 3166 code; null: all markets.</summary>
    public string? Market { get; set; }

    /// <summary>The last week or day that was told, or that had nothing to tell, such as <c>2026-W48</c>.</summary>
    public string? Told { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

using System.Globalization;

namespace Touchstone.Screening.Storage.Rows;

/// <summary>An authority's order that lets a host be asked where its robots rules would not. Ended, never deleted.</summary>
public sealed class MandateRow
{
    public long Id { get; set; }

    /// <summary>Lower case, with the port if it is not the default; one without <c>www.</c> covers both.</summary>
    public required string Host { get; set; }

    /// <summary>The provision, in words.</summary>
    public required string LegalBasis { get; set; }

    /// <summary>Who recorded it.</summary>
    public required string Approver { get; set; }

    public DateTimeOffset RecordedAt { get; set; }

    /// <summary>From this instant on it no longer holds.</summary>
    public DateTimeOffset Expires { get; set; }

    /// <summary>When somebody ended it earlier; null: nobody did.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public string? EndedBy { get; set; }

    public string? EndReason { get; set; }

    /// <summary>By which fetches name it.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"M{Id}");
}

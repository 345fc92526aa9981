namespace Touchstone.Screening.Storage.Rows;

/// <summary>The last whole answer of a URL, by which it is asked again only for what changed. The tag and the date by which it is asked are in the head.</summary>
public sealed class RememberedUrlRow
{
    public long Id { get; set; }

    /// <summary>Canonical; unique.</summary>
    public required string Url { get; set; }

    /// <summary>As it was asked for.</summary>
    public required string AskedUrl { get; set; }

    public required byte[] RequestHead { get; set; }

    public required byte[] ResponseHead { get; set; }

    /// <summary>SHA-256 of the body before it was unpacked; its bytes are in the blob store.</summary>
    /// <summary>Whether the server can be asked later if it still holds (ETag, Last-Modified).</summary>
    public bool HasValidator { get; set; }

    public required string BodySha256 { get; set; }

    /// <summary>The address that answered.</summary>
    public string? Address { get; set; }

    /// <summary>What allowed the request; null where it was not noted.</summary>
    public string? Policy { get; set; }

    public DateTimeOffset AskedAt { get; set; }

    public DateTimeOffset EndedAt { get; set; }

    /// <summary>When the server last gave this answer, or said that it still holds.</summary>
    public DateTimeOffset CheckedAt { get; set; }
}

/// <summary>Which node asks a host.</summary>
public sealed class HostLeaseRow : ILeasedRow
{
    /// <summary>Lower case, with the port if it is not the scheme's default.</summary>
    public required string Host { get; set; }

    public string? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>The instant from which the host may be asked, as the owner last knew it.</summary>
    public DateTimeOffset ReadyAt { get; set; }

    public long Fence { get; set; }
}

namespace Touchstone.Screening.Storage.Rows;

/// <summary>That a name within a shop, or a contact, was erased on request: it is not stored again. What it was cannot be read from it.</summary>
public sealed class ErasedNameRow
{
    /// <summary>A keyed hash (<see cref="Sellers.ErasedNames"/>), which also stands where the name stood.</summary>
    public required string Token { get; set; }

    public required string ErasedBy { get; set; }

    /// <summary>Who asked, and by which right.</summary>
    public required string Reason { get; set; }

    public DateTimeOffset ErasedAt { get; set; }
}

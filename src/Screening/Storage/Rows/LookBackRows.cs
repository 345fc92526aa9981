namespace Touchstone.Screening.Storage.Rows;

/// <summary>A picture that a listing showed, once however many show it. Numbers grow in commit order, so that a node that knows one has seen all before it.</summary>
public sealed class SeenPictureRow
{
    public long Number { get; set; }

    /// <summary>Unique.</summary>
    public required string ImageSha256 { get; set; }
}

public enum LookBackState { Queued, Running, Done, Failed }

/// <summary>Why what was seen before is asked about a reference.</summary>
public enum LookBackReason
{
    /// <summary>It came in, or into force again.</summary>
    CameIn,

    /// <summary>Its pictures are other ones.</summary>
    Pictures,

    /// <summary>Its numbers, its brand or its kind are other ones.</summary>
    Facts,
}

/// <summary>The last time that what was seen before was asked about a reference, or is to be: one row a reference.</summary>
public sealed class LookBackRow : ILeasedRow
{
    public long ReferenceId { get; set; }

    public ReferenceRow? Reference { get; set; }

    /// <summary>The change of the reference that is asked about (<see cref="ReferenceChangeRow.Number"/>).</summary>
    public long ChangeNumber { get; set; }

    public LookBackReason Reason { get; set; }

    /// <summary>Names the described pictures that are asked with; another one is asked anew.</summary>
    public required string PicturesHash { get; set; }

    /// <summary>The same of kind, brand, model and numbers.</summary>
    public required string FactsHash { get; set; }

    public LookBackState State { get; set; }

    public DateTimeOffset QueuedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>How often it was begun since it was queued.</summary>
    public int Attempts { get; set; }

    /// <summary>Names one taking, of this reference and of those that were taken with it.</summary>
    public string? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public long Fence { get; set; }

    /// <summary>Pictures of listings that were asked.</summary>
    public int Pictures { get; set; }

    /// <summary>Of these the ones that were near enough to be compared.</summary>
    public int Candidates { get; set; }

    /// <summary>Listings that were screened because they may show the reference.</summary>
    public int Listings { get; set; }

    /// <summary>Of these the ones that are hits of the reference, with those that were hits before.</summary>
    public int Hits { get; set; }

    /// <summary>Why it ended without an answer, for people; null: it did not.</summary>
    public string? Failure { get; set; }
}

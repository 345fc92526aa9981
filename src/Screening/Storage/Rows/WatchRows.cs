namespace Touchstone.Screening.Storage.Rows;

/// <summary>An offer that was removed: what it showed and stated, against which what is seen later is compared.</summary>
public sealed class WatchRow
{
    public long Id { get; set; }

    /// <summary>The confirmed hit whose offer was removed. At most one standing watch a hit.</summary>
    public long HitId { get; set; }

    public HitRow? Hit { get; set; }

    /// <summary>As the hit's.</summary>
    public long ListingId { get; set; }

    public ListingRow? Listing { get; set; }

    /// <summary>As the hit's.</summary>
    public long ReferenceId { get; set; }

    /// <summary>What was seen of the offer when it was decided.</summary>
    public long ObservationId { get; set; }

    /// <summary>As the observation's, to be compared.</summary>
    public string? Title { get; set; }

    /// <inheritdoc cref="Title"/>
    public string? Seller { get; set; }

    /// <summary>Since when it is gone, as far as is known.</summary>
    public DateTimeOffset RemovedAt { get; set; }

    /// <summary>How it is known to be gone, for people.</summary>
    public required string Because { get; set; }

    public required string StartedBy { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>When what was seen between the removal and the start was asked about it; null: it waits to be. Where nothing lay between, the start.</summary>
    public DateTimeOffset? SeenAskedAt { get; set; }

    /// <summary>Null: it stands.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public string? EndedBy { get; set; }

    public string? EndedBecause { get; set; }

    public ICollection<WatchPictureRow> Pictures { get; } = [];

    public ICollection<WatchKeyRow> Keys { get; } = [];

    public ICollection<ReturnRow> Returns { get; } = [];
}

/// <summary>A picture of a removed offer.</summary>
public sealed class WatchPictureRow
{
    public long Id { get; set; }

    public long WatchId { get; set; }

    public WatchRow? Watch { get; set; }

    public required string ImageSha256 { get; set; }

    /// <summary>Given when the watch starts, and another one when it ends, in commit order: a node that knows one has seen all before it.</summary>
    public long Number { get; set; }
}

/// <summary>What a removed offer is found by without its pictures: its numbers, and its title with its seller (<see cref="Watches.WatchKeys"/>).</summary>
public sealed class WatchKeyRow
{
    public long Id { get; set; }

    public long WatchId { get; set; }

    public WatchRow? Watch { get; set; }

    public required string Value { get; set; }
}

/// <summary>What was seen and is to be compared with the watches. Goes when that is done.</summary>
public sealed class WatchCheckRow : ILeasedRow
{
    /// <summary>Begun so often, it is given up; so is what the gate was asked.</summary>
    public const int MostAttempts = 3;

    public long ObservationId { get; set; }

    public ObservationRow? Observation { get; set; }

    public DateTimeOffset QueuedAt { get; set; }

    /// <summary>How often it was begun.</summary>
    public int Attempts { get; set; }

    public string? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public long Fence { get; set; }
}

/// <summary>A listing about which a marketplace asked the gate while offers were watched for, and which is to be compared with them. Goes when that is done.</summary>
public sealed class GateSightingRow : ILeasedRow
{
    public long Id { get; set; }

    /// <summary>The marketplace's account.</summary>
    public required string Actor { get; set; }

    /// <summary>The marketplace's own id of the listing; null: it gave none.</summary>
    public string? Number { get; set; }

    /// <summary>Where it is to be visible; null: that was not said.</summary>
    public string? Url { get; set; }

    public string? Title { get; set; }

    public string? Description { get; set; }

    public string? Brand { get; set; }

    public string? Mpn { get; set; }

    public string? Gtin { get; set; }

    /// <summary>SHA-256 of the pictures that are stored, in their order, with commas between.</summary>
    public required string Pictures { get; set; }

    public DateTimeOffset SeenAt { get; set; }

    /// <summary>How often it was begun.</summary>
    public int Attempts { get; set; }

    public string? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public long Fence { get; set; }
}

/// <summary>What told a return, the surest first.</summary>
public enum ReturnSign
{
    /// <summary>The removed offer itself is there again, at its address.</summary>
    SameOffer,

    /// <summary>It shows a picture of the removed offer, as it was or edited.</summary>
    SameImage,

    /// <summary>It shows the product of the removed offer in another picture.</summary>
    SameProduct,

    /// <summary>It states a number of the removed offer.</summary>
    SameIdentifier,

    /// <summary>The same seller offers something of nearly the same title.</summary>
    SameSeller,
}

/// <summary>A removed offer that is there again, at its address or another: at most one a watch and listing.</summary>
public sealed class ReturnRow
{
    public long Id { get; set; }

    public long WatchId { get; set; }

    public WatchRow? Watch { get; set; }

    public long ListingId { get; set; }

    public ListingRow? Listing { get; set; }

    /// <summary>What was seen.</summary>
    public long ObservationId { get; set; }

    /// <summary>The hit that it gives, or that there was; null where neither picture nor number tells a probability.</summary>
    public long? HitId { get; set; }

    public HitRow? Hit { get; set; }

    public ReturnSign Sign { get; set; }

    /// <summary>0..1, calibrated, by the picture or the number; null: by seller and title alone.</summary>
    public double? Probability { get; set; }

    /// <summary>The picture that tells it, and the removed offer's that it is compared with; null where none does.</summary>
    public string? ImageSha256 { get; set; }

    public string? WatchImageSha256 { get; set; }

    public DateTimeOffset ReturnedAt { get; set; }

    /// <summary>Whole days from the removal.</summary>
    public int Days { get; set; }

    /// <summary>Who said that it is no return; null: nobody.</summary>
    public string? DismissedBy { get; set; }

    public DateTimeOffset? DismissedAt { get; set; }

    public string? DismissedBecause { get; set; }
}

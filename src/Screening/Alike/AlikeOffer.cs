using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Alike;

/// <summary>What two offers have in common, the surest first.</summary>
public enum AlikeSign
{
    /// <summary>A picture that is equal to the byte.</summary>
    SamePicture,

    /// <summary>A picture that is nearly equal by its perceptual hash: recompressed, resized, turned or mirrored.</summary>
    NearPicture,

    /// <summary>A number: GTIN, or brand with the maker's number.</summary>
    SameNumber,

    /// <summary>A title that is nearly equal; of hits of the same reference alone, because rivals share titles.</summary>
    NearTitle,
}

/// <summary>A hit of the same reference that an offer alike has. <c>MatchId</c>: the match to be decided.</summary>
public sealed record AlikeHit(long Id, HitState State, long MatchId, double Probability);

/// <summary>An offer that is nearly equal to another.</summary>
/// <param name="Seller">As its page names it; null: it names none.</param>
/// <param name="ImageSha256">The picture that tells it, else the one that its hit shows; null: there is none.</param>
/// <param name="Hit">Null: it is no hit of the reference.</param>
public sealed record AlikeOffer(long ListingId, string Url, string? Name, long ShopId, string Shop, string? Seller, decimal? Price, string? Currency, DateTimeOffset LastSeenAt, string? ImageSha256, IReadOnlyList<AlikeSign> Signs, AlikeHit? Hit);

/// <summary>The offers that are nearly equal to one.</summary>
/// <param name="Offers">Undecided hits first, then other hits, then those that are none; within each the surest first.</param>
/// <param name="Shops">Other shops among them.</param>
/// <param name="IsCut">There are more than are told, or may be among what was not read.</param>
public sealed record AlikeOffers(IReadOnlyList<AlikeOffer> Offers, int Shops, bool IsCut)
{
    public static AlikeOffers None { get; } = new([], 0, false);
}

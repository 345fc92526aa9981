namespace Touchstone.Screening.Storage.Rows;

/// <summary>A seller: a name within a shop.</summary>
public sealed class SellerRow
{
    public long Id { get; set; }

    public long ShopId { get; set; }

    public ShopRow? Shop { get; set; }

    /// <summary>The name as it is compared (<see cref="Sellers.SellerName"/>); unique with the shop.</summary>
    public required string Key { get; set; }

    /// <summary>As it was stated first.</summary>
    public required string Name { get; set; }

    public DateTimeOffset FirstSeenAt { get; set; }

    public DateTimeOffset LastSeenAt { get; set; }
}

/// <summary>By what shops and sellers are known to be one.</summary>
public enum TraitKind { Email, Phone, Vat, ResponsiblePerson }

/// <summary>Something that pages of a shop, or of a seller in it, state of who stands behind them.</summary>
public sealed class TraitRow
{
    public long Id { get; set; }

    public long ShopId { get; set; }

    public ShopRow? Shop { get; set; }

    /// <summary>Null: a page that names no seller states it.</summary>
    public long? SellerId { get; set; }

    public SellerRow? Seller { get; set; }

    public TraitKind Kind { get; set; }

    /// <summary>In the form in which it is compared.</summary>
    public required string Value { get; set; }

    /// <summary>A listing whose page states it, to be looked at.</summary>
    public long ListingId { get; set; }

    public ListingRow? Listing { get; set; }

    public DateTimeOffset FirstSeenAt { get; set; }

    public DateTimeOffset LastSeenAt { get; set; }
}

/// <summary>A person's word that two shops are not the same, whatever they share. The lower number first.</summary>
public sealed class NotSameShopRow
{
    public long ShopId { get; set; }

    public long OtherShopId { get; set; }

    public required string SaidBy { get; set; }

    public DateTimeOffset SaidAt { get; set; }

    public required string Because { get; set; }
}

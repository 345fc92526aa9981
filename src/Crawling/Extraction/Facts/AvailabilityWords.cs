namespace Touchstone.Crawling.Extraction.Facts;

/// <summary>Reads the availability that markup states: schema.org addresses and names in any case and spelling, and the words of OpenGraph feeds.</summary>
public static class AvailabilityWords
{
    /// <summary>Null where the text names no availability.</summary>
    public static Availability? FromMarkup(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        string name = text.Trim().TrimEnd('/');
        int cut = name.LastIndexOfAny(['/', '#', ':']);
        string key = new([.. name[(cut + 1)..].Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
        return key switch
        {
            "instock" or "available" or "availablefororder" or "availabletoorder" or "instockonline" or "true" or "yes" or "onstock" or "1" or "instockavailable" or "madetoorder" => Availability.InStock,
            "outofstock" or "unavailable" or "notavailable" or "oos" or "false" or "no" or "0" or "notinstock" or "reserved" => Availability.OutOfStock,
            "soldout" => Availability.SoldOut,
            "preorder" or "presale" => Availability.PreOrder,
            "backorder" or "backordered" or "onbackorder" => Availability.BackOrder,
            "discontinued" => Availability.Discontinued,
            "limitedavailability" or "limited" or "lowstock" or "limitedstock" => Availability.LimitedAvailability,
            "instoreonly" => Availability.InStoreOnly,
            "onlineonly" => Availability.OnlineOnly,
            _ => null,
        };
    }
}

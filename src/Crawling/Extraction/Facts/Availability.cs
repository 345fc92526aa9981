namespace Touchstone.Crawling.Extraction.Facts;

/// <summary>Whether an offer can be bought, after schema.org ItemAvailability.</summary>
public enum Availability { InStock, OutOfStock, PreOrder, BackOrder, Discontinued, LimitedAvailability, InStoreOnly, OnlineOnly, SoldOut }

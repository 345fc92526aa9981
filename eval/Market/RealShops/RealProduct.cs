namespace Touchstone.Market.RealShops;

/// <summary>A product of a real shop's catalogue.</summary>
/// <param name="Key">Unique in its shop; part of its page's address.</param>
/// <param name="Pictures">Files that exist, the main one first.</param>
internal sealed record RealProduct(string Key, string Title, string? Brand, string? Description, decimal Price, string Currency, IReadOnlyList<string> Pictures);

namespace Touchstone.Market.Products;

/// <summary>What a product is, which decides its shape.</summary>
internal enum ProductKind { PlushBear, Robot, CreamTube, CreamJar, SprayBottle, Charger, PowerBank, Helmet, MaskPack, Lamp, ToyBox, HairDryer, Shirt, Mug, PhoneCase, RaceCar }

/// <summary>One product that somebody makes. Everything about its look follows from the kind and the seed.</summary>
/// <param name="Mark">The slug of a register's mark that is printed on it, or null.</param>
internal sealed record ProductDesign(ProductKind Kind, int Seed, string Brand, string Name, string Model, string Gtin, string? Mark = null);

namespace Touchstone.Recognition.Calibration;

/// <summary>
/// What the facts that a seller states add to the log odds that the offer is a reference's product: log likelihood ratios over labelled pairs of offers that
/// look alike. Immutable; thread-safe.
/// </summary>
/// <param name="BrandAgrees">Both state a brand, and it is the same; 0..3.</param>
/// <param name="BrandDiffers">Both state a brand, and they have nothing in common; −6..0.</param>
/// <param name="ModelDiffers">Both state model numbers, and none is the same; −6..0. Where one is the same it identifies: see <see cref="IdentifierCalibration"/>.</param>
/// <param name="GtinDiffers">Both state trade numbers, and none is the same; −6..0.</param>
/// <param name="Basis">What the figures come from.</param>
public sealed record OfferCalibration(double BrandAgrees, double BrandDiffers, double ModelDiffers, double GtinDiffers, string Basis)
{
    public static OfferCalibration Standard { get; } = new(
        0.17, -1.64, -1.94, -2.5, "brand and model: 8,193 labelled pairs of Walmart-Amazon (structured), of which 769 are the same; trade number: set by hand, because sizes and countries of one product have numbers of their own");
}

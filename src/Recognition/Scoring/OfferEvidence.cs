using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Text;

namespace Touchstone.Recognition.Scoring;

/// <summary>What the facts that a seller states say for and against a reference's product: brand, model number, trade number. Pure.</summary>
public static class OfferEvidence
{
    // Shorter names stand in too many others.
    private const int ShortestBrand = 3;

    /// <summary>A measurement with what the offer says of the reference; as it is where either states too little.</summary>
    public static Measurement With(Measurement measurement, StatedOffer offer, ReferenceFacts? facts, OfferCalibration calibration)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        ArgumentNullException.ThrowIfNull(offer);
        ArgumentNullException.ThrowIfNull(calibration);
        // A mark or a design is seen on products of any brand, and a copied picture stays a copy.
        if (facts is not { Kind: ReferenceKind.Alert or ReferenceKind.GenuineProduct or ReferenceKind.KnownFake } || measurement.Relation is not (Relation.SameProduct or Relation.SameDesign)) return measurement;
        (double odds, List<string> pro, List<string> contra) = Stated(offer, facts, calibration);
        MatchSignals signals = measurement.Signals;
        return pro.Count + contra.Count == 0 ? measurement : measurement with
        {
            Features = measurement.Features with { Offer = odds },
            Signals = signals with { For = [.. signals.For, .. pro], Against = [.. signals.Against, .. contra] },
        };
    }

    /// <summary>What else the offer states against a reference that an identifier of it names: log odds, at most 0, and the sentences.</summary>
    public static (double LogOdds, IReadOnlyList<string> Against) Contradictions(StatedOffer offer, ReferenceFacts? facts, OfferCalibration calibration)
    {
        ArgumentNullException.ThrowIfNull(offer);
        ArgumentNullException.ThrowIfNull(calibration);
        if (facts is null) return (0, []);
        (double odds, _, List<string> contra) = Stated(offer, facts, calibration);
        return contra.Count == 0 ? (0, []) : (Math.Min(0, odds), contra);
    }

    private static (double LogOdds, List<string> For, List<string> Against) Stated(StatedOffer offer, ReferenceFacts facts, OfferCalibration calibration)
    {
        double odds = 0;
        List<string> pro = [], contra = [];
        if (BrandsAgree(offer, facts) is { } agree)
        {
            odds += agree ? calibration.BrandAgrees : calibration.BrandDiffers;
            (agree ? pro : contra).Add(agree ? $"The offer's brand is the reference's: {offer.Brand}." : $"The offer's brand is {offer.Brand}, the reference's {string.Join(" or ", facts.Brands)}.");
        }
        if (ModelsStated(offer) is { Length: > 0 } models && facts.Models.Select(Folded).Where(m => m.Length > 0).ToArray() is { Length: > 0 } known && !models.Any(m => known.Any(k => m.Folded.Contains(k, StringComparison.Ordinal) || k.Contains(m.Folded, StringComparison.Ordinal))))
        {
            odds += calibration.ModelDiffers;
            contra.Add($"The offer states the model {models[0].Text}, the reference {facts.Models[0]}.");
        }
        if (offer.Gtin is { Length: >= 8 and <= 14 } gtin && gtin.All(char.IsAsciiDigit) && facts.Gtins.Count > 0 && !offer.VariantGtins.Append(gtin).Any(g => facts.Gtins.Contains(g.PadLeft(14, '0'))))
        {
            odds += calibration.GtinDiffers;
            contra.Add($"The offer's trade number {gtin} is not the reference's, {facts.Gtins[0].TrimStart('0')}.");
        }
        return (odds, pro, contra);
    }

    /// <summary>Null where one side states no brand.</summary>
    private static bool? BrandsAgree(StatedOffer offer, ReferenceFacts facts)
    {
        string stated = Folded(offer.Brand ?? ""), title = Folded(offer.Title ?? "");
        string[] known = [.. facts.Brands.Select(Folded).Where(b => b.Length >= ShortestBrand)];
        if (stated.Length < ShortestBrand || known.Length == 0) return null;
        return known.Any(b => b.Contains(stated, StringComparison.Ordinal) || stated.Contains(b, StringComparison.Ordinal) || title.Contains(b, StringComparison.Ordinal));
    }

    private static (string Text, string Folded)[] ModelsStated(StatedOffer offer)
    {
        // In a title only what is written as one counts: "bear, 30 cm" and "size 42" name no model, "KX-200" does.
        string[] stated = offer.Mpn is { Length: > 0 } mpn ? [mpn] : [.. (offer.Title ?? "").Split(' ').SelectMany(word => TextStatements.Of([.. TextWord.Of(word)]).Models)];
        return [.. stated.Concat(offer.VariantMpns).Select(m => (m, Folded(m))).Where(m => m.Item2.Length >= ShortestBrand)];
    }

    private static string Folded(string text) => TextFolding.Skeleton(TextFolding.Fold(text).Replace(" ", string.Empty, StringComparison.Ordinal));
}

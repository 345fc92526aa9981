using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Scoring;
using Touchstone.Recognition.Text;

namespace Touchstone.Tests.Recognition.Scoring;

public sealed class OfferEvidenceTests
{
    private static readonly ReferenceFacts Facts = new(1, ReferenceKind.Alert, "Fast charger", ["Zentralix"], ["KX-2400"], null, ["04006381333931"]);

    [Theory]
    [InlineData("ZENTRALIX", null, null, "Charger", 0.17)]
    [InlineData("Zentralix GmbH", null, null, "Charger", 0.17)]
    [InlineData("Powermax", null, null, "Charger", -1.64)]
    [InlineData("Powermax", null, null, "Charger for Zentralix", 0.17)]
    [InlineData(null, "KX2400", null, "Charger", 0)]
    [InlineData(null, "KX-9900", null, "Charger", -1.94)]
    [InlineData(null, null, null, "Charger KX-9900", -1.94)]
    [InlineData(null, null, null, "Teddy bear, 30 cm", 0)]
    [InlineData(null, null, null, "Sandals size 42", 0)]
    [InlineData(null, null, null, "Pack of 100", 0)]
    [InlineData(null, null, "4006381333931", "Charger", 0)]
    [InlineData(null, null, "4006381333924", "Charger", -2.5)]
    [InlineData(null, null, null, "Charger", 0)]
    public void What_is_stated_speaks_for_and_against(string? brand, string? mpn, string? gtin, string title, double odds)
    {
        Measurement measured = OfferEvidence.With(Of(Relation.SameProduct), new StatedOffer(title, brand, mpn, gtin), Facts, OfferCalibration.Standard);
        Assert.Equal(odds, measured.Features.Offer, 1e-9);
        Assert.Equal(odds < 0, measured.Signals.Against.Count > 0);
        Assert.Equal(odds > 0, measured.Signals.For.Count > 0);
    }

    [Fact]
    public void A_number_of_one_of_the_variants_contradicts_nothing()
    {
        var offer = new StatedOffer("Charger", "Zentralix", "KX-9900", "4006381333924") { VariantGtins = ["4006381333931"], VariantMpns = ["KX-2400"] };
        Assert.Empty(OfferEvidence.With(Of(Relation.SameProduct), offer, Facts, OfferCalibration.Standard).Signals.Against);
    }

    [Fact]
    public void A_copied_picture_or_a_mark_is_not_judged_by_the_sellers_brand()
    {
        var offer = new StatedOffer("Charger", "Powermax", "KX-9900", "4006381333924");
        Assert.Equal(0, OfferEvidence.With(Of(Relation.SameImage), offer, Facts, OfferCalibration.Standard).Features.Offer);
        Assert.Equal(0, OfferEvidence.With(Of(Relation.SameProduct), offer, Facts with { Kind = ReferenceKind.Mark }, OfferCalibration.Standard).Features.Offer);
        Assert.Equal(0, OfferEvidence.With(Of(Relation.SameProduct), offer, null, OfferCalibration.Standard).Features.Offer);
    }

    [Theory]
    [InlineData("Zentralix", null, "Charger", 0, 0)]
    [InlineData("Powermax", null, "Charger", -1.64, 1)]
    [InlineData("Powermax", "KX-9900", "Charger", -3.58, 2)]
    public void What_contradicts_an_agreeing_trade_number_is_said_and_counts(string brand, string? mpn, string title, double odds, int sentences)
    {
        (double found, IReadOnlyList<string> against) = OfferEvidence.Contradictions(new StatedOffer(title, brand, mpn, "4006381333931"), Facts, OfferCalibration.Standard);
        Assert.Equal(odds, found, 1e-9);
        Assert.Equal(sentences, against.Count);
    }

    private static Measurement Of(Relation relation) =>
        new(new MatchFeatures { Similarity = 0.5, RegionSimilarity = 0, PdqCloseness = 0, LogInliers = 0, Coverage = 0, QueryCoverage = 0, Support = 0 }, new MatchSignals(), relation);
}

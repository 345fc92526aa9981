using Touchstone.Recognition.Gallery;

namespace Touchstone.Tests.Recognition.Gallery;

public sealed class IdentifierLookupTests
{
    private readonly IdentifierLookup lookup = new();

    public IdentifierLookupTests()
    {
        lookup.Put(1, ["4006381333931"], "Alfa", ["KX-200"]);
        lookup.Put(2, [], "Beta", ["A1"]);
    }

    [Fact]
    public void A_gtin_agrees_in_every_length_it_is_written_in()
    {
        Assert.Equal([1L], Found(new StatedOffer { Gtin = "4006381333931" }));
        Assert.Equal([1L], Found(new StatedOffer { Gtin = "04006381333931" }));
        Assert.Empty(Found(new StatedOffer { Gtin = "4006381333932" }));
        // One of an offer's variants is as much sold there as the offer's own.
        Assert.Equal([1L], Found(new StatedOffer { Gtin = "4006381333932", VariantGtins = ["4012345678901", "4006381333931"] }));
        Assert.Equal([1L], Found(new StatedOffer { Gtin = "4006381333931", VariantGtins = ["4006381333931"] }));
    }

    [Theory]
    [InlineData("ALFA", "kx200", null, true)]
    [InlineData("alfa", null, "Charger KX-200 black", true)]
    [InlineData("Gamma", "KX-200", null, false)]
    [InlineData(null, "KX-200", "Alfa KX-200", false)]
    public void Brand_and_model_agree_in_folded_form(string? brand, string? mpn, string? title, bool agrees) =>
        Assert.Equal(agrees ? [1L] : [], Found(new StatedOffer { Brand = brand, Mpn = mpn, Title = title }));

    [Fact]
    public void A_short_model_identifies_nothing() => Assert.Empty(Found(new StatedOffer { Brand = "Beta", Mpn = "A1" }));

    [Fact]
    public void What_was_removed_agrees_with_nothing()
    {
        lookup.Remove(1);
        Assert.Empty(Found(new StatedOffer { Gtin = "4006381333931" }));
    }

    [Fact]
    public void What_is_set_again_replaces_what_was_set_and_one_key_may_name_several()
    {
        lookup.Put(3, ["04006381333931"], "Alfa", []);
        Assert.Equal([1L, 3L], Found(new StatedOffer { Gtin = "4006381333931" }));
        Assert.True(lookup.AreOne(1, 3));
        Assert.False(lookup.AreOne(1, 2));
        lookup.Put(1, [], "Alfa", ["KX-200"]);
        Assert.Equal([3L], Found(new StatedOffer { Gtin = "4006381333931" }));
        Assert.False(lookup.AreOne(1, 3));
    }

    private long[] Found(StatedOffer offer) => [.. lookup.Find(offer).Select(a => a.ReferenceId)];
}

using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.Hits;
using Touchstone.Server.Queries;

namespace Touchstone.Tests.Server;

public sealed class FieldComparisonTests
{
    [Theory]
    [InlineData("Lumo", "LUMO; Lumo Kids", FieldAgreement.Equal)]
    [InlineData("Lúmo", "Lumo", FieldAgreement.Equal)]
    [InlineData("Lumo GmbH", "Lumo", FieldAgreement.Similar)]
    [InlineData("Lumo", "Nova", FieldAgreement.Different)]
    [InlineData(null, "Lumo", FieldAgreement.NotStated)]
    [InlineData("Lumo", null, FieldAgreement.NotStated)]
    public void Brands(string? offer, string? reference, FieldAgreement expected) => Assert.Equal(expected, Of(new() { Number = 1, ContentHash = "", Brand = offer }, x => x.Brand = reference, ComparedName.Brand).Agreement);

    [Theory]
    [InlineData("04006381333931", "4006381333931", FieldAgreement.Equal)]
    [InlineData("4 006381 333931", "4006381333931", FieldAgreement.Equal)]
    [InlineData("4006381333931", "4006381333948", FieldAgreement.Different)]
    [InlineData("4006381333931", null, FieldAgreement.NotStated)]
    public void Numbers(string offer, string? reference, FieldAgreement expected) => Assert.Equal(
        expected, Of(new() { Number = 1, ContentHash = "", Gtin = offer }, x => { if (reference is not null) x.Identifiers.Add(new() { Scheme = "Gtin", Value = reference, Valid = true }); }, ComparedName.Gtin).Agreement);

    [Theory]
    [InlineData("Lamp LX-200, white", "LX200", FieldAgreement.NotStated)]
    [InlineData("Lamp LX200, white", "LX-200", FieldAgreement.Equal)]
    [InlineData("Lamp, white", "LX-200", FieldAgreement.NotStated)]
    public void A_model_may_stand_in_the_name(string name, string model, FieldAgreement expected) =>
        Assert.Equal(expected, Of(new() { Number = 1, ContentHash = "", Name = name }, x => x.Model = model, ComparedName.Model).Agreement);

    [Theory]
    [InlineData(null, "LX-200", FieldAgreement.Equal)]
    [InlineData(null, "10-4711", FieldAgreement.NotStated)]
    [InlineData("LX200", "10-4711", FieldAgreement.Equal)]
    [InlineData("N-7", "LX-200", FieldAgreement.Equal)]
    [InlineData("N-7", "10-4711", FieldAgreement.Different)]
    public void A_shops_own_number_may_be_the_model_and_contradicts_none(string? partNumber, string sku, FieldAgreement expected) =>
        Assert.Equal(expected, Of(new() { Number = 1, ContentHash = "", Name = "Lamp", Mpn = partNumber, Sku = sku }, x => x.Model = "LX-200", ComparedName.Model).Agreement);

    [Theory]
    [InlineData(null, "Lumo", "the offer does not state it")]
    [InlineData("Lumo", null, "the reference does not state it")]
    [InlineData(null, null, "neither states it")]
    public void The_side_that_states_nothing_is_named(string? offer, string? reference, string said) =>
        Assert.Equal(said, HitView.WordOf(Of(new() { Number = 1, ContentHash = "", Brand = offer }, x => x.Brand = reference, ComparedName.Brand)));

    [Theory]
    [InlineData("Toy lamp, red", FieldAgreement.Similar)]
    [InlineData("Lamp", FieldAgreement.Similar)]
    [InlineData("Chair", FieldAgreement.Different)]
    public void A_word_that_only_one_title_has_is_seen(string name, FieldAgreement expected) =>
        Assert.Equal(expected, Of(new() { Number = 1, ContentHash = "", Name = name }, _ => { }, ComparedName.Title).Agreement);

    [Fact]
    public void What_is_stated_is_shown_as_stated()
    {
        ComparedField title = Of(new() { Number = 1, ContentHash = "", Name = "LAMP (toy)" }, _ => { }, ComparedName.Title);
        Assert.Equal(("LAMP (toy)", "Toy lamp", FieldAgreement.Equal), (title.Offer, title.Reference, title.Agreement));
    }

    private static ComparedField Of(ObservationRow seen, Action<ReferenceRow> set, ComparedName name)
    {
        var reference = new ReferenceRow { ExternalId = "1", Title = "Toy lamp", RawPayload = "", ContentHash = "" };
        set(reference);
        var screening = new ScreeningRow { Observation = seen, ModelId = "", ProfileId = "", GalleryFingerprint = "", InputHash = "" };
        return FieldComparison.Of(new HitRow { Reference = reference, Match = new MatchRow { Screening = screening, Signals = "" } }).Single(x => x.Name == name);
    }
}

using Touchstone.Screening.References;

namespace Touchstone.Tests.Screening.References;

/// <summary>Barcodes as tables hold them; a number that is whole in what is written is found.</summary>
public sealed class BarcodeFieldTests
{
    [Theory]
    [InlineData("\u200E5901234123457\u200F", "Gtin 5901234123457")]
    [InlineData("\uFEFF5901234123457\u00AD", "Gtin 5901234123457")]
    [InlineData("=\"5901234123457\"", "Gtin 5901234123457")]
    [InlineData("=T(\"5901234123457\")", "Gtin 5901234123457")]
    [InlineData("'5901234123457", "Gtin 5901234123457")]
    [InlineData("5901234123457.00", "Gtin 5901234123457")]
    [InlineData("5901234123457,0", "Gtin 5901234123457")]
    [InlineData("5.901234123457E+12", "Gtin 5901234123457")]
    [InlineData("5,901234123457E12", "Gtin 5901234123457")]
    [InlineData("5.90123E+12", "Marketplace 5.90123E+12")]
    [InlineData("5,901,234,123,457", "Gtin 5901234123457")]
    [InlineData("5.901.234.123.457", "Gtin 5901234123457")]
    [InlineData("5 901234 123457", "Gtin 5901234123457")]
    [InlineData("5-901234-123457", "Gtin 5901234123457")]
    [InlineData("5 901234 123457 and 4 006381 333931", "Gtin 5901234123457|Gtin 4006381333931")]
    [InlineData("5 901234 123457 4 006381 333931", "Gtin 5901234123457|Gtin 4006381333931")]
    [InlineData("5901234123457 / 4006381333931", "Gtin 5901234123457|Gtin 4006381333931")]
    [InlineData("5901234123457(red), 4006381333931 (blue)", "Gtin 5901234123457|Gtin 4006381333931")]
    [InlineData("EAN-13: 5901234123457 red", "Gtin 5901234123457")]
    [InlineData("(01)05901234123457(10)A1", "Gtin 05901234123457")]
    [InlineData("https://id.shop.example/01/05901234123457", "Gtin 05901234123457")]
    [InlineData("３９０１２３４１２３４５７", "Gtin 3901234123457 (wrong)")]
    [InlineData("٥٩٠١٢٣٤١٢٣٤٥٧", "Gtin 5901234123457")]
    [InlineData("36000291452", "Gtin 036000291452")]
    [InlineData("4252614", "Gtin 042100005264")]
    [InlineData("UPC-E 04252614", "Gtin 042100005264")]
    [InlineData("5901234123458", "Gtin 5901234123458 (wrong)")]
    [InlineData("123456789", "Gtin 123456789 (wrong)")]
    [InlineData("B0ABCD1234", "Marketplace B0ABCD1234")]
    [InlineData("64-78-Q", "Marketplace 64-78-Q")]
    [InlineData("0-306-40615-2", "Gtin 0306406152 (wrong)")]
    public void A_number_is_read_whole(string field, string expected) =>
        Assert.Equal(expected.Split('|'), ParsedIdentifier.Barcodes(field).Select(i => $"{i.Scheme} {i.Value}{(i.Valid ? "" : " (wrong)")}"));
}

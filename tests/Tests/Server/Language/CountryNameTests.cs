using Touchstone.Screening;
using Touchstone.Server.Console.Language;
using Touchstone.Server.Console.Targeting;

namespace Touchstone.Tests.Server.Language;

public sealed class CountryNameTests
{
    [Fact]
    public void Each_market_has_a_name_in_each_language_and_no_two_share_one()
    {
        string[] markets = [.. from a in Enumerable.Range('A', 26) from b in Enumerable.Range('A', 26) let code = $"{(char)a}{(char)b}" where Markets.IsKnown(code) select code];
        Assert.Equal(250, markets.Length);
        foreach (ConsoleLanguage language in ConsoleLanguage.All)
        {
            string?[] names = [.. markets.Select(x => CountryNames.Find(x, language))];
            Assert.All(names, Assert.NotNull);
            Assert.Equal(names.Length, names.Distinct().Count());
        }
    }

    [Theory]
    [InlineData("KR", "South Korea", "Sydkorea", "Südkorea", "대한민국")]
    [InlineData("EU", "European Union", "Den Europæiske Union", "Europäische Union", "유럽 연합")]
    [InlineData("UK", "United Kingdom", "Storbritannien", "Vereinigtes Königreich", "영국")]
    [InlineData("TL", "Timor-Leste", "Timor-Leste", "Timor-Leste", "동티모르")]
    [InlineData("XX", null, null, null, null)]
    public void A_country_is_named_in_the_language(string code, params string?[] names) => Assert.Equal(names, ConsoleLanguage.All.Select(x => CountryNames.Find(code, x)));
}

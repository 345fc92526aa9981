using Touchstone.Screening;
using Touchstone.Screening.Finding;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Finding;

/// <summary>The words that are made from an alert, and the table that they come from.</summary>
public sealed class TermMakerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_alert_becomes_questions_in_the_languages_of_the_markets()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        string[] terms = await MadeAsync(database, Alert("Face mask: KN95 Respirator", brand: "Alfa", model: "KN-95"), "DK", "AT");
        Assert.Equal("Alfa KN-95", terms[0]);
        Assert.Contains("da: Alfa ansigtsmaske", terms);
        Assert.Contains("da: mundbind køb", terms);
        Assert.Contains("de: Atemschutzmaske kaufen", terms);
        Assert.DoesNotContain(terms, t => t.StartsWith("fr:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("No brand")]
    [InlineData("ohne Marke")]
    [InlineData("sin marca")]
    public async Task A_brand_that_is_none_is_empty(string brand)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        string[] terms = await MadeAsync(database, Alert("Squeeze toy", brand: brand, category: "Toys"), "FR");
        Assert.DoesNotContain(terms, t => t.Contains(brand, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("fr: jouet à presser acheter", terms);
    }

    [Fact]
    public async Task A_product_that_the_table_does_not_know_is_asked_by_its_category_and_a_language_without_words_in_English()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        Assert.Contains("pl: zapalniczka kup", await MadeAsync(database, Alert("Novelty frog", category: "Lighters"), "PL"));
        Assert.Contains("cs: Novelty frog", await MadeAsync(database, Alert("Novelty frog", category: "Lighters"), "CZ"));
    }

    [Fact]
    public async Task A_product_is_called_by_its_word_in_each_language_before_the_second_of_any()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        TermTable table = await TermTable.ReadAsync(db, Stop);
        Assert.Equal(["ansigtsmaske", "ansiktsmask", "mundbind", "munskydd"], TermMaker.ProductWords(Alert("Face mask"), ["DK", "SE"], table));
        Assert.Empty(TermMaker.ProductWords(Alert("Face mask"), [], table));
    }

    [Fact]
    public async Task The_trader_that_the_alert_names_is_asked_on_its_host_in_the_market()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        ReferenceRow alert = Alert("Face mask", category: "Protective equipment");
        alert.OnlineTrader = "Amazon, AliExpress";
        string[] terms = await MadeAsync(database, alert, "DE");
        Assert.Contains("de: site:aliexpress.com Atemschutzmaske", terms);
        Assert.Contains("de: site:amazon.de Atemschutzmaske", terms);
        Assert.Equal(["amazon.fr"], TraderHosts.Of("AMAZON marketplace", "FR"));
        Assert.Equal(["amazon.it"], TraderHosts.Of("www.amazon.it", "FR"));
        Assert.Equal(["toys4you.example.dk"], TraderHosts.Of("Sold on https://toys4you.example.dk/shop", "DK"));
        Assert.Empty(TraderHosts.Of("Amazonian Traders", "DK"));
        Assert.Empty(TraderHosts.Of("unknown", "DK"));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_person_changes_the_words_of_a_language_and_takes_that_back(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        var context = new VerbContext(db, "anna", TimeProvider.System);
        Assert.Equal(["ansigtsmaske", "mundbind"], (await TermTable.ReadAsync(db, Stop)).Words("da", "face mask"));
        // Words are parted by the commas of their script, and marks of directions that were pasted with them are no part of them.
        Assert.True((await TermTable.SetAsync(context, "ar", "\u200fFace mask\u200e", "\u202b\u0643\u0645\u0627\u0645\u0629\u060c \u0642\u0646\u0627\u0639\u202c\u061b\0 \u0642\u0646\u0627\u0639 \u0637\u0628\u064a", Stop)).Done);
        Assert.Equal(["\u0643\u0645\u0627\u0645\u0629", "\u0642\u0646\u0627\u0639", "\u0642\u0646\u0627\u0639 \u0637\u0628\u064a"], (await TermTable.ReadAsync(db, Stop)).Words("ar", "face mask"));
        Assert.True((await TermTable.SetAsync(context, "DA", "Face mask", "maske, værnemaske", Stop)).Done);
        Assert.Equal(["maske", "værnemaske"], (await TermTable.ReadAsync(db, Stop)).Words("da", "face mask"));
        Assert.True((await TermTable.SetAsync(context, "fi", "face mask", "kasvomaski", Stop)).Done);
        Assert.True((await TermTable.SetAsync(context, "da", "hoverdisc", "svæveskive", Stop)).Done);
        TermTable table = await TermTable.ReadAsync(db, Stop);
        Assert.Equal(["kasvomaski"], table.Words("fi", "face mask"));
        Assert.Contains("da: svæveskive køb", TermMaker.Of(Alert("Hoverdisc"), ["DK"], table).Select(t => t.ToString()));
        Assert.True((await TermTable.SetAsync(context, "da", "face mask", null, Stop)).Done);
        Assert.Equal(["ansigtsmaske", "mundbind"], (await TermTable.ReadAsync(db, Stop)).Words("da", "face mask"));
        Assert.Equal(Refusal.Invalid, (await TermTable.SetAsync(context, "dansk", "face mask", "x", Stop)).Refusal);
        Assert.Equal(Refusal.NotFound, (await TermTable.SetAsync(context, "da", "face mask", null, Stop)).Refusal);
    }

    [Fact]
    public async Task Every_category_has_words_in_every_language_of_the_table_but_the_one_that_means_nothing()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        TermTable table = await TermTable.ReadAsync(db, Stop);
        Assert.Equal(["da", "de", "en", "es", "fr", "it", "ko", "nl", "pl", "sv"], table.Languages);
        foreach (string language in table.Languages)
            Assert.All([.. ProductCategories.Names.Where(c => c != "Other"), TermTable.Buy], subject => Assert.True(table.Words(language, subject).Count > 0, $"{language}: {subject}"));
        Assert.Equal(table.Subjects.Count, table.Subjects.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Theory]
    [InlineData("da: ansigtsmaske", "da", "ansigtsmaske")]
    [InlineData("Alfa KN-95", null, "Alfa KN-95")]
    [InlineData("xx: not a language", null, "xx: not a language")]
    [InlineData("site:shop.example mask", null, "site:shop.example mask")]
    public void A_question_is_read_as_it_is_written(string line, string? language, string text) => Assert.Equal(new SearchTerm(language, text), SearchTerm.Read(line));

    private static async Task<string[]> MadeAsync(TestDatabase database, ReferenceRow alert, params string[] markets)
    {
        await using TouchstoneDb db = database.CreateDbContext();
        return [.. TermMaker.Of(alert, markets, await TermTable.ReadAsync(db, Stop)).Select(t => t.ToString())];
    }

    private static ReferenceRow Alert(string title, string? brand = null, string? model = null, string? category = null) =>
        new() { ExternalId = "A-1", Title = title, Brand = brand, Model = model, Category = category, RawPayload = "{}", ContentHash = "1" };
}

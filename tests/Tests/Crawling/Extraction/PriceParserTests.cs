using System.Globalization;
using System.Text.Json.Nodes;
using Touchstone.Crawling.Extraction.Price;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Crawling.Extraction;

public class PriceParserTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("1.299,00 €", "1299.00", "EUR")]
    [InlineData("$1,299.99", "1299.99", "USD")]
    [InlineData("1 299,90 zł", "1299.90", "PLN")]
    [InlineData("CHF 1'049.95", "1049.95", "CHF")]
    [InlineData("12.500 KD", "12.500", "KWD")]
    [InlineData("12,000원", "12000", "KRW")]
    [InlineData("20% off, now £8.40", "8.40", "GBP")]
    [InlineData("٣٫٥٠ ر.س", "3.50", "SAR")]
    [InlineData("ab 19,- €", "19", "EUR")]
    [InlineData("84,03 € netto 100,00 € brutto", "100.00", "EUR")]
    [InlineData("£10.00 ex VAT £12.00 inc VAT", "12.00", "GBP")]
    [InlineData("10,00 € HT / 12,00 € TTC", "12.00", "EUR")]
    [InlineData("11,636円（税抜） 12,800円（税込）", "12800", "JPY")]
    [InlineData("Net price: £10.00, gross £12.00", "12.00", "GBP")]
    [InlineData("19,99 € netto, Versand 40,00 €", "19.99", "EUR")]
    [InlineData("19,99 € zzgl. 4,99 € Versand", "19.99", "EUR")]
    [InlineData("3 x 10,00 € oder 29,90 €", "29.90", "EUR")]
    [InlineData("10,00 €/Monat oder einmalig 299,00 €", "299.00", "EUR")]
    [InlineData("2 for £5.00, £2.99 each", "2.99", "GBP")]
    [InlineData("3 x £5.00", "5.00", "GBP")]
    [InlineData("Niedrigster Preis der letzten 30 Tage: 17,99 € 19,99 €", "19.99", "EUR")]
    [InlineData("19,99 zł Najniższa cena z 30 dni: 17,99 zł", "19.99", "PLN")]
    [InlineData("De R$ 299,90 por R$ 199,90", "199.90", "BRL")]
    [InlineData("Ord. pris 299 kr Nu 199 kr", "199", "SEK")]
    [InlineData("Αρχική τιμή 29,99 € Τώρα 19,99 €", "19.99", "EUR")]
    [InlineData("Preț vechi 299,99 lei Preț nou 199,99 lei", "199.99", "RON")]
    [InlineData("1万2,800円", "12800", "JPY")]
    [InlineData("1만 2,800원", "12800", "KRW")]
    [InlineData("1.5万円", "15000", "JPY")]
    [InlineData("12 € 99", "12.99", "EUR")]
    [InlineData("99p", "0.99", "GBP")]
    [InlineData("Only 99¢", "0.99", "USD")]
    [InlineData("1080p $45", "45", "USD")]
    [InlineData("\u20C1 99.50", "99.50", "SAR")]
    [InlineData("7 990 Ft helyett 5 990 Ft", "5990", "HUF")]
    [InlineData("749,90 TL yerine 549,90 TL", "549.90", "TRY")]
    [InlineData("49,90 € sijaan 29,90 €", "29.90", "EUR")]
    [InlineData("5,980円のところ4,980円", "4980", "JPY")]
    [InlineData("Redovna cijena 24,90 € Nova cijena 18,90 €", "18.90", "EUR")]
    [InlineData("Sena kaina 24,90 € Kaina 18,90 €", "18.90", "EUR")]
    [InlineData("Cena bez atlaides 24,90 € Cena 18,90 €", "18.90", "EUR")]
    [InlineData("Clubpreis 15,90 € Preis 18,90 €", "18.90", "EUR")]
    [InlineData("zzgl. 5,90 € Versand, Preis 18,90 €", "18.90", "EUR")]
    [InlineData("Pfand 0,25 € 1,49 €", "1.49", "EUR")]
    [InlineData("7,98 € / le litre 3,99 €", "3.99", "EUR")]
    [InlineData("7,98 € le kilo 3,99 €", "3.99", "EUR")]
    [InlineData("6 cuotas de $ 2.000 Precio $ 11.500", "11500", "USD")]
    [InlineData("3 interest-free payments of $15.00 with PayLess. $45.00", "45.00", "USD")]
    [InlineData("Pay in 3 of £15.00 or £45.00 today", "45.00", "GBP")]
    [InlineData("6 taksit x 100,00 TL 599,90 TL", "599.90", "TRY")]
    [InlineData("£18.90 free delivery over £40", "18.90", "GBP")]
    [InlineData("18,90 € Versandkostenfrei ab 40 €", "18.90", "EUR")]
    [InlineData("-20 % €60,00 €48,00", "48.00", "EUR")]
    [InlineData("€60,00 -20% €48,00", "48.00", "EUR")]
    [InlineData("€60,00 €12,50 (5% cashback)", "60.00", "EUR")]
    public void Reads_amount_and_currency(string text, string amount, string currency)
    {
        PriceReading reading = PriceParser.Read(text);
        Assert.Equal(decimal.Parse(amount, CultureInfo.InvariantCulture), reading.Amount);
        Assert.Equal(currency, reading.Currency);
    }

    [Theory]
    [InlineData("Free delivery over £40")]
    [InlineData("call us")]
    [InlineData("15.08.2017")]
    [InlineData("Free Shipping on Orders $49+.")]
    [InlineData("")]
    [InlineData(null)]
    public void Gives_no_amount_where_there_is_none(string? text) => Assert.Null(PriceParser.Read(text).Amount);

    [Theory]
    [InlineData("$20", "AUD", "AUD")]
    [InlineData("20 kr", "DKK", "DKK")]
    [InlineData("20 €", "SEK", "EUR")]
    public void Settles_a_shared_sign_by_the_country(string text, string local, string currency) => Assert.Equal(currency, PriceParser.Read(text, local: local).Currency);

    [Theory]
    [InlineData("-1", null)]
    [InlineData("1.2E3", "1200")]
    [InlineData("1,299.00", "1299.00")]
    public void A_field_for_programs_holds_a_number_or_none(string text, string? amount) => Assert.Equal(amount is null ? null : decimal.Parse(amount, CultureInfo.InvariantCulture), PriceParser.ReadMachine(text));

    /// <summary>The floor per list: what the parser reached when the list was last looked at; a fall is a defect.</summary>
    [Theory]
    [InlineData("PRICE_PARSING_EXAMPLES_BUGS_CAUGHT", 6)]
    [InlineData("PRICE_PARSING_EXAMPLES_NEW", 15)]
    [InlineData("PRICE_PARSING_EXAMPLES", 178)]
    [InlineData("PRICE_PARSING_EXAMPLES_2", 210)]
    [InlineData("PRICE_PARSING_EXAMPLES_NO_PRICE", 6)]
    [InlineData("PRICE_PARSING_EXAMPLES_NO_CURRENCY", 350)]
    [InlineData("PRICE_PARSING_EXAMPLES_XFAIL", 15)]
    [InlineData("PRICE_PARSING_EXAMPLES_XFAIL_CURRENCIES_TO_BE_ADDED", 104)]
    [InlineData("PRICE_PARSING_DECIMAL_SEPARATOR_EXAMPLES", 9)]
    public void Reads_real_price_strings(string list, int floor)
    {
        JsonArray rows = JsonNode.Parse(File.ReadAllText(SharedData.Require("web/price-parser/price_examples.json")))![list]!.AsArray();
        int passed = 0;
        foreach (JsonNode? row in rows)
        {
            string? Text(string key) => row![key] is JsonValue v ? v.ToString() : null;
            PriceReading reading = PriceParser.Read(Text("price_raw"), Text("currency_raw"), Text("decimal_separator") is { Length: 1 } mark && list.Contains("DECIMAL", StringComparison.Ordinal) && mark != "€" ? mark[0] : null);
            decimal? amount = Text("amount") is { } a ? decimal.Parse(a, NumberStyles.Float, CultureInfo.InvariantCulture) : null;
            string? currency = Text("currency");
            bool same = reading.CurrencyText == currency || (currency is not null && reading.Currency is { } code && code == Currencies.CodeOf(currency));
            if (same && reading.Amount == amount) passed++;
            else output.WriteLine($"{Text("price_raw")} | {Text("currency_raw")}: expected {amount} {currency}, read {reading.Amount} {reading.CurrencyText} ({reading.Currency})");
        }
        output.WriteLine($"{list}: {passed} of {rows.Count}");
        Assert.True(passed >= floor, $"{list}: {passed} of {rows.Count}, floor {floor}");
    }
}

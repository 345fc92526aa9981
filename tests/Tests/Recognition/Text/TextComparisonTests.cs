using Touchstone.Recognition.Text;
using Touchstone.Vision.Alignment;

namespace Touchstone.Tests.Recognition.Text;

public sealed class TextComparisonTests
{
    [Fact]
    public void A_rare_word_in_both_pictures_agrees_with_its_places()
    {
        TextAgreement text = Compare(Read("noise 12", "ZENTRALIX"), Read("Zentralix"));
        Assert.InRange(text.Agreement, 0.55, 0.8);
        AgreedWord word = Assert.Single(text.Words);
        Assert.Equal(("ZENTRALIX", "Zentralix", TextSource.Picture), (word.Text, word.ReferenceText, word.Source));
        Assert.Equal(4, word.ImageCorners.Count);
        Assert.All(word.ImageCorners, c => Assert.InRange(c.Y, 0.2f, 0.3f)); // the second line
        Assert.All(word.ReferenceCorners, c => Assert.InRange(c.Y, 0.1f, 0.2f));
    }

    [Theory]
    [InlineData("ZENTRAL1X")] // a digit for a letter
    [InlineData("ZENTRALYX")] // I read as Y
    [InlineData("ZENTR ALIX")] // split
    [InlineData("ZЕNТRАLIХ")] // Cyrillic letters
    public void A_misread_word_still_agrees(string read) => Assert.InRange(Compare(Read(read), Read("ZENTRALIX")).Agreement, 0.4, 0.9);

    [Fact]
    public void Words_written_as_one_agree_with_words_apart() => Assert.InRange(Compare(Read("PASTELMOON"), Read("Pastel Moon")).Agreement, 0.4, 0.9);

    [Theory]
    [InlineData("", "ZENTRALIX")]
    [InlineData("ZENTRALIX", "")]
    [InlineData("MERIDIANO", "ZENTRALIX")]
    [InlineData("shutterstock.com", "www.shutterstock.com")]
    public void Without_common_telling_words_nothing_agrees(string query, string reference) => Assert.InRange(Compare(Read(query), Read(reference)).Agreement, 0, 0.3);

    [Fact]
    public void A_common_word_of_the_gallery_tells_less()
    {
        var index = new TextIndex();
        for (int i = 0; i < 800; i++) index.Put(TextOwner.Picture(i), TextWord.Of("vitamin"));
        OcrText vitamin = Read("VITAMIN"), rare = Read("ZENTRALIX");
        Assert.True(TextComparison.Compare(vitamin, vitamin, null, index.Rarity).Agreement < 0.5 * TextComparison.Compare(rare, rare, null, index.Rarity).Agreement);
    }

    [Fact]
    public void Much_text_without_agreement_contradicts()
    {
        TextAgreement text = Compare(Read("Alphabet Kitten Marvel", "Wonderland Sparkle"), Read("Zentralix Moonlight", "Pineapple Orchard Thunder"));
        Assert.InRange(text.Contradiction, 0.4, 0.5);
        Assert.True(text.Balance < -0.3);
        Assert.NotNull(text.Conflict);
    }

    [Fact]
    public void Another_model_number_contradicts_though_the_brand_agrees()
    {
        TextAgreement other = Compare(Read("ZENTRALIX", "Model KX-2400"), Read("ZENTRALIX", "Model KX-2500")), same = Compare(Read("ZENTRALIX", "Model KX-2400"), Read("ZENTRALIX", "KX2400"));
        Assert.Contains("KX2500", other.Conflict, StringComparison.Ordinal);
        Assert.Null(same.Conflict);
        Assert.True(same.Balance > other.Balance + 0.25);
    }

    [Fact]
    public void A_trade_number_decides()
    {
        ReferenceFacts facts = Facts("Charger", gtin: "04006381333931");
        TextAgreement same = TextComparison.Compare(Read("4 006381 333931"), null, facts, IdfWeights.Unknown);
        Assert.Equal(Naming.Gtin, same.Named);
        Assert.True(same.Agreement > 0.95);
        Assert.Equal(0.8, TextComparison.Compare(Read("5901234123457"), null, facts, IdfWeights.Unknown).Contradiction);
        Assert.Equal(Naming.None, TextComparison.Compare(Read("4006381333932"), null, facts, IdfWeights.Unknown).Named); // wrong check digit
    }

    [Fact]
    public void Brand_and_model_in_the_picture_name_the_reference()
    {
        ReferenceFacts facts = Facts("USB charger", brand: "Zentralix", model: "KX-2400");
        TextAgreement both = TextComparison.Compare(Read("ZENTRALIX", "KX-2400", "100-240V"), null, facts, IdfWeights.Unknown);
        Assert.Equal(Naming.BrandAndModel, both.Named);
        Assert.Contains(both.Words, w => w.Source == TextSource.Model && w.ReferenceCorners.Count == 0);
        Assert.Equal(Naming.None, TextComparison.Compare(Read("ZENTRALIX", "KX-9900"), null, facts, IdfWeights.Unknown).Named);
    }

    [Fact]
    public void The_name_of_a_mark_names_it_and_one_word_of_a_products_title_does_not()
    {
        Assert.Equal(Naming.Title, TextComparison.Compare(Read("MERIDIANO"), null, Facts("Meridiano", kind: ReferenceKind.Mark), IdfWeights.Unknown).Named);
        Assert.Equal(Naming.None, TextComparison.Compare(Read("MERIDIANO"), null, Facts("Meridiano Pastelina Doll"), IdfWeights.Unknown).Named);
    }

    [Fact]
    public void Statements_are_found_in_several_languages()
    {
        TextStatements text = TextStatements.Of(Read("Nicht geeignet fur Kinder", "unter 3 Jahren! CE", "hoch entzündlich", "Art. 88231-B 230V 500ml", "4006381333931").Words);
        Assert.Equal([Warning.NotForYoungChildren, Warning.Flammable, Warning.ConformityMark], text.Warnings);
        Assert.Equal(["04006381333931"], text.Gtins);
        Assert.DoesNotContain("230v", text.Models);
        Assert.DoesNotContain("500ml", text.Models);
        Assert.Contains("88231", text.Models);
    }

    [Fact]
    public void A_stored_text_comes_back_as_it_was()
    {
        OcrText text = Read("ZENTRALIX", "KX-2400");
        OcrText back = OcrText.FromJson(text.ToJson());
        Assert.Equal(text.ToJson(), back.ToJson());
        Assert.Equal(text.Words.Select(w => w.Folded), back.Words.Select(w => w.Folded));
        Assert.Contains("Read the picture again", Assert.Throws<InvalidDataException>(() => OcrText.FromJson("{")).Message, StringComparison.Ordinal);
    }

    internal static OcrText Read(params string[] lines) => new(
        [.. lines.Where(l => l.Length > 0).Select((text, i) => new OcrLine(text, 1, [P(0.1f, Y(i)), P(0.9f, Y(i)), P(0.9f, Y(i) + 0.05f), P(0.1f, Y(i) + 0.05f)]))], 0);

    private static TextAgreement Compare(OcrText query, OcrText reference) => TextComparison.Compare(query, reference, null, IdfWeights.Unknown);

    private static ReferenceFacts Facts(string title, string? brand = null, string? model = null, string? gtin = null, ReferenceKind kind = ReferenceKind.Alert) =>
        new(1, kind, title, brand is null ? [] : [brand], model is null ? [] : [model], null, gtin is null ? [] : [gtin]);

    private static float Y(int line) => 0.1f + (0.1f * line);

    private static ImagePoint P(float x, float y) => new(x, y);
}

using Touchstone.Screening.Sellers;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Watches;

namespace Touchstone.Tests.Screening.Watches;

/// <summary>Titles and sellers as they are compared.</summary>
public sealed class TitleShinglesTests
{
    [Theory]
    [InlineData("Face mask FFP2, 50 pieces, white", "FACE MASK FFP2 – 50 pieces (white)", true)]
    [InlineData("Face mask FFP2, 50 pieces, white", "Face mask FFP2, 20 pieces, white", true)]
    [InlineData("Kinder LED Armbanduhr Dinosaurier grün", "Kinder LED Armbanduhr Dinosaurier grün NEU", true)]
    [InlineData("어린이 자석 블록 세트 100개입", "어린이 자석 블록 세트 (100개입)", true)]
    [InlineData("Package 1", "Package 11", false)]
    [InlineData("Toy car red", "Toy car blue", false)]
    [InlineData("Magnetic building blocks 100 pieces", "Wooden building blocks with wagon", false)]
    [InlineData("Angle grinder 125 mm 900 W", "Extension lead 10 m", false)]
    public void Titles_are_nearly_equal_in_spite_of_case_and_signs_and_other_things_are_not(string one, string other, bool equal)
    {
        (TitleShingles left, TitleShingles right) = (new(one), new(other));
        Assert.Equal(equal, left.LikenessTo(right) >= TitleShingles.NearlyEqual);
        if (equal) Assert.True(left.Keys().Intersect(right.Keys()).Any());
    }

    [Fact]
    public void Of_nearly_equal_titles_all_but_one_in_a_hundred_share_a_key_and_few_of_the_others_do()
    {
        var random = new Random(7);
        string[] words = [.. Enumerable.Range(0, 400).Select(_ => string.Concat(Enumerable.Range(0, random.Next(3, 9)).Select(_ => (char)('a' + random.Next(26)))))];
        int near = 0, found = 0, far = 0, mistaken = 0;
        for (int i = 0; i < 2_000; i++)
        {
            string[] title = [.. Enumerable.Range(0, 8).Select(_ => words[random.Next(words.Length)])];
            string[] changed = [.. title];
            changed[random.Next(changed.Length)] = words[random.Next(words.Length)];
            string[] other = [.. Enumerable.Range(0, 8).Select(_ => words[random.Next(words.Length)])];
            TitleShingles one = new(string.Join(' ', title)), edited = new(string.Join(' ', changed)), strange = new(string.Join(' ', other));
            if (one.LikenessTo(edited) >= TitleShingles.NearlyEqual)
            {
                near++;
                if (one.Keys().Intersect(edited.Keys()).Any()) found++;
            }
            if (one.LikenessTo(strange) >= 0.2) continue;
            far++;
            if (one.Keys().Intersect(strange.Keys()).Any()) mistaken++;
        }
        Assert.True(near > 100, $"{near} near pairs");
        Assert.True(found >= 0.99 * near, $"{found} of {near}");
        Assert.True(mistaken <= 0.1 * far, $"{mistaken} of {far}");
    }

    [Theory]
    [InlineData("Bright Trading Co., Ltd.", "bright trading co ltd", true)]
    [InlineData("Ｂｒｉｇｈｔ", "BRIGHT", true)]
    [InlineData("Åse & Søn", "åse og søn", false)]
    [InlineData("김씨네 상점", "김씨네상점", true)]
    [InlineData("Bright", "Brite", false)]
    public void A_seller_is_one_however_it_is_spelled(string one, string other, bool same) => Assert.Equal(same, SellerName.Folded(one) == SellerName.Folded(other));

    [Fact]
    public void A_seller_is_a_name_within_a_shop() => Assert.NotEqual(WatchKeys.SellerOf("a.example", "Bright"), WatchKeys.SellerOf("b.example", "Bright"));

    [Fact]
    public void What_says_nothing_has_no_keys()
    {
        var empty = new ObservationRow { ContentHash = "", Name = " – ", Gtin = "12", Mpn = "X1", Brand = "no brand" };
        Assert.Empty(WatchKeys.NumbersOf(empty));
        Assert.Empty(WatchKeys.TitlesOf(empty, "a.example"));
        Assert.Equal(["gtin:04006381333931", "model:ACME|QX4711"], WatchKeys.NumbersOf(new ObservationRow { ContentHash = "", Gtin = "4006381333931", Brand = "Acme", Mpn = "QX-4711" }));
    }
}

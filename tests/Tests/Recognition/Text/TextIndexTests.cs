using Touchstone.Recognition.Text;

namespace Touchstone.Tests.Recognition.Text;

public sealed class TextIndexTests
{
    private readonly TextIndex index = new();

    public TextIndexTests()
    {
        index.Put(TextOwner.Picture(1), TextWord.Of("ZENTRALIX charger"));
        index.Put(TextOwner.Picture(2), TextWord.Of("Meridiano charger"));
        index.Put(TextOwner.Facts(3), TextWord.Of("Pastel Moon doll"));
    }

    [Theory]
    [InlineData("zentralix", 1)]
    [InlineData("ZENTRA1IX", 1)]
    [InlineData("ZENTRALUX", 1)]
    [InlineData("MERIDLAN0", 2)]
    [InlineData("PASTELMOON", 3)]
    public void A_word_is_found_though_misread(string word, long id) => Assert.Equal(id, index.Find([.. TextWord.Of(word)], 5)[0].Owner.Id);

    [Fact]
    public void The_text_that_shares_more_comes_first() => Assert.Equal([2L, 1L], index.Find([.. TextWord.Of("meridiano charger")], 5).Select(h => h.Owner.Id));

    [Fact]
    public void A_number_is_never_taken_for_another()
    {
        index.Put(TextOwner.Picture(9), TextWord.Of("88231"));
        Assert.Empty(index.Find([.. TextWord.Of("88232")], 5));
    }

    [Fact]
    public void What_was_removed_or_replaced_is_not_found()
    {
        index.Remove(TextOwner.Picture(1));
        index.Put(TextOwner.Picture(2), TextWord.Of("another"));
        Assert.Empty(index.Find([.. TextWord.Of("zentralix meridiano charger")], 5));
        Assert.Equal(2, index.Count);
    }

    [Fact]
    public void A_misread_word_is_found_in_texts_that_came_after_the_first_search_for_one_and_not_in_removed_ones()
    {
        Assert.Equal(1, index.Find([.. TextWord.Of("ZENTRALUX")], 5)[0].Owner.Id);
        index.Put(TextOwner.Facts(4), TextWord.Of("Aquamarina bottle"));
        Assert.Equal(4, index.Find([.. TextWord.Of("AQUAMARIMA")], 5)[0].Owner.Id);
        index.Remove(TextOwner.Picture(1));
        Assert.Empty(index.Find([.. TextWord.Of("ZENTRALUX")], 5));
    }

    [Fact]
    public void A_word_of_every_text_finds_none()
    {
        for (int i = 10; i < 200; i++) index.Put(TextOwner.Picture(i), TextWord.Of($"organic word{i}x"));
        Assert.Empty(index.Find([.. TextWord.Of("organic")], 500));
    }
}

using Touchstone.Crawling.Text;

namespace Touchstone.Tests.Crawling.Text;

public sealed class WholeCharactersTests
{
    [Theory]
    [InlineData("abc", 3, "abc"), InlineData("abc", 2, "ab"), InlineData("a\ud83d\ude00b", 2, "a"), InlineData("a\ud83d\ude00b", 3, "a\ud83d\ude00")]
    public void A_text_is_cut_between_characters(string text, int most, string expected) => Assert.Equal(expected, WholeCharacters.Cut(text, most));

    [Fact]
    public void Halves_of_characters_are_told_as_such_and_whole_ones_stay()
    {
        Assert.Equal("a\ufffdb\ud83d\ude00\ufffd", WholeCharacters.Mend("a\ude00b\ud83d\ude00\ud83d"));
        string whole = "r\u00f8d \ud83d\ude00";
        Assert.Same(whole, WholeCharacters.Mend(whole));
    }
}

using Touchstone.Recognition.Text;

namespace Touchstone.Tests.Recognition.Text;

public sealed class TextWordTests
{
    [Theory]
    [InlineData("L'Oréal Paris", "loreal paris")]
    [InlineData("KX-2400 / 230V", "kx 2400 230v")]
    [InlineData("ModelKX-2400", "model kx 2400")] // blanks that reading dropped
    [InlineData("MERIDIANO75", "meridiano 75")]
    [InlineData("B2B", "b2b")]
    [InlineData("  ", "")]
    public void A_line_falls_into_words(string line, string words) => Assert.Equal(words, string.Join(' ', TextWord.Of(line).Select(w => w.Folded)));

    [Fact]
    public void A_word_knows_its_part_of_the_line()
    {
        TextWord second = TextWord.Of("abcd efgh").ElementAt(1);
        Assert.Equal((5 / 9f, 1f), (second.Start, second.End));
    }
}

using Touchstone.Vision.Ocr;

namespace Touchstone.Tests.Vision.Ocr;

public sealed class CtcDecoderTests
{
    private static readonly CtcDecoder Decoder = new(["a", "b", " "]);

    [Theory]
    [InlineData("1", "a")]
    [InlineData("111", "a")]
    [InlineData("101", "aa")]
    [InlineData("0110020", "ab")]
    [InlineData("13002", "a b")]
    [InlineData("3130", "a")]
    [InlineData("000", "")]
    public void Repeats_are_one_and_blanks_part_them(string classes, string text) => Assert.Equal(text, Decoder.Decode(Steps(classes, 0.9f)).Text);

    [Fact]
    public void The_confidence_is_that_of_the_characters_kept()
    {
        float[] steps = [.. Steps("1", 0.6f), .. Steps("0", 0.99f), .. Steps("2", 0.8f)];
        Assert.Equal(0.7f, Decoder.Decode(steps).Confidence, 3);
        Assert.Equal(0, Decoder.Decode(Steps("00", 0.9f)).Confidence);
    }

    [Fact]
    public void Values_of_another_character_set_are_refused() =>
        Assert.Contains("do not belong together", Assert.Throws<ArgumentException>(() => Decoder.Decode(new float[7])).Message, StringComparison.Ordinal);

    private static float[] Steps(string classes, float probability) =>
        [.. classes.SelectMany(c => Enumerable.Range(0, 4).Select(i => i == c - '0' ? probability : (1 - probability) / 3))];
}

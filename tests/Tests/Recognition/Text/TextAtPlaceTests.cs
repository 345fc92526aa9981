using Touchstone.Recognition.Text;
using Touchstone.Vision.Alignment;

namespace Touchstone.Tests.Recognition.Text;

public sealed class TextAtPlaceTests
{
    // The reference, 400 × 200 px, lies at half its size in the lower right of a picture of the same size.
    private static readonly Placement Half = new([0.5f, 0, 200, 0, 0.5f, 100, 0, 0, 1], (400, 200), (400, 200));

    private static readonly OcrText Reference = new([Line("PRYMAT", 0.2f, 0.2f, 0.8f, 0.4f), Line("SAREPSKA", 0.2f, 0.5f, 0.8f, 0.7f)], 0);

    [Fact]
    public void The_same_lines_at_the_same_places_contradict_nothing()
    {
        TextAtPlace found = TextAtPlace.Compare(Shown("Prymat", "SAREPSKA"), Reference, Half);
        Assert.Equal(0, found.Contradiction);
        Assert.Empty(found.Differing);
    }

    [Fact]
    public void Another_word_at_the_place_of_one_is_named_with_both_places()
    {
        TextAtPlace found = TextAtPlace.Compare(Shown("PRYMAT", "DELIKATESOWA"), Reference, Half);
        DifferingLine line = Assert.Single(found.Differing);
        Assert.Equal(("DELIKATESOWA", "SAREPSKA"), (line.Text, line.ReferenceText));
        Assert.Equal(0.6f, line.ImageCorners[0].X, 3);
        Assert.Equal(0.2f, line.ReferenceCorners[0].X, 3);
        // One line of eight letters otherwise, one of six the same, and the doubt.
        Assert.Equal((8.0 / 12) / ((8.0 / 12) + (6.0 / 12) + 0.5), found.Contradiction, 6);
    }

    [Theory]
    [InlineData("DELIKATESOWA", 0.6f, 0.55f, 0.9f, 0.62f, 0.99f)] // elsewhere
    [InlineData("DELIKATESOWA", 0.6f, 0.7f, 0.9f, 0.95f, 0.99f)] // larger print laid over it
    [InlineData("DELIKATESOWA", 0.6f, 0.75f, 0.9f, 0.85f, 0.6f)] // doubtful
    [InlineData("NEW", 0.6f, 0.75f, 0.9f, 0.85f, 0.99f)] // too short
    [InlineData("SAREP5KA", 0.6f, 0.75f, 0.9f, 0.85f, 0.99f)] // misread
    public void What_lies_elsewhere_or_is_of_other_size_or_doubtful_contradicts_nothing(string text, float left, float top, float right, float bottom, float confidence) =>
        Assert.Empty(TextAtPlace.Compare(new OcrText([Line(text, left, top, right, bottom, confidence)], 0), Reference, Half).Differing);

    [Fact]
    public void Only_a_picture_whose_place_is_known_is_compared_line_by_line()
    {
        var rarity = new TextIndex().Rarity;
        Assert.Same(TextAtPlace.None, TextComparison.Compare(Shown("PRYMAT", "DELIKATESOWA"), Reference, null, rarity).AtPlace);
        Assert.Single(TextComparison.Compare(Shown("PRYMAT", "DELIKATESOWA"), Reference, null, rarity, Half).AtPlace.Differing);
    }

    [Fact]
    public void A_placement_goes_from_parts_to_parts_and_has_a_horizon()
    {
        Assert.Equal(new ImagePoint(0.75f, 0.75f), Half.Locate(new ImagePoint(0.5f, 0.5f)));
        Assert.Null(new Placement([1, 0, 0, 0, 1, 0, -0.01f, 0, 1], (400, 200), (400, 200)).Locate(new ImagePoint(0.5f, 0.5f)));
        Assert.Throws<ArgumentException>(() => new Placement([1, 0, 0], (400, 200), (400, 200)));
        Assert.Throws<ArgumentException>(() => new Placement([1, 0, 0, 0, 1, 0, 0, 0, 1], (0, 200), (400, 200)));
    }

    private static OcrText Shown(string first, string second) => new([Line(first, 0.6f, 0.6f, 0.9f, 0.7f), Line(second, 0.6f, 0.75f, 0.9f, 0.85f)], 0);

    private static OcrLine Line(string text, float left, float top, float right, float bottom, float confidence = 0.99f) =>
        new(text, confidence, [new ImagePoint(left, top), new ImagePoint(right, top), new ImagePoint(right, bottom), new ImagePoint(left, bottom)]);
}

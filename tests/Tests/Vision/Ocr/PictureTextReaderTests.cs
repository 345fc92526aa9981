using System.Numerics;
using Touchstone.Recognition.Text;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.Ocr;
using Touchstone.Vision.Alignment;

namespace Touchstone.Tests.Vision.Ocr;

public sealed class OcrReaderTests : IClassFixture<OcrReaderTests.Reader>
{
    private readonly OcrReader reader;

    public OcrReaderTests(Reader shared) => reader = shared.Instance;

    [Fact]
    public void Lines_are_read_from_top_to_bottom_with_their_places()
    {
        RgbImage label = Printed.Label(400, 300, ("ZENTRALIX", 60, 90, 48), ("Model KX-2400", 60, 180, 28), ("4006381333931", 60, 250, 24));
        OcrResult text = reader.Read(label);
        Assert.Equal(["ZENTRALIX", "ModelKX-2400", "4006381333931"], text.Lines.Select(WithoutBlanks));
        Assert.Equal(0, text.LinesNotRead);
        Assert.All(text.Lines, l => Assert.InRange(l.Confidence, 0.8f, 1f));
        IReadOnlyList<ImagePoint> corners = text.Lines[0].Corners;
        Assert.InRange(corners[0].X, 40, 66);
        Assert.InRange(corners[0].Y, 38, 62);
        Assert.InRange(corners[2].Y, 86, 106);
    }

    [Fact]
    public void A_small_picture_is_enlarged_first() =>
        Assert.Equal("ZENTRALIX", Assert.Single(reader.Read(Printed.Label(150, 80, ("ZENTRALIX", 14, 50, 20))).Lines).Text);

    [Theory]
    [InlineData(12)]
    [InlineData(-30)]
    [InlineData(90)]
    [InlineData(180)]
    [InlineData(270)]
    public void Turned_text_is_read_as_it_runs(double degrees)
    {
        RgbImage turned = ImageOperations.Rotate(Printed.Label(520, 160, ("MERIDIANO-75", 50, 100, 48)), degrees, RgbColour.White);
        TextLine line = Assert.Single(reader.Read(turned).Lines);
        Assert.Equal("MERIDIANO-75", line.Text);
        // The line runs from its first corner to its second.
        double angle = Math.Atan2(line.Corners[1].Y - line.Corners[0].Y, line.Corners[1].X - line.Corners[0].X) * 180 / Math.PI;
        Assert.InRange(Math.Abs(Math.IEEERemainder(angle - degrees, 360)), 0, 6);
    }

    [Fact]
    public void Text_in_perspective_is_read()
    {
        RgbaImage label = RgbaImage.From(Printed.Label(400, 160, ("Pastelina", 50, 100, 60)));
        Vector2[] corners = [new(40, 60), new(380, 20), new(370, 220), new(30, 180)];
        RgbImage seen = ImageOperations.Perspective(label, corners, 420, 260).Flatten(RgbColour.White);
        Assert.Equal("Pastelina", Assert.Single(reader.Read(seen).Lines).Text);
    }

    [Fact]
    public void Cyrillic_lookalikes_fold_to_what_they_imitate()
    {
        // А, О, Р, В, Е, С, Т are Cyrillic here.
        RgbImage disguised = Printed.Label(400, 140, ("РОСКЕТ САТ", 40, 90, 48));
        string read = string.Concat(reader.Read(disguised).Lines.Select(l => l.Text));
        Assert.Equal(Folded("POCKET CAT"), Folded(read));
        Assert.Equal(Folded("POCKET CAT"), Folded("РОСКЕТ САТ"));

        static string Folded(string text) => TextFolding.Skeleton(TextFolding.Fold(text).Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_picture_without_text_gives_none() => Assert.Empty(reader.Read(Imaging.TestPictures.Quadrants(300, 200)).Lines);

    [Fact]
    public void Lines_beyond_the_limit_are_counted()
    {
        using OcrReader two = OcrReader.Load(new OcrOptions { MostLines = 2 });
        OcrResult text = two.Read(Printed.Label(400, 300, ("FIRST", 30, 60, 40), ("SECOND", 30, 160, 40), ("third", 30, 250, 20)));
        Assert.Equal(["FIRST", "SECOND"], text.Lines.Select(WithoutBlanks));
        Assert.Equal(1, text.LinesNotRead);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 900)]
    [InlineData(1024, 2)]
    public void Odd_sizes_do_no_harm(int width, int height) => Assert.Empty(reader.Read(new RgbImage(width, height, new byte[width * height * 3])).Lines);

    [Fact]
    public void An_option_outside_its_range_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => OcrReader.Load(new OcrOptions { DetectorSide = 5000 }));

    // The model drops some blanks between words; those who compare texts reckon with it.
    private static string WithoutBlanks(TextLine line) => line.Text.Replace(" ", "", StringComparison.Ordinal);

    public sealed class Reader : IDisposable
    {
        internal OcrReader Instance { get; } = OcrReader.Load();

        public void Dispose() => Instance.Dispose();
    }
}

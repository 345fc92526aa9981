using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Vision.Embedding;

public sealed class ImageCropsTests
{
    [Fact]
    public void A_mark_above_its_name_gives_both_together_and_each_alone()
    {
        RgbImage picture = Drawing("<circle cx='150' cy='90' r='60' fill='red'/><rect x='60' y='190' width='180' height='40' fill='black'/>");
        IReadOnlyList<RgbImage> views = ImageCrops.Of(picture);
        Assert.Equal(3, views.Count);
        Assert.InRange(views[0].Width, 178, 184);
        Assert.InRange(views[0].Height, 198, 204);
        Assert.InRange(views[1].Width, 118, 124);
        Assert.InRange(views[1].Height, 118, 124);
        Assert.InRange(views[2].Height, 38, 44);
    }

    [Fact]
    public void Content_that_fills_a_plain_picture_needs_no_view()
    {
        Assert.Empty(ImageCrops.Of(Drawing("<rect x='6' y='6' width='288' height='288' fill='navy'/>")));
        Assert.Empty(ImageCrops.Of(Drawing("")));
    }

    [Fact]
    public void Many_separate_parts_are_a_pattern_and_not_parts()
    {
        string dots = string.Concat(Enumerable.Range(0, 25).Select(i => $"<rect x='{30 + (50 * (i % 5))}' y='{30 + (50 * (i / 5))}' width='30' height='30' fill='green'/>"));
        RgbImage view = Assert.Single(ImageCrops.Of(Drawing(dots)));
        Assert.InRange(view.Width, 228, 234);
    }

    [Fact]
    public void A_photo_gives_its_middle_more_and_more_closely()
    {
        RgbImage photo = ImageOperations.AddNoise(Drawing("<rect width='300' height='300' fill='gray'/>"), 90, 4);
        Assert.Equal([(225, 225), (165, 165), (120, 120)], ImageCrops.Of(photo).Select(v => (v.Width, v.Height)));
        RgbImage wide = ImageOperations.Crop(photo, 0, 50, 300, 200);
        Assert.Equal([(200, 200), (150, 150), (110, 110), (80, 80)], ImageCrops.Of(wide).Select(v => (v.Width, v.Height)));
        Assert.Empty(ImageCrops.Of(ImageOperations.Crop(photo, 0, 0, 20, 20)));
    }

    private static RgbImage Drawing(string shapes)
    {
        var white = new byte[300 * 300 * 3];
        Array.Fill(white, (byte)255);
        return ImageOperations.CompositeOver(new RgbImage(300, 300, white), ImageOperations.RasteriseSvg($"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 300 300'>{shapes}</svg>", 300, 300), 0, 0);
    }
}

using Touchstone.Tests.Vision.LocalFeatures;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.LocalFeatures;
using Touchstone.Vision.PerceptualHash;
using Touchstone.Vision.Alignment;

namespace Touchstone.Tests.Vision.Alignment;

public sealed class AlignedCorrelationTests
{
    private static readonly RgbImage Picture = DrawnPicture.Scene(11);
    private static readonly LocalFeatureSet Reference = LocalFeatureExtractor.Extract(Picture);

    [Fact]
    public void A_copy_agrees_all_over()
    {
        VerificationResult result = Verify(ImageOperations.Resize(DrawnPicture.Recoloured(Picture, 0.8, 10), 240, 180));
        Assert.True(result.Aligned is { Reference: > 0.85f, Query: > 0.85f, Visible: > 0.95f }, $"{result.Aligned}");
    }

    [Fact]
    public void A_part_agrees_with_the_part_of_the_reference_that_it_shows()
    {
        VerificationResult result = Verify(ImageOperations.Crop(Picture, 80, 60, 160, 120));
        Assert.True(result.Aligned is { Reference: > 0.8f, Visible: > 0.15f and < 0.45f }, $"{result.Aligned}");
    }

    [Fact]
    public void Another_thing_before_the_same_background_does_not_agree()
    {
        // Keypoints agree on a ring around the middle, as on the floor on which a seller takes all photos.
        RgbImage other = ImageOperations.CompositeOver(Picture, RgbaImage.From(DrawnPicture.Scene(77, 220, 160)), 50, 40);
        VerificationResult result = Verify(other);
        Assert.True(result.Inliers >= 8, $"{result.Inliers} inliers");
        Assert.True(result.Aligned is { Reference: < 0.65f, Query: < 0.65f }, $"{result.Aligned}");
    }

    [Fact]
    public void The_same_print_in_other_colours_is_told_by_its_colours()
    {
        byte[] swapped = [.. Picture.Pixels];
        for (int i = 0; i < swapped.Length; i += 3) (swapped[i], swapped[i + 2]) = (swapped[i + 2], swapped[i]);
        float other = Agreement(new RgbImage(Picture.Width, Picture.Height, swapped)).Colour, same = Agreement(DrawnPicture.Recoloured(Picture, 0.8, 10)).Colour;
        byte[] grey = [.. Enumerable.Range(0, Picture.Pixels.Length).Select(i => Picture.Pixels[i / 3 * 3])];
        Assert.True(other < 0.5f, $"{other} in other colours");
        Assert.True(same > 0.9f, $"{same} of a copy");
        Assert.Equal(1, Agreement(new RgbImage(Picture.Width, Picture.Height, grey)).Colour, 0.001f);
    }

    [Fact]
    public void A_mirrored_copy_agrees_where_it_lies()
    {
        VerificationResult result = Verify(DrawnPicture.Turned(Picture, PictureTurn.MirroredSideways));
        Assert.True(result.Aligned is { Reference: > 0.9f, Query: > 0.9f }, $"{result.Aligned}");
    }

    [Fact]
    public void What_is_laid_over_a_copy_disagrees_less_with_what_the_reference_shows()
    {
        // A plain reference on which a busy patch hides nothing.
        RgbImage plain = ImageOperations.CompositeOver(DrawnPicture.Plain(320, 240, 240), RgbaImage.From(DrawnPicture.Scene(5, 160, 240)), 0, 0);
        RgbImage covered = ImageOperations.CompositeOver(plain, RgbaImage.From(DrawnPicture.Scene(6, 120, 200)), 190, 20);
        Agreement agreement = GeometricVerifier.Verify(LocalFeatureExtractor.Extract(covered), LocalFeatureExtractor.Extract(plain)).Aligned!.Value;
        Assert.True(agreement.Reference > 0.75f && agreement.Query < agreement.Reference - 0.2f, $"{agreement}");
    }

    [Fact]
    public void Where_no_place_is_found_nothing_is_said()
    {
        Assert.Null(Verify(DrawnPicture.Plain(320, 240)).Aligned);
        Assert.Null(GeometricVerifier.Verify(new LocalFeatureSet(10, 10, [], []), Reference).Aligned);
    }

    [Fact]
    public void Without_a_thumbnail_nothing_is_said() =>
        Assert.Null(GeometricVerifier.Verify(Reference, Reference with { Thumbnail = null }).Aligned);

    private static Agreement Agreement(RgbImage query) => Verify(query).Aligned!.Value;

    private static VerificationResult Verify(RgbImage query) => GeometricVerifier.Verify(LocalFeatureExtractor.Extract(query), Reference);
}

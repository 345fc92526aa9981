using Touchstone.Tests.Vision.LocalFeatures;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.LocalFeatures;
using Touchstone.Vision.PerceptualHash;
using Touchstone.Vision.Alignment;

namespace Touchstone.Tests.Vision.Alignment;

public sealed class GeometricVerifierTests
{
    private static readonly RgbImage Picture = DrawnPicture.Scene(11);
    private static readonly LocalFeatureSet Reference = LocalFeatureExtractor.Extract(Picture);

    [Fact]
    public void A_turned_and_shrunk_copy_on_another_picture_is_found_where_it_lies()
    {
        // Query (x, y) shows reference (1.5 (x cos + y sin) − 60, 1.5 (−x sin + y cos) + 30) at 20 degrees.
        (double sin, double cos) = Math.SinCos(20 * Math.PI / 180);
        RgbImage query = DrawnPicture.Warped(Picture, DrawnPicture.Scene(12, 400, 300), [1.5 * cos, 1.5 * sin, -120, -1.5 * sin, 1.5 * cos, -30]);
        VerificationResult result = Verify(query);
        Assert.True(result.Inliers >= 20, $"{result.Inliers} inliers");
        Assert.False(result.Mirrored);
        Assert.InRange(result.Error, 0, 2);
        Assert.InRange(result.ReferenceCoverage, 0.3, 1);
        Assert.InRange(result.QueryCoverage, 0.05, result.ReferenceCoverage);
        // The reference's centre lands where the drawing put it.
        (double u, double v) = (160 + 120, 120 + 30);
        (double x, double y) = ((u * cos - v * sin) / 1.5, (u * sin + v * cos) / 1.5);
        (double foundX, double foundY) = Apply(result.Transform!, 160.5, 120.5);
        Assert.InRange(foundX - 0.5, x - 3, x + 3);
        Assert.InRange(foundY - 0.5, y - 3, y + 3);
    }

    [Fact]
    public void A_copy_shows_what_it_ought_to_and_a_sibling_with_the_same_mark_does_not()
    {
        RgbImage copy = ImageOperations.Crop(Picture, 40, 30, Picture.Width - 90, Picture.Height - 70);
        RgbImage shared = ImageOperations.Crop(Picture, 60, 40, 110, 90);
        RgbImage sibling = ImageOperations.CompositeOver(DrawnPicture.Scene(77, Picture.Width, Picture.Height), RgbaImage.From(shared), 60, 40);
        VerificationResult ofCopy = Verify(copy), ofSibling = Verify(sibling);
        Assert.True(ofCopy.Support > 0.6, $"{ofCopy.Support} of a crop");
        Assert.True(ofSibling.Inliers >= 8, $"{ofSibling.Inliers} inliers of a sibling");
        Assert.True(ofSibling.Support < 0.4, $"{ofSibling.Support} of a sibling");
        Assert.Equal(0, Verify(DrawnPicture.Scene(78)).Support);
    }

    [Fact]
    public void A_mirrored_copy_is_found_and_mapped_in_the_coordinates_given()
    {
        VerificationResult result = Verify(DrawnPicture.Turned(Picture, PictureTurn.MirroredSideways));
        Assert.True(result.Mirrored);
        Assert.True(result.Inliers >= 40, $"{result.Inliers} inliers");
        (double x, double y) = Apply(result.Transform!, 20, 50);
        Assert.InRange(x, 297, 303);
        Assert.InRange(y, 47, 53);
        Assert.All(result.ReferenceRegion, point => Assert.Contains(result.QueryRegion, other => Math.Abs(other.X - (320 - point.X)) < 6 && Math.Abs(other.Y - point.Y) < 6));
    }

    [Fact]
    public void A_mirrored_copy_of_what_is_nearly_the_same_on_both_sides_is_not_taken_for_an_upright_one()
    {
        // All but the middle agrees upright, too.
        RgbImage side = DrawnPicture.Scene(5, 160, 240), sides = ImageOperations.CompositeOver(DrawnPicture.Plain(320, 240), RgbaImage.From(side), 0, 0);
        sides = ImageOperations.CompositeOver(sides, RgbaImage.From(DrawnPicture.Turned(side, PictureTurn.MirroredSideways)), 160, 0);
        RgbImage package = ImageOperations.CompositeOver(sides, RgbaImage.From(DrawnPicture.Scene(77, 140, 200)), 90, 20);
        RgbImage bordered = ImageOperations.CompositeOver(DrawnPicture.Plain(400, 320), RgbaImage.From(DrawnPicture.Turned(package, PictureTurn.MirroredSideways)), 40, 40);
        VerificationResult result = GeometricVerifier.Verify(LocalFeatureExtractor.Extract(bordered), LocalFeatureExtractor.Extract(package));
        Assert.True(result.Mirrored);
        Assert.True(result.Support > 0.6f, $"{result.Support}");
    }

    [Fact]
    public void Mirrored_is_not_tried_if_not_asked_for()
    {
        LocalFeatureSet query = LocalFeatureExtractor.Extract(DrawnPicture.Turned(Picture, PictureTurn.MirroredSideways));
        Assert.Equal(0, GeometricVerifier.Verify(query, Reference, new VerificationOptions { TryMirroredBelow = 0 }).Inliers);
    }

    [Theory]
    [InlineData(0.6, 10)]
    [InlineData(1.3, 25)]
    public void Recoloured_copies_are_found(double factor, int noise) =>
        Assert.True(Verify(DrawnPicture.Recoloured(Picture, factor, noise)).Inliers >= 30);

    [Fact]
    public void A_third_of_the_picture_is_enough()
    {
        RgbImage crop = DrawnPicture.Warped(Picture, DrawnPicture.Plain(180, 140), [1, 0, 70, 0, 1, 40]);
        VerificationResult result = Verify(crop);
        Assert.True(result.Inliers >= 20, $"{result.Inliers} inliers");
        Assert.All(result.ReferenceRegion, point => Assert.InRange(point.X, 65, 255));
    }

    [Fact]
    public void A_perspective_view_is_explained()
    {
        byte[] pixels = DrawnPicture.Plain(320, 240).Pixels;
        for (int y = 0; y < 240; y++)
            for (int x = 0; x < 320; x++)
            {
                double w = 1 + (0.0012 * x) + (0.0004 * y);
                (int sx, int sy) = ((int)(1.3 * x / w), (int)(1.2 * y / w));
                if (sx < 320 && sy < 240) Picture.Pixels.AsSpan(((sy * 320) + sx) * 3, 3).CopyTo(pixels.AsSpan(((y * 320) + x) * 3));
            }
        VerificationResult result = Verify(new RgbImage(320, 240, pixels));
        Assert.True(result.Inliers >= 25, $"{result.Inliers} inliers");
        Assert.InRange(result.Error, 0, 2.5);
    }

    [Fact]
    public void Unrelated_pictures_have_next_to_no_inliers()
    {
        LocalFeatureSet[] sets = [.. Enumerable.Range(20, 12).Select(seed => LocalFeatureExtractor.Extract(DrawnPicture.Scene(seed)))];
        List<int> inliers = [];
        for (int i = 0; i < sets.Length; i++)
            for (int j = 0; j < sets.Length; j++)
                if (i != j) inliers.Add(GeometricVerifier.Verify(sets[i], sets[j]).Inliers);
        Assert.True(inliers.Max() <= 6, $"{inliers.Max()} inliers");
        Assert.True(inliers.Count(count => count > 0) <= inliers.Count / 20);
    }

    [Fact]
    public void Keypoints_piled_on_one_spot_count_once()
    {
        Keypoint[] keypoints = [.. Enumerable.Repeat(new Keypoint(50, 50, 4, 0), 40)];
        byte[] descriptors = new byte[40 * 128];
        new Random(1).NextBytes(descriptors);
        var pile = new LocalFeatureSet(100, 100, keypoints, descriptors);
        VerificationResult result = GeometricVerifier.Verify(pile, pile);
        Assert.Equal(40, result.TentativeMatches);
        Assert.Equal(0, result.Inliers);
        Assert.Null(result.Transform);
    }

    [Fact]
    public void Equal_input_gives_equal_results()
    {
        LocalFeatureSet query = LocalFeatureExtractor.Extract(DrawnPicture.Recoloured(Picture, 0.9, 20));
        VerificationResult first = GeometricVerifier.Verify(query, Reference);
        VerificationResult second = GeometricVerifier.Verify(query, Reference);
        Assert.Equal(first.Inliers, second.Inliers);
        Assert.Equal(first.Transform, second.Transform);
        Assert.Equal(first.QueryRegion, second.QueryRegion);
    }

    [Fact]
    public void Empty_sets_are_compared_without_harm()
    {
        var empty = new LocalFeatureSet(10, 10, [], []);
        Assert.Equal(0, GeometricVerifier.Verify(empty, Reference).Inliers);
        Assert.Equal(0, GeometricVerifier.Verify(Reference, empty).Inliers);
    }

    private static VerificationResult Verify(RgbImage query) => GeometricVerifier.Verify(LocalFeatureExtractor.Extract(query), Reference);

    private static (double X, double Y) Apply(float[] t, double x, double y)
    {
        double w = (t[6] * x) + (t[7] * y) + t[8];
        return (((t[0] * x) + (t[1] * y) + t[2]) / w, ((t[3] * x) + (t[4] * y) + t[5]) / w);
    }
}

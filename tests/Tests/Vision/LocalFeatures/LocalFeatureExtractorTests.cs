using Touchstone.Vision.Imaging;
using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Tests.Vision.LocalFeatures;

public sealed class LocalFeatureExtractorTests
{
    [Fact]
    public void Features_lie_in_the_picture_and_have_unit_descriptors()
    {
        LocalFeatureSet set = LocalFeatureExtractor.Extract(DrawnPicture.Scene(1));
        Assert.InRange(set.Keypoints.Length, 50, 600);
        Assert.Equal(set.Keypoints.Length * LocalFeatureSet.DescriptorLength, set.Descriptors.Length);
        for (int i = 0; i < set.Keypoints.Length; i++)
        {
            Assert.InRange(set.Keypoints[i].X, 0, set.Width);
            Assert.InRange(set.Keypoints[i].Y, 0, set.Height);
            Assert.InRange(set.Keypoints[i].Angle, -MathF.PI, MathF.PI);
            Assert.True(set.Keypoints[i].Scale > 0);
            double norm = Math.Sqrt(set.Descriptors.AsSpan(i * 128, 128).ToArray().Sum(value => (double)value * value));
            Assert.InRange(norm, 440, 530);
        }
    }

    [Fact]
    public void Equal_pictures_give_equal_features()
    {
        LocalFeatureSet first = LocalFeatureExtractor.Extract(DrawnPicture.Scene(2));
        LocalFeatureSet second = LocalFeatureExtractor.Extract(DrawnPicture.Scene(2));
        Assert.Equal(first.Keypoints, second.Keypoints);
        Assert.Equal(first.Descriptors, second.Descriptors);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 900)]
    [InlineData(17, 17)]
    [InlineData(33, 200)]
    public void Odd_sizes_are_read_without_harm(int width, int height)
    {
        LocalFeatureSet set = LocalFeatureExtractor.Extract(DrawnPicture.Scene(3, width, height, 20));
        Assert.Equal((width, height), (set.Width, set.Height));
        Assert.All(set.Keypoints, point => Assert.True(float.IsFinite(point.X + point.Y + point.Scale + point.Angle)));
    }

    [Fact]
    public void Plain_pictures_have_no_features() => Assert.Empty(LocalFeatureExtractor.Extract(DrawnPicture.Plain(300, 300)).Keypoints);

    [Fact]
    public void Keypoints_are_limited_and_spread()
    {
        RgbImage picture = DrawnPicture.Scene(4, 480, 360, 300);
        LocalFeatureSet set = LocalFeatureExtractor.Extract(picture, new LocalFeatureOptions { MaxKeypoints = 100 });
        Assert.Equal(100, set.Keypoints.Length);
        Assert.True(set.Keypoints.Select(point => ((int)(point.X / 120), (int)(point.Y / 120))).Distinct().Count() >= 10);
    }

    [Fact]
    public void Coordinates_are_those_of_the_picture_given()
    {
        RgbImage picture = DrawnPicture.Scene(5, 300, 200);
        RgbImage large = DrawnPicture.Warped(picture, DrawnPicture.Plain(1200, 800), [0.25, 0, -0.375, 0, 0.25, -0.375]);
        LocalFeatureSet small = LocalFeatureExtractor.Extract(picture, new LocalFeatureOptions { MaxSide = 300, DoubleUpTo = 0 });
        LocalFeatureSet big = LocalFeatureExtractor.Extract(large, new LocalFeatureOptions { MaxSide = 300 });
        int repeated = big.Keypoints.Count(point => small.Keypoints.Any(other =>
            Math.Abs(((point.X + 0.5f) / 4) - (other.X + 0.5f)) < 1 && Math.Abs(((point.Y + 0.5f) / 4) - (other.Y + 0.5f)) < 1 && Math.Abs((point.Scale / 4 / other.Scale) - 1) < 0.3));
        Assert.True(repeated > 0.7 * big.Keypoints.Length, $"{repeated} of {big.Keypoints.Length}");
    }

    [Fact]
    public void Remapped_mirror_equals_extraction_from_the_mirrored_picture()
    {
        RgbImage picture = DrawnPicture.Scene(6);
        LocalFeatureSet remapped = LocalFeatureExtractor.Extract(picture).Mirrored();
        LocalFeatureSet extracted = LocalFeatureExtractor.Extract(DrawnPicture.Turned(picture, Touchstone.Vision.PerceptualHash.PictureTurn.MirroredSideways));
        int close = 0;
        for (int i = 0; i < remapped.Keypoints.Length; i++)
            for (int j = 0; j < extracted.Keypoints.Length; j++)
                if (Near(remapped.Keypoints[i], extracted.Keypoints[j]) && Distance(remapped, i, extracted, j) < 100) { close++; break; }
        Assert.True(close > 0.8 * remapped.Keypoints.Length, $"{close} of {remapped.Keypoints.Length}");
    }

    [Fact]
    public void Options_outside_their_range_are_refused()
    {
        RgbImage picture = DrawnPicture.Plain(10, 10);
        Assert.Throws<ArgumentOutOfRangeException>(() => LocalFeatureExtractor.Extract(picture, new LocalFeatureOptions { MaxSide = 10 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => LocalFeatureExtractor.Extract(picture, new LocalFeatureOptions { MaxKeypoints = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => LocalFeatureExtractor.Extract(picture, new LocalFeatureOptions { ContrastThreshold = float.NaN }));
    }

    private static bool Near(Keypoint left, Keypoint right) =>
        Math.Abs(left.X - right.X) < 1 && Math.Abs(left.Y - right.Y) < 1 && Math.Abs(MathF.IEEERemainder(left.Angle - right.Angle, 2 * MathF.PI)) < 0.1f;

    private static double Distance(LocalFeatureSet left, int i, LocalFeatureSet right, int j)
    {
        double sum = 0;
        for (int k = 0; k < 128; k++)
        {
            double difference = left.Descriptors[(i * 128) + k] - right.Descriptors[(j * 128) + k];
            sum += difference * difference;
        }
        return Math.Sqrt(sum);
    }
}

using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Tests.Vision.LocalFeatures;

public sealed class LocalFeatureFormatTests
{
    private static readonly LocalFeatureSet Set = LocalFeatureExtractor.Extract(DrawnPicture.Scene(1, 200, 150, 40));

    [Fact]
    public void Stored_features_are_read_back()
    {
        LocalFeatureSet read = LocalFeatureSet.FromBytes(Set.ToBytes());
        Assert.Equal((Set.Width, Set.Height), (read.Width, read.Height));
        Assert.Equal(Set.Keypoints.Length, read.Keypoints.Length);
        for (int i = 0; i < Set.Keypoints.Length; i++)
        {
            Assert.Equal(Set.Keypoints[i].X, read.Keypoints[i].X, 0.01);
            Assert.Equal(Set.Keypoints[i].Y, read.Keypoints[i].Y, 0.01);
            Assert.Equal(1, read.Keypoints[i].Scale / Set.Keypoints[i].Scale, 0.03);
            Assert.Equal(1, Math.Cos(read.Keypoints[i].Angle - Set.Keypoints[i].Angle), 0.001);
        }
        // Steps of 10.5; what is above 160 is cut.
        for (int i = 0; i < Set.Descriptors.Length; i++) Assert.True(Math.Abs(Math.Min((int)Set.Descriptors[i], 160) - read.Descriptors[i]) <= 6, $"{Set.Descriptors[i]} became {read.Descriptors[i]}");
        foreach ((BytePlane written, BytePlane found) in ((BytePlane, BytePlane)[])[(Set.Thumbnail!.Luma, read.Thumbnail!.Luma), (Set.Thumbnail.Blue, read.Thumbnail.Blue), (Set.Thumbnail.Red, read.Thumbnail.Red)])
        {
            Assert.Equal((written.Width, written.Height), (found.Width, found.Height));
            for (int i = 0; i < written.Pixels.Length; i++) Assert.True(Math.Abs(written.Pixels[i] - found.Pixels[i]) <= 2);
        }
    }

    [Fact]
    public void What_was_read_back_is_stored_as_it_is() => Assert.Equal(Set.ToBytes(), LocalFeatureSet.FromBytes(Set.ToBytes()).ToBytes());

    [Fact]
    public void Features_without_a_thumbnail_are_read_back_without_one() =>
        Assert.Null(LocalFeatureSet.FromBytes((Set with { Thumbnail = null }).ToBytes()).Thumbnail);

    [Fact]
    public void A_thumbnail_of_a_size_that_it_has_not_is_refused()
    {
        Thumbnail made = Set.Thumbnail!;
        int at = 11 + (70 * Set.Keypoints.Length);
        Refused(Changed(at, 0));
        Refused(Changed(at + 1, (byte)(made.Luma.Height - 1)));
        Refused(Changed(at, 255));
    }

    [Fact]
    public void Every_cut_is_refused()
    {
        byte[] bytes = Set.ToBytes();
        for (int length = 0; length < bytes.Length; length += length < 64 ? 1 : 997) Refused(bytes[..length]);
        Refused([.. bytes, 0]);
    }

    [Fact]
    public void Another_version_is_refused() => Refused(Changed(0, 3));

    [Fact]
    public void Lying_sizes_are_refused()
    {
        Refused(Changed(4, 0xFF));
        Refused(Changed(10, 0xFF));
        Refused(Changed(9, (byte)(Set.Keypoints.Length + 1)));
    }

    private static byte[] Changed(int at, byte value)
    {
        byte[] bytes = Set.ToBytes();
        bytes[at] = value;
        return bytes;
    }

    private static void Refused(byte[] bytes) => Assert.Throws<InvalidDataException>(() => LocalFeatureSet.FromBytes(bytes));
}

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
        Assert.Equal(Set.Keypoints, read.Keypoints);
        Assert.Equal(Set.Descriptors, read.Descriptors);
        foreach ((BytePlane written, BytePlane found) in ((BytePlane, BytePlane)[])[(Set.Thumbnail!.Luma, read.Thumbnail!.Luma), (Set.Thumbnail.Blue, read.Thumbnail.Blue), (Set.Thumbnail.Red, read.Thumbnail.Red)])
        {
            Assert.Equal((written.Width, written.Height), (found.Width, found.Height));
            Assert.Equal(written.Pixels, found.Pixels);
        }
    }

    [Fact]
    public void Features_without_a_thumbnail_are_read_back_without_one() =>
        Assert.Null(LocalFeatureSet.FromBytes((Set with { Thumbnail = null }).ToBytes()).Thumbnail);

    [Fact]
    public void A_thumbnail_of_a_size_that_it_has_not_is_refused()
    {
        Thumbnail made = Set.Thumbnail!;
        int at = Set.ToBytes().Length - made.Luma.Pixels.Length - made.Blue.Pixels.Length - made.Red.Pixels.Length - 2;
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
    public void Another_version_is_refused_and_known_as_such()
    {
        Refused(Changed(0, 2));
        Assert.False(LocalFeatureSet.IsCurrent(Changed(0, 2)));
        Assert.True(LocalFeatureSet.IsCurrent(Set.ToBytes()));
    }

    [Fact]
    public void Lying_sizes_are_refused()
    {
        Refused(Changed(4, 0xFF));
        Refused(Changed(12, 0xFF));
        Refused(Changed(9, (byte)(Set.Keypoints.Length + 1)));
    }

    [Fact]
    public void Keypoints_that_are_no_numbers_are_refused()
    {
        byte[] bytes = Set.ToBytes();
        BitConverter.GetBytes(float.NaN).CopyTo(bytes, 13);
        Refused(bytes);
        bytes = Set.ToBytes();
        BitConverter.GetBytes(1e9f).CopyTo(bytes, 17);
        Refused(bytes);
        bytes = Set.ToBytes();
        BitConverter.GetBytes(-1f).CopyTo(bytes, 21);
        Refused(bytes);
    }

    private static byte[] Changed(int at, byte value)
    {
        byte[] bytes = Set.ToBytes();
        bytes[at] = value;
        return bytes;
    }

    private static void Refused(byte[] bytes) => Assert.Throws<InvalidDataException>(() => LocalFeatureSet.FromBytes(bytes));
}

using Touchstone.Tests.Vision.LocalFeatures;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.PerceptualHash;

namespace Touchstone.Tests.Vision.PerceptualHash;

public sealed class PdqHasherTests
{
    /// <summary>The publishers' match threshold in bits.</summary>
    private const int MatchDistance = 31;

    [Fact]
    public void Light_edits_stay_within_the_match_distance()
    {
        RgbImage picture = DrawnPicture.Scene(1);
        PdqResult original = PdqHasher.Compute(picture);
        PdqResult darkened = PdqHasher.Compute(DrawnPicture.Recoloured(picture, 0.8, 12));
        RgbImage half = DrawnPicture.Warped(picture, DrawnPicture.Plain(160, 120), [2, 0, 0.5, 0, 2, 0.5]);
        Assert.True(original.Quality >= 50);
        Assert.InRange(original.Hash.DistanceTo(darkened.Hash), 0, MatchDistance);
        Assert.InRange(original.Hash.DistanceTo(PdqHasher.Compute(half).Hash), 0, MatchDistance);
    }

    [Fact]
    public void Different_pictures_are_far_apart()
    {
        PdqHash[] hashes = [.. Enumerable.Range(1, 8).Select(seed => PdqHasher.Compute(DrawnPicture.Scene(seed)).Hash)];
        for (int i = 0; i < hashes.Length; i++)
            for (int j = i + 1; j < hashes.Length; j++) Assert.True(hashes[i].DistanceTo(hashes[j]) > 2 * MatchDistance);
    }

    [Theory]
    [InlineData(PictureTurn.None)]
    [InlineData(PictureTurn.Clockwise90)]
    [InlineData(PictureTurn.Clockwise180)]
    [InlineData(PictureTurn.Clockwise270)]
    [InlineData(PictureTurn.MirroredSideways)]
    [InlineData(PictureTurn.MirroredUpsideDown)]
    [InlineData(PictureTurn.Transposed)]
    [InlineData(PictureTurn.Transversed)]
    public void A_turned_hash_is_nearly_the_hash_of_the_turned_picture(PictureTurn turn)
    {
        RgbImage picture = DrawnPicture.Scene(3, 384, 256);
        PdqHash hash = PdqHasher.Compute(picture).Hash, turned = PdqHasher.Compute(DrawnPicture.Turned(picture, turn)).Hash;
        (PictureTurn nearest, int distance) = hash.NearestTurn(turned);
        Assert.Equal(turn, nearest);
        Assert.InRange(distance, 0, MatchDistance);
        Assert.Equal(hash.Turned(turn).DistanceTo(turned), distance);
        Assert.Equal(hash.Turned(turn), hash.InEveryTurn()[(int)turn]);
    }

    [Fact]
    public void Half_of_the_bits_are_set()
    {
        PdqHash hash = PdqHasher.Compute(DrawnPicture.Scene(5)).Hash;
        Assert.Equal(128, hash.DistanceTo(default));
    }

    [Fact]
    public void Featureless_and_tiny_pictures_have_no_quality()
    {
        Assert.Equal(0, PdqHasher.Compute(DrawnPicture.Plain(200, 100)).Quality);
        Assert.Equal(default, PdqHasher.Compute(DrawnPicture.Scene(1, 4, 300, 3)));
    }

    [Fact]
    public void Large_pictures_hash_like_their_reduction()
    {
        RgbImage picture = DrawnPicture.Scene(7, 400, 300);
        RgbImage large = DrawnPicture.Warped(picture, DrawnPicture.Plain(1200, 900), [399 / 1199.0, 0, 0, 0, 299 / 899.0, 0]);
        Assert.InRange(PdqHasher.Compute(picture).Hash.DistanceTo(PdqHasher.Compute(large).Hash), 0, MatchDistance);
    }
}

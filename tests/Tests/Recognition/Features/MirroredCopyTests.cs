using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Tests.Vision.LocalFeatures;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.PerceptualHash;

namespace Touchstone.Tests.Recognition.Features;

/// <summary>A copy that was mirrored or turned is a copy.</summary>
public sealed class MirroredCopyTests
{
    private static readonly RgbImage Picture = DrawnPicture.Scene(3, 384, 256);

    [Theory]
    [InlineData(PictureTurn.MirroredSideways)]
    [InlineData(PictureTurn.MirroredUpsideDown)]
    [InlineData(PictureTurn.Clockwise90)]
    [InlineData(PictureTurn.Transposed)]
    public void Its_hash_is_the_reference_s_in_another_turn(PictureTurn turn)
    {
        ImageFeatures reference = Features("a", Picture), copy = Features("b", DrawnPicture.Turned(Picture, turn));
        Assert.True(reference.Pdq.Hash.DistanceTo(copy.Pdq.Hash) > ImageFeatures.SameImagePdq);
        Assert.True(copy.IsCopyOf(reference));
        Assert.InRange(copy.PdqDistanceTo(reference)!.Value, 0, ImageFeatures.SameImagePdq);
    }

    [Fact]
    public void Of_other_pictures_the_upright_distance_counts()
    {
        ImageFeatures one = Features("a", Picture), other = Features("b", DrawnPicture.Scene(4, 384, 256));
        Assert.False(one.IsCopyOf(other));
        Assert.Equal(one.Pdq.Hash.DistanceTo(other.Pdq.Hash), one.PdqDistanceTo(other));
    }

    [Fact]
    public void A_gallery_proposes_the_reference_for_it()
    {
        ModelEntry model = new() { Id = "hashes", Dimension = 4 };
        using ReferenceGallery gallery = new(model);
        for (int i = 1; i <= 30; i++) gallery.Put(Image(i), Features($"{i}", DrawnPicture.Scene(i, 384, 256)));
        Assert.Equal(3, gallery.FindCandidates(Features("query", DrawnPicture.Turned(Picture, PictureTurn.MirroredSideways)), 1)[0].Image.ReferenceImageId);
    }

    private static GalleryImage Image(int id) => new(id, id, ReferenceKind.Alert, $"{id}");

    private static ImageFeatures Features(string sha256, RgbImage image) => new(sha256, PdqHasher.Compute(image), new ImageEmbedding("hashes", [1, 0, 0, 0], []), null);
}

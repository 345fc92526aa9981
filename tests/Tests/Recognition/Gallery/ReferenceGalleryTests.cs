using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Recognition.Gallery;

public sealed class ReferenceGalleryTests
{
    [Fact]
    public void A_package_that_covers_a_twentieth_of_a_busy_scene_is_proposed_by_its_keypoints()
    {
        using ImageEmbedder embedder = ImageEmbedder.Load(ModelCatalog.Load());
        var reader = new FeatureExtractor(new ImageDecoder(), embedder);
        using var gallery = new ReferenceGallery(reader.Model);
        for (int i = 0; i < 40; i++) gallery.Put(new GalleryImage(i, i, ReferenceKind.Alert, $"{i}"), reader.Describe($"{i}", Drawn.Package(i)));

        // Twelve other packages in rows, one of them laid over by the one that is sought, at a quarter of its side.
        RgbImage scene = ImageOperations.Resize(Drawn.Package(100), 900, 900);
        for (int i = 0; i < 12; i++) scene = ImageOperations.CompositeOver(scene, RgbaImage.From(ImageOperations.Resize(Drawn.Package(200 + i), 210, 210)), 20 + (215 * (i % 4)), 40 + (290 * (i / 4)));
        scene = ImageOperations.CompositeOver(scene, RgbaImage.From(ImageOperations.Resize(Drawn.Package(17), 200, 200)), 455, 335);
        ImageFeatures query = reader.Describe("scene", scene);

        Assert.Contains(gallery.FindCandidates(query, 6), c => c.Image.ReferenceId == 17);
        Assert.True(gallery.Remove(17));
        Assert.DoesNotContain(gallery.FindCandidates(query, 40), c => c.Image.ReferenceId == 17);
    }

    [Fact]
    public void Equal_pictures_come_before_similar_ones()
    {
        using ImageEmbedder embedder = ImageEmbedder.Load(ModelCatalog.Load());
        var reader = new FeatureExtractor(new ImageDecoder(), embedder);
        using var gallery = new ReferenceGallery(reader.Model);
        ImageFeatures described = reader.Describe("equal", Drawn.Package(1));
        for (int i = 0; i < 8; i++) gallery.Put(new GalleryImage(i, i, ReferenceKind.Alert, i == 5 ? "equal" : $"{i}"), i == 5 ? described : reader.Describe($"{i}", Drawn.Package(i + 10)));
        Assert.Equal(5, gallery.FindCandidates(described, 3)[0].Image.ReferenceId);
        Assert.Equal(3, gallery.FindCandidates(described, 3).Count);
    }
}

using Touchstone.Index;
using Touchstone.Vision.Embedding;

namespace Touchstone.Recognition.Gallery;

/// <summary>In which spaces a model's embeddings are searched: as a whole and, where the model tells, as the part that windows are compared with. Immutable.</summary>
internal sealed record GallerySpaces(VectorSpace Whole, VectorSpace? Part, VectorLayout Layout)
{
    public static GallerySpaces Of(ModelEntry model)
    {
        var whole = new VectorSpace(model.Id + "/global", model.Dimension);
        if (model.RegionOffset is not { } offset) return new GallerySpaces(whole, null, new VectorLayout(whole));
        var part = new VectorSpace(model.Id + "/region", model.RegionDimension);
        return new GallerySpaces(whole, part, new VectorLayout(whole, new VectorView(part, offset)));
    }
}

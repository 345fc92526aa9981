using System.Numerics.Tensors;
using Touchstone.Index;
using Touchstone.Index.Graph;
using Touchstone.Index.Keypoints;
using Touchstone.Recognition.Features;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Recognition.Gallery;

/// <summary>
/// What a gallery's indexes hold of a picture, and in which space its vectors are searched: by the part that windows are compared with where the model tells one, else as a whole. By both no more
/// marks, emblems or packages are found (docs/performance.md). Immutable; safe for concurrent use.
/// </summary>
internal sealed class GalleryContents
{
    private readonly ModelEntry model;
    private readonly int keypointsOfMark, keypointsOfThing;
    private readonly float likeAnother;

    private GalleryContents(ModelEntry model, bool fine, int keypointsOfMark, int keypointsOfThing, float likeAnother)
    {
        (this.model, this.keypointsOfMark, this.keypointsOfThing, this.likeAnother) = (model, keypointsOfMark, keypointsOfThing, likeAnother);
        Graph = new GraphOptions { KeepsResiduals = fine };
        Space = model.RegionOffset is null ? new VectorSpace(model.Id + "/global", model.Dimension) : new VectorSpace(model.Id + "/region", model.RegionDimension);
        Layout = new VectorLayout(Space);
    }

    /// <summary>In which vectors are held and searched.</summary>
    public VectorSpace Space { get; }

    public VectorLayout Layout { get; }

    /// <summary>How the graphs are built.</summary>
    public GraphOptions Graph { get; }

    public string ModelId => model.Id;

    /// <summary>
    /// Of references. No more marks on photos, car emblems or packages are found with 300 of a reference's keypoints. A margin's width moves an embedding so little as a cosine of .92: of 20,000 drawn marks
    /// each has 1.78 vectors then in place of 2.01 at .96, and as many on photos are found.
    /// </summary>
    public static GalleryContents OfReferences(ModelEntry model) => new(model, fine: true, keypointsOfMark: 100, keypointsOfThing: 150, likeAnother: 0.92f);

    /// <summary>
    /// Of what listings showed, of which there are a hundred times as many: vectors in 8 bits, without views nearer than a cosine of .9 to one before, and fewer keypoints. It takes half of what a reference's contents take, and finds as many copies
    /// (docs/performance.md).
    /// </summary>
    public static GalleryContents OfSeen(ModelEntry model) => new(model, fine: false, keypointsOfMark: 90, keypointsOfThing: 90, likeAnother: 0.9f);

    /// <summary>A vector of a picture or a view as it is held and searched.</summary>
    public float[] InSpace(float[] whole) => model.RegionOffset is null ? whole : model.RegionView(whole);

    /// <summary>The vectors of the whole picture and of its views but those that nearly equal one before.</summary>
    public IReadOnlyList<float[]> VectorsOf(ImageFeatures features)
    {
        var kept = new List<float[]>();
        foreach (float[] vector in features.Wholes.Select(InSpace))
            if (!kept.Exists(k => TensorPrimitives.Dot<float>(k, vector) >= likeAnother)) kept.Add(vector);
        return kept;
    }

    /// <summary>The strongest keypoints of an image; null where it has none.</summary>
    public KeypointQuery? KeypointsOf(ImageFeatures features, ReferenceKind kind)
    {
        if (features.LocalFeatures is not { Keypoints.Length: > 0 } local) return null;
        int kept = Math.Min(local.Keypoints.Length, kind == ReferenceKind.Mark ? keypointsOfMark : keypointsOfThing);
        return new KeypointQuery(Array.ConvertAll(local.Keypoints[..kept], IndexedFeatures.Indexed), local.Descriptors.AsMemory(0, kept * LocalFeatureSet.DescriptorLength));
    }
}

using Touchstone.Recognition.Features;
using Touchstone.Vision.Embedding;

namespace Touchstone.Recognition.Gallery;

/// <summary>A picture that a listing showed. <paramref name="Number"/>: by which the installation counts those pictures.</summary>
public readonly record struct SeenPicture(long Number, string Sha256);

/// <summary>
/// The pictures that listings showed, in the same indexes as references, memory-mapped files with what came since beside them: asked the other way round, with a
/// reference's picture. Safe for concurrent use as <see cref="ReferenceGallery"/> is.
/// </summary>
/// <param name="model">Whose embeddings are held.</param>
/// <param name="folder">Where generations are kept; null: everything stays in memory.</param>
/// <param name="options">How they are merged; what is compared for one picture is chosen here.</param>
public sealed class SeenGallery(ModelEntry model, GalleryFolder? folder, GalleryOptions options) : IDisposable
{
    // A look back is asked once in the life of a reference, and of ten to a hundred times as many pictures as a gallery holds: some 100 ms.
    private const long KeypointBudget = 3_000_000;

    // What it shows is not known; nothing asks for it.
    private const ReferenceKind Shown = ReferenceKind.Mark;

    /// <summary>The indexes, to be merged.</summary>
    public ReferenceGallery Pictures { get; } = new(model, GalleryContents.OfSeen, folder, new GalleryOptions { MergeFrom = options.MergeFrom, MergeEvery = options.MergeEvery, KeypointBudget = KeypointBudget });

    public int Count => Pictures.Count;

    public bool Contains(SeenPicture picture) => Pictures.Contains(picture.Number, picture.Sha256);

    /// <summary>Takes a picture in; found when this returns.</summary>
    /// <exception cref="ArgumentException">The features are another model's.</exception>
    public void Put(SeenPicture picture, ImageFeatures features) => Pictures.Put(EntryOf(picture), features);

    /// <summary>The entry of a picture: it is its own reference.</summary>
    public static GalleryImage EntryOf(SeenPicture picture) => new(picture.Number, picture.Number, Shown, picture.Sha256);

    /// <summary>
    /// Makes the files of a folder of these pictures and no others, without holding them in memory beside their vectors. A gallery that is open uses them when it is opened again.
    /// </summary>
    /// <param name="progress">Told the share of the vectors that are linked, 0..1, once all are there; from any thread.</param>
    /// <returns>False where another process is at the folder.</returns>
    public static Task<bool> FillAsync(GalleryFolder folder, ModelEntry model, IAsyncEnumerable<(GalleryImage Image, ImageFeatures Features)> images, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(model);
        return folder.FillAsync(GalleryContents.OfSeen(model), images, progress, cancellationToken);
    }

    /// <summary>The pictures that may show what a reference's picture shows: equal and nearly equal ones first, then in turns the most similar ones and those that share most keypoints.</summary>
    /// <param name="limit">At least 1.</param>
    /// <exception cref="ArgumentException">The reference is described by another model.</exception>
    public IReadOnlyList<SeenPicture> Near(ImageFeatures reference, int limit) =>
        [.. Pictures.FindCandidates(reference, limit).Select(c => new SeenPicture(c.Image.ReferenceImageId, c.Image.Sha256))];

    /// <summary>The pictures that are the same as a picture as far as bytes and perceptual hashes tell, turned or mirrored, too (<see cref="ImageFeatures.IsCopyOf"/>); the nearest first.</summary>
    /// <param name="limit">At least 1.</param>
    /// <exception cref="ArgumentException">The picture is described by another model.</exception>
    public IReadOnlyList<SeenPicture> CopiesOf(ImageFeatures picture, int limit) => [.. Pictures.CopiesOf(picture, limit).Select(i => new SeenPicture(i.ReferenceImageId, i.Sha256))];

    public void Dispose() => Pictures.Dispose();
}

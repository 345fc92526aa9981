using System.Collections.Concurrent;
using Touchstone.Index.Exact;
using Touchstone.Index.Hamming;
using Touchstone.Index.Keypoints;
using Touchstone.Recognition.Features;

namespace Touchstone.Recognition.Gallery;

/// <summary>
/// What a gallery holds beside its generation, in memory: images that came or changed since, and the ids of the generation's that are gone or replaced. Safe for
/// concurrent searches and changes.
/// </summary>
internal sealed class GalleryDelta(GalleryContents contents) : IDisposable
{
    private readonly ConcurrentDictionary<long, GalleryImage> images = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<long, byte>> bySha = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, ConcurrentDictionary<long, byte>> byReference = new();
    private readonly ConcurrentDictionary<long, byte> superseded = new();

    public ExactIndex Vectors { get; } = new(contents.Layout, VectorPrecision.Int8);

    public HammingIndex Hashes { get; } = new();

    public KeypointIndex Keypoints { get; } = new(VisualVocabulary.Shipped);

    public int Count => images.Count;

    /// <summary>Ids of the generation that are gone or replaced.</summary>
    public int Superseded => superseded.Count;

    public IReadOnlyCollection<GalleryImage> Images => [.. images.Values];

    public GalleryImage? Find(long id) => images.GetValueOrDefault(id);

    public IEnumerable<GalleryImage> OfReference(long referenceId) => Of(byReference.GetValueOrDefault(referenceId));

    public IEnumerable<GalleryImage> OfHash(string sha256) => Of(bySha.GetValueOrDefault(sha256));

    public void Put(GalleryImage image, ImageFeatures features)
    {
        images[image.ReferenceImageId] = image;
        bySha.GetOrAdd(image.Sha256, _ => new()).TryAdd(image.ReferenceImageId, 0);
        byReference.GetOrAdd(image.ReferenceId, _ => new()).TryAdd(image.ReferenceImageId, 0);
        foreach (float[] vector in contents.VectorsOf(features)) Vectors.Add(image.ReferenceImageId, contents.Layout.Whole, vector);
        if (IndexedFeatures.HashOf(features) is { } key) Hashes.Add(image.ReferenceImageId, key);
        if (contents.KeypointsOf(features, image.Kind) is { } query) Keypoints.Put(image.ReferenceImageId, query.Keypoints.Span, query.Descriptors.Span);
    }

    public bool Remove(long id)
    {
        if (!images.TryRemove(id, out GalleryImage? held)) return false;
        Vectors.Remove(id);
        Hashes.Remove(id);
        Keypoints.Remove(id);
        if (bySha.TryGetValue(held.Sha256, out var same)) same.TryRemove(id, out _);
        if (byReference.TryGetValue(held.ReferenceId, out var own)) own.TryRemove(id, out _);
        return true;
    }

    /// <summary>The generation's image of that id counts no more; false if it did not before.</summary>
    public bool Supersede(long id) => superseded.TryAdd(id, 0);

    public bool IsSuperseded(long id) => superseded.ContainsKey(id);

    public IReadOnlySet<long> SupersededIds() => superseded.Keys.ToHashSet();

    public void Restore(IEnumerable<long> stillSuperseded)
    {
        superseded.Clear();
        foreach (long id in stillSuperseded) superseded.TryAdd(id, 0);
    }

    public void Dispose()
    {
        Vectors.Dispose();
        Hashes.Dispose();
        Keypoints.Dispose();
    }

    private IEnumerable<GalleryImage> Of(ConcurrentDictionary<long, byte>? ids) => ids is null ? [] : ids.Keys.Order().Select(Find).OfType<GalleryImage>();
}

using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Touchstone.Index;
using Touchstone.Index.Exact;
using Touchstone.Index.Hamming;
using Touchstone.Index.Keypoints;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Text;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Recognition.Gallery;

/// <summary>A reference picture in the gallery.</summary>
public sealed record GalleryImage(long ReferenceImageId, long ReferenceId, ReferenceKind Kind, string Sha256);

/// <summary>A reference picture that a query may show.</summary>
public sealed record Candidate(GalleryImage Image);

/// <summary>How near a picture comes at a first look to any mark and to any other reference; cosines, −1 where there is none, 1 for an equal or nearly equal picture.</summary>
public readonly record struct Nearness(double Things, double Marks)
{
    /// <summary>The nearer of both in each.</summary>
    public Nearness Or(Nearness other) => new(Math.Max(Things, other.Things), Math.Max(Marks, other.Marks));
}

/// <summary>
/// The reference pictures in memory, searched by hash, by PDQ distance, by vectors of the whole picture and of its windows, and by
/// shared keypoints. One model's embeddings only. Safe for concurrent searches and changes.
/// </summary>
public sealed class ReferenceGallery : IDisposable
{
    private const int PdqCandidateDistance = 63;
    private const int MinimumPdqQuality = 50;

    /// <summary>Neighbours that a first look asks for.</summary>
    private const int Looked = 8;

    private readonly ModelEntry model;
    private readonly ExactIndex vectors;
    private readonly VectorSpace whole;
    private readonly VectorSpace? part;
    private readonly HammingIndex hashes = new();
    private readonly KeypointIndex keypoints = new(DescriptorWords.Shipped);
    private readonly ConcurrentDictionary<long, GalleryImage> images = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<long, byte>> bySha = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, ConcurrentDictionary<long, byte>> byReference = new();
    private long fingerprint;
    private long generation;

    public ReferenceGallery(ModelEntry model)
    {
        this.model = model;
        whole = new VectorSpace(model.Id + "/global", model.Dimension);
        part = model.RegionOffset is not null ? new VectorSpace(model.Id + "/region", model.RegionDimension) : null;
        vectors = new ExactIndex(part is null ? new VectorLayout(whole) : new VectorLayout(whole, new VectorView(part, model.RegionOffset!.Value)), VectorPrecision.Int8);
    }

    /// <summary>What the references are known by besides their images.</summary>
    public IdentifierLookup Identifiers { get; } = new();

    /// <summary>What the register says of the references, and what is printed in their images.</summary>
    public ReferenceTexts Texts { get; } = new();

    /// <summary>The model whose embeddings are held.</summary>
    public string ModelId => model.Id;

    public int Count => images.Count;

    public long Generation => Interlocked.Read(ref generation);

    /// <summary>Equal for equal contents, in whatever order they came; 16 hexadecimal digits.</summary>
    public string Fingerprint => $"{Interlocked.Read(ref fingerprint):x16}";

    public bool Contains(long referenceImageId, string sha256) => images.TryGetValue(referenceImageId, out GalleryImage? held) && held.Sha256 == sha256;

    /// <summary>The reference picture of that id, or null.</summary>
    public GalleryImage? Find(long referenceImageId) => images.GetValueOrDefault(referenceImageId);

    /// <summary>The pictures of a reference.</summary>
    public IEnumerable<GalleryImage> ImagesOf(long referenceId) =>
        byReference.TryGetValue(referenceId, out var ids) ? ids.Keys.Order().Select(id => images.GetValueOrDefault(id)).OfType<GalleryImage>() : [];

    /// <summary>Adds or replaces a reference picture; searchable when this returns.</summary>
    /// <exception cref="ArgumentException">The description is another model's.</exception>
    public void Put(GalleryImage image, ImageFeatures description)
    {
        Check(description);
        Remove(image.ReferenceImageId);
        images[image.ReferenceImageId] = image;
        bySha.GetOrAdd(image.Sha256, _ => new()).TryAdd(image.ReferenceImageId, 0);
        byReference.GetOrAdd(image.ReferenceId, _ => new()).TryAdd(image.ReferenceImageId, 0);
        foreach (float[] view in description.Wholes) vectors.Add(image.ReferenceImageId, whole, view);
        if (description.Pdq.Quality >= MinimumPdqQuality)
        {
            var h = description.Pdq.Hash;
            hashes.Add(image.ReferenceImageId, [h.A, h.B, h.C, h.D]);
        }
        if (description.LocalFeatures is { } local) keypoints.Put(image.ReferenceImageId, Indexed(local), local.Descriptors);
        Changed(image);
    }

    public bool Remove(long referenceImageId)
    {
        if (!images.TryRemove(referenceImageId, out GalleryImage? held)) return false;
        vectors.Remove(referenceImageId);
        hashes.Remove(referenceImageId);
        keypoints.Remove(referenceImageId);
        if (bySha.TryGetValue(held.Sha256, out var ids)) ids.TryRemove(referenceImageId, out _);
        if (byReference.TryGetValue(held.ReferenceId, out var own)) own.TryRemove(referenceImageId, out _);
        Changed(held);
        return true;
    }

    /// <summary>
    /// The pictures that the query may show, at most <paramref name="limit"/>: equal and nearly equal pictures first, then in turns the most
    /// similar ones and those that share most keypoints, so that neither way of seeing crowds out the other.
    /// </summary>
    /// <exception cref="ArgumentException">The query is described by another model.</exception>
    public IReadOnlyList<Candidate> FindCandidates(ImageFeatures query, int limit)
    {
        Check(query);
        var proposed = new ProposalList(limit);
        proposed.Add(Copies(query, limit));
        proposed.AddInTurns(Similar(query, limit), SharingKeypoints(query, limit));
        return [.. from id in proposed.Ids where images.ContainsKey(id) select new Candidate(images[id])];
    }

    /// <summary>The reference images whose own text, or whose reference's facts, share telling words with a text, most telling first; at most <paramref name="limit"/>.</summary>
    public IReadOnlyList<Candidate> FindByText(OcrText text, int limit)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Words.Count == 0) return [];
        return [.. Texts.Find(text, 2 * limit)
            .SelectMany(hit => hit.Owner.IsPicture ? Of(Find(hit.Owner.Id)) : ImagesOf(hit.Owner.Id))
            .DistinctBy(image => image.ReferenceImageId).Take(limit).Select(image => new Candidate(image))];

        static IEnumerable<GalleryImage> Of(GalleryImage? image) => image is null ? [] : [image];
    }

    /// <summary>
    /// How near a picture comes at a first look to any mark and to any other reference: at most the best cosine of the whole picture or one of
    /// its windows with a view of such a reference. Grows with the gallery.
    /// </summary>
    public Nearness Nearest(ImageFeatures glance)
    {
        ArgumentNullException.ThrowIfNull(glance);
        if (Copies(glance, 1).Any()) return new Nearness(1, 1);
        Nearness best = AtMost(vectors.Search(whole, glance.Embedding.Global, Looked)[0]);
        if (part is null) return best;
        float[] views = [.. model.RegionView(glance.Embedding.Global), .. glance.Embedding.Regions.SelectMany(r => r)];
        return vectors.Search(part, views, Looked).Aggregate(best, (nearest, found) => nearest.Or(AtMost(found)));
    }

    /// <summary>Where all that was looked at is of one sort, the other comes no nearer than the last of it.</summary>
    private Nearness AtMost(IReadOnlyList<Neighbour> found)
    {
        double beyond = found.Count == Looked ? found[^1].Score : -1;
        (double things, double marks) = (beyond, beyond);
        foreach (Neighbour neighbour in found)
        {
            if (images.GetValueOrDefault(neighbour.Id)?.Kind == ReferenceKind.Mark) marks = Math.Max(marks, neighbour.Score);
            else things = Math.Max(things, neighbour.Score);
        }
        return new Nearness(things, marks);
    }

    /// <exception cref="ArgumentException">The features are another model's.</exception>
    internal void Check(ImageFeatures features)
    {
        if (features.Embedding.ModelId != model.Id) throw new ArgumentException($"The gallery holds embeddings of {model.Id}, not of {features.Embedding.ModelId}.", nameof(features));
    }

    public void Dispose()
    {
        vectors.Dispose();
        hashes.Dispose();
        keypoints.Dispose();
    }

    private IEnumerable<long> Copies(ImageFeatures query, int limit)
    {
        IEnumerable<long> equal = bySha.TryGetValue(query.Sha256, out var same) ? same.Keys.Order() : [];
        if (query.Pdq.Quality < MinimumPdqQuality) return equal;
        var h = query.Pdq.Hash;
        return equal.Concat(hashes.Search([h.A, h.B, h.C, h.D], PdqCandidateDistance, limit).Select(n => n.Id));
    }

    private IEnumerable<long> Similar(ImageFeatures query, int limit)
    {
        var best = new Dictionary<long, double>();
        Offer(best, vectors.Search(whole, [.. query.Wholes.SelectMany(v => v)], limit));
        if (part is not null)
        {
            Offer(best, vectors.Search(part, [.. query.Wholes.SelectMany(v => model.RegionView(v))], limit));
            Offer(best, vectors.Search(part, [.. query.Embedding.Regions.SelectMany(r => r)], Math.Min(limit, 5)));
        }
        return best.OrderByDescending(b => b.Value).ThenBy(b => b.Key).Select(b => b.Key);
    }

    private IEnumerable<long> SharingKeypoints(ImageFeatures query, int limit)
    {
        if (query.LocalFeatures is not { Keypoints.Length: > 0 } upright) return [];
        LocalFeatureSet mirrored = upright.Mirrored();
        IEnumerable<KeypointVotes> votes = keypoints.Search(Indexed(upright), upright.Descriptors, limit).Concat(keypoints.Search(Indexed(mirrored), mirrored.Descriptors, limit));
        return votes.OrderByDescending(v => v.Votes).ThenBy(v => v.Id).Select(v => v.Id);
    }

    private static IndexedKeypoint[] Indexed(LocalFeatureSet local) => Array.ConvertAll(local.Keypoints, k => new IndexedKeypoint(k.Angle, k.Scale));

    private static void Offer(Dictionary<long, double> best, Neighbour[][] found)
    {
        foreach (Neighbour n in found.SelectMany(f => f)) best[n.Id] = Math.Max(n.Score, best.GetValueOrDefault(n.Id, double.MinValue));
    }

    private void Changed(GalleryImage image)
    {
        long bits = BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{image.ReferenceImageId}:{image.ReferenceId}:{image.Sha256}")));
        long seen, next;
        do
        {
            seen = Interlocked.Read(ref fingerprint);
            next = seen ^ bits;
        }
        while (Interlocked.CompareExchange(ref fingerprint, next, seen) != seen);
        Interlocked.Increment(ref generation);
    }
}

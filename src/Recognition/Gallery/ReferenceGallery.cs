using System.Runtime.CompilerServices;
using Touchstone.Index;
using Touchstone.Index.Hamming;
using Touchstone.Index.Keypoints;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Text;
using Touchstone.Vision.Embedding;

namespace Touchstone.Recognition.Gallery;

/// <summary>
/// The reference pictures, searched by hash, by PDQ distance, by vectors of the whole picture and of its windows, and by shared keypoints: an immutable
/// generation in memory-mapped files and, beside it, what came since. One model's embeddings only. Safe for concurrent searches, changes and one
/// <see cref="MergeAsync"/> at a time; a search sees every change that returned before it began.
/// </summary>
public sealed class ReferenceGallery : IDisposable
{
    private const int PdqCandidateDistance = 63;

    /// <summary>Neighbours that a first look asks for.</summary>
    private const int Looked = 8;

    private const int MergedShare = 10;
    private const int Batch = 256;

    private readonly ModelEntry model;
    private readonly GalleryFolder? folder;
    private readonly int mergeFrom;
    private readonly long keypointBudget;
    private readonly GalleryContents contents;
    private readonly GalleryDelta delta;
    private readonly ReaderWriterLockSlim swap = new();
    private GalleryGeneration? generation;
    private long fingerprint;
    private long changes;

    /// <param name="model">Whose embeddings are held.</param>
    /// <param name="folder">Where generations are kept; null: everything stays in memory.</param>
    /// <param name="options">Null: the defaults.</param>
    public ReferenceGallery(ModelEntry model, GalleryFolder? folder = null, GalleryOptions? options = null)
        : this(model, GalleryContents.OfReferences, folder, options)
    {
    }

    /// <param name="contents">What the indexes hold of a picture.</param>
    internal ReferenceGallery(ModelEntry model, Func<ModelEntry, GalleryContents> contents, GalleryFolder? folder, GalleryOptions? options)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new GalleryOptions();
        (this.model, this.folder, mergeFrom, keypointBudget) = (model, folder, options.MergeFrom, options.KeypointBudget);
        ArgumentOutOfRangeException.ThrowIfLessThan(mergeFrom, 1, nameof(GalleryOptions.MergeFrom));
        this.contents = contents(model);
        delta = new GalleryDelta(this.contents);
        string? fault = null;
        generation = folder?.Open(this.contents, out fault);
        if (generation is not null) fingerprint = generation.Entries.Fingerprint;
        Fault = generation is null ? fault : null;
    }

    /// <summary>What the references are known by besides their images.</summary>
    public IdentifierLookup Identifiers { get; } = new();

    /// <summary>What the register says of the references, and what is printed in their images.</summary>
    public ReferenceTexts Texts { get; } = new();

    /// <summary>The model whose embeddings are held.</summary>
    public string ModelId => model.Id;

    public int Count => (generation?.Entries.Count ?? 0) - delta.Superseded + delta.Count;

    /// <summary>Pictures that the generation in use does not hold, or holds no more.</summary>
    public int Unmerged => delta.Count + delta.Superseded;

    /// <summary>Grows with each change in this process.</summary>
    public long Generation => Interlocked.Read(ref changes);

    /// <summary>Equal for equal contents, in whatever order they came; 16 hexadecimal digits.</summary>
    public string Fingerprint => $"{Interlocked.Read(ref fingerprint):x16}";

    /// <summary>Why the generation that was there when this was opened could not be used, for people: its pictures are taken anew. Null where it could.</summary>
    public string? Fault { get; }

    /// <summary>Bytes of the files of the generation in use, which is the memory that it takes at most, and how many vectors they hold.</summary>
    public (long Bytes, int Vectors) Stored() => Reading(() => (generation?.Bytes ?? 0, generation?.Vectors.Count ?? 0));

    /// <summary>Whether so much lies in memory that a merge pays.</summary>
    public bool IsMergeDue => folder is not null && Unmerged >= Math.Max(mergeFrom, Count / MergedShare);

    public bool Contains(long referenceImageId, string sha256) => Find(referenceImageId) is { } held && held.Sha256 == sha256;

    /// <summary>The reference picture of that id, or null.</summary>
    public GalleryImage? Find(long referenceImageId) => Reading(() => Held(referenceImageId));

    /// <summary>The pictures of a reference.</summary>
    public IReadOnlyList<GalleryImage> ImagesOf(long referenceId) =>
        Reading<IReadOnlyList<GalleryImage>>(() => [.. Alive(generation?.Entries.OfReference(referenceId)).Concat(delta.OfReference(referenceId)).OrderBy(i => i.ReferenceImageId)]);

    /// <summary>Adds or replaces a reference picture; searchable when this returns.</summary>
    /// <exception cref="ArgumentException">The features are another model's.</exception>
    public void Put(GalleryImage image, ImageFeatures features)
    {
        ArgumentNullException.ThrowIfNull(image);
        Check(features);
        Reading(() =>
        {
            Drop(image.ReferenceImageId);
            delta.Put(image, features);
            Changed(image);
            return true;
        });
    }

    public bool Remove(long referenceImageId) => Reading(() => Drop(referenceImageId));

    /// <summary>
    /// The pictures that the query may show, at most <paramref name="limit"/>: equal and nearly equal pictures first, then in turns the most
    /// similar ones and those that share most keypoints, so that neither way of seeing crowds out the other.
    /// </summary>
    /// <param name="query">All its features are asked with.</param>
    /// <param name="limit">At least 1.</param>
    /// <param name="threads">More than 1: both ways of seeing are gone at the same time.</param>
    /// <exception cref="ArgumentException">The query is described by another model.</exception>
    public IReadOnlyList<Candidate> FindCandidates(ImageFeatures query, int limit, int threads = 1)
    {
        Check(query);
        return Reading<IReadOnlyList<Candidate>>(() =>
        {
            var proposed = new ProposalList(limit);
            proposed.Add(Copies(query, PdqCandidateDistance, limit));
            IEnumerable<long> similar = [], sharing = [];
            // This thread holds the lock for both.
            Parallel.Invoke(new ParallelOptions { MaxDegreeOfParallelism = threads }, () => similar = Similar(query, limit), () => sharing = SharingKeypoints(query, limit));
            proposed.AddInTurns(similar, sharing);
            return [.. proposed.Ids.Select(Held).OfType<GalleryImage>().Select(image => new Candidate(image))];
        });
    }

    /// <summary>The pictures that are the same as far as bytes and perceptual hashes tell (<see cref="ImageFeatures.IsCopyOf"/>), the nearest first.</summary>
    internal IReadOnlyList<GalleryImage> CopiesOf(ImageFeatures query, int limit)
    {
        Check(query);
        return Reading<IReadOnlyList<GalleryImage>>(() => [.. Copies(query, ImageFeatures.SameImagePdq, limit).Distinct().Take(limit).Select(Held).OfType<GalleryImage>()]);
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
        return Reading(() =>
        {
            if (Copies(glance, PdqCandidateDistance, 1).Any()) return new Nearness(1, 1);
            float[] views = [.. contents.InSpace(glance.Embedding.Global), .. WindowsOf(glance)];
            return Neighbours(contents.Space, views, Looked).Aggregate(new Nearness(-1, -1), (nearest, found) => nearest.Or(AtMost(found)));
        });
    }

    /// <summary>
    /// Writes what lies in memory into a new generation and uses that; searches and changes go on beside it, and wait only while the one is exchanged
    /// for the other. Whoever is killed meanwhile opens with the earlier one.
    /// </summary>
    /// <param name="source">Where the features of what lies in memory are found; what it does not have stays in memory.</param>
    /// <returns>False where there is no folder, nothing to merge, or another process merges.</returns>
    public async Task<bool> MergeAsync(IFeatureSource source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (folder is null || Unmerged == 0) return false;
        GalleryGeneration? before = generation;
        IReadOnlySet<long> superseded = delta.SupersededIds();
        IReadOnlyCollection<GalleryImage> waiting = delta.Images;
        var merged = new List<GalleryImage>();
        GalleryGeneration? after = await folder.ReplaceAsync(contents, path => GalleryGeneration.WriteAsync(path, contents, before, id => !superseded.Contains(id), Noted(Features(waiting, source, cancellationToken)), null, cancellationToken));
        if (after is null) return false;
        swap.EnterWriteLock();
        try
        {
            // What changed while the files were written counts as it is now.
            List<long> replaced = [.. delta.SupersededIds().Where(id => !superseded.Contains(id))];
            foreach (GalleryImage image in merged)
            {
                if (delta.Find(image.ReferenceImageId) == image) delta.Remove(image.ReferenceImageId);
                else replaced.Add(image.ReferenceImageId);
            }
            delta.Restore(replaced);
            generation = after;
        }
        finally
        {
            swap.ExitWriteLock();
        }
        before?.Dispose();
        folder.DeleteOld();
        return true;

        async IAsyncEnumerable<(GalleryImage Image, ImageFeatures Features)> Noted(IAsyncEnumerable<(GalleryImage Image, ImageFeatures Features)> added)
        {
            await foreach ((GalleryImage Image, ImageFeatures Features) one in added)
            {
                merged.Add(one.Image);
                yield return one;
            }
        }
    }

    public void Dispose()
    {
        delta.Dispose();
        generation?.Dispose();
        swap.Dispose();
    }

    /// <exception cref="ArgumentException">The features are another model's.</exception>
    internal void Check(ImageFeatures features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Embedding.ModelId != model.Id) throw new ArgumentException($"The gallery holds embeddings of {model.Id}, not of {features.Embedding.ModelId}.", nameof(features));
    }

    private static async IAsyncEnumerable<(GalleryImage Image, ImageFeatures Features)> Features(IReadOnlyCollection<GalleryImage> images, IFeatureSource source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (GalleryImage[] batch in images.OrderBy(i => i.ReferenceImageId).Chunk(Batch))
        {
            IReadOnlyDictionary<string, ImageFeatures> found = await source.FindAsync([.. batch.Select(i => i.Sha256)], cancellationToken);
            foreach (GalleryImage image in batch)
                if (found.TryGetValue(image.Sha256, out ImageFeatures? features)) yield return (image, features);
        }
    }

    /// <summary>While it runs, the generation stays the same one and open.</summary>
    private T Reading<T>(Func<T> read)
    {
        swap.EnterReadLock();
        try
        {
            return read();
        }
        finally
        {
            swap.ExitReadLock();
        }
    }

    private GalleryImage? Held(long id) => delta.Find(id) ?? (delta.IsSuperseded(id) ? null : generation?.Entries.Find(id));

    private IEnumerable<GalleryImage> Alive(IReadOnlyList<GalleryImage>? entries) => entries?.Where(e => !delta.IsSuperseded(e.ReferenceImageId)) ?? [];

    private bool Drop(long id)
    {
        GalleryImage? held = Held(id);
        if (held is null) return false;
        if (!delta.Remove(id)) delta.Supersede(id);
        Changed(held);
        return true;
    }

    /// <summary>For each query the best of both sets.</summary>
    private Neighbour[][] Neighbours(VectorSpace space, float[] queries, int k)
    {
        Neighbour[][] recent = delta.Vectors.Search(space, queries, k);
        if (generation is null) return recent;
        Neighbour[][] kept = generation.Vectors.Search(space, queries, k, delta.Superseded == 0 ? null : id => !delta.IsSuperseded(id));
        return [.. kept.Zip(recent, (a, b) => b.Length == 0 ? a : a.Concat(b).OrderByDescending(n => n.Score).ThenBy(n => n.Id).Take(k).ToArray())];
    }

    /// <summary>Where all that was looked at is of one sort, the other comes no nearer than the last of it.</summary>
    private Nearness AtMost(Neighbour[] found)
    {
        double beyond = found.Length == Looked ? found[^1].Score : -1;
        (double things, double marks) = (beyond, beyond);
        foreach (Neighbour neighbour in found)
        {
            if (Held(neighbour.Id)?.Kind == ReferenceKind.Mark) marks = Math.Max(marks, neighbour.Score);
            else things = Math.Max(things, neighbour.Score);
        }
        return new Nearness(things, marks);
    }

    private IEnumerable<long> Copies(ImageFeatures query, int bits, int limit)
    {
        IEnumerable<long> equal = Alive(generation?.Entries.OfHash(query.Sha256)).Concat(delta.OfHash(query.Sha256)).Select(i => i.ReferenceImageId).Order();
        if (IndexedFeatures.AskedHashesOf(query) is not { } keys) return equal;
        HammingPart[] parts = generation is null ? [new HammingPart(delta.Hashes)] : [new HammingPart(generation.Hashes, id => !delta.IsSuperseded(id)), new HammingPart(delta.Hashes)];
        return equal.Concat(HammingSearch.Find(parts, keys, bits, limit).Select(n => n.Id));
    }

    private IEnumerable<long> Similar(ImageFeatures query, int limit)
    {
        var best = new Dictionary<long, double>();
        Offer(best, Neighbours(contents.Space, [.. query.Wholes.SelectMany(contents.InSpace)], limit));
        Offer(best, Neighbours(contents.Space, WindowsOf(query), Math.Min(limit, 5)));
        return best.OrderByDescending(b => b.Value).ThenBy(b => b.Key).Select(b => b.Key);
    }

    /// <summary>The vectors of a picture's windows; none of a model that tells no part to compare them with.</summary>
    private float[] WindowsOf(ImageFeatures query) => model.RegionOffset is null ? [] : [.. query.Embedding.Regions.SelectMany(r => r)];

    private IEnumerable<long> SharingKeypoints(ImageFeatures query, int limit)
    {
        if (query.LocalFeatures is not { Keypoints.Length: > 0 } upright) return [];
        KeypointPart[] parts = generation is null ? [new KeypointPart(delta.Keypoints)] : [new KeypointPart(generation.Keypoints, id => !delta.IsSuperseded(id)), new KeypointPart(delta.Keypoints)];
        return KeypointSearch.Find(parts, [IndexedFeatures.Asked(upright), IndexedFeatures.Asked(upright.Mirrored())], limit, keypointBudget).Votes.Select(v => v.Id);
    }

    private static void Offer(Dictionary<long, double> best, Neighbour[][] found)
    {
        foreach (Neighbour n in found.SelectMany(f => f)) best[n.Id] = Math.Max(n.Score, best.GetValueOrDefault(n.Id, double.MinValue));
    }

    private void Changed(GalleryImage image)
    {
        long bits = GalleryFingerprint.Of(image), seen = Interlocked.Read(ref fingerprint);
        while (Interlocked.CompareExchange(ref fingerprint, seen ^ bits, seen) is var now && now != seen) seen = now;
        Interlocked.Increment(ref changes);
    }
}

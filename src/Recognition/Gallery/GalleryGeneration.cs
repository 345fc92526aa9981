using Touchstone.Index.Graph;
using Touchstone.Index.Hamming;
using Touchstone.Index.Keypoints;
using Touchstone.Index.Segments;
using Touchstone.Recognition.Features;

namespace Touchstone.Recognition.Gallery;

/// <summary>
/// A state of a gallery in a folder of memory-mapped files: entries, vectors with their graphs, perceptual hashes, keypoint postings. Opening reads next to
/// nothing, whatever its size. Immutable; safe for concurrent use.
/// </summary>
internal sealed class GalleryGeneration : IDisposable
{
    private const string EntriesFile = "entries", VectorsFile = "vectors", HashesFile = "hashes", KeypointsFile = "keypoints", HashSpace = "pdq";
    private const int LeastRoom = 1_024;

    private GalleryGeneration(string folder, GalleryEntries entries, GraphIndex vectors, HammingSegment hashes, KeypointSegment keypoints) =>
        (Folder, Entries, Vectors, Hashes, Keypoints) = (folder, entries, vectors, hashes, keypoints);

    public string Folder { get; }

    public GalleryEntries Entries { get; }

    public GraphIndex Vectors { get; }

    public HammingSegment Hashes { get; }

    public KeypointSegment Keypoints { get; }

    /// <summary>Bytes of its files, which are the bytes of memory that it takes at most.</summary>
    public long Bytes => Entries.Bytes + Vectors.Length + Hashes.Bytes + Keypoints.Bytes;

    /// <exception cref="SegmentFileException">A file is missing, damaged, or of another model or version.</exception>
    public static GalleryGeneration Open(string folder, GalleryContents contents)
    {
        var opened = new List<IDisposable>();
        T Kept<T>(T part)
            where T : IDisposable
        {
            opened.Add(part);
            return part;
        }
        try
        {
            return new GalleryGeneration(
                folder,
                Kept(GalleryEntries.Open(Path.Combine(folder, EntriesFile), contents.ModelId)),
                Kept(GraphIndex.Open(Path.Combine(folder, VectorsFile), contents.Layout)),
                Kept(HammingSegment.Open(Path.Combine(folder, HashesFile), HashSpace)),
                Kept(KeypointSegment.Open(Path.Combine(folder, KeypointsFile), VisualVocabulary.Shipped)));
        }
        catch
        {
            foreach (IDisposable part in opened) part.Dispose();
            throw;
        }
    }

    /// <summary>Writes what is kept of an earlier generation and further images into a folder.</summary>
    /// <param name="before">Null: there is none.</param>
    /// <param name="isKept">Of the earlier one's image ids.</param>
    /// <param name="added">Asked for in batches, so that memory holds the vectors alone.</param>
    /// <param name="progress">Told the share of the vectors that are linked, once all are there.</param>
    public static async Task WriteAsync(string folder, GalleryContents contents, GalleryGeneration? before, Func<long, bool> isKept, IAsyncEnumerable<(GalleryImage Image, ImageFeatures Features)> added, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var entries = new GalleryEntriesBuilder();
        // What is merged is about a tenth; room that has to be doubled is held twice meanwhile.
        var vectors = new GraphBuilder(contents.Layout, contents.Graph, capacity: Math.Max(LeastRoom, (before?.Vectors.Count ?? 0) / 4 * 5));
        using var hashes = new HammingSegmentBuilder(Path.Combine(folder, HashesFile), HashSpace);
        using var keypoints = new KeypointSegmentBuilder(Path.Combine(folder, KeypointsFile), VisualVocabulary.Shipped);
        if (before is not null)
        {
            foreach (GalleryImage entry in before.Entries.All())
                if (isKept(entry.ReferenceImageId)) entries.Add(entry);
            vectors.AddFrom(before.Vectors, isKept);
            hashes.AddAll(before.Hashes, isKept);
            keypoints.AddAll(before.Keypoints, isKept);
        }
        await foreach ((GalleryImage image, ImageFeatures features) in added.WithCancellation(cancellationToken))
        {
            entries.Add(image);
            foreach (float[] vector in contents.VectorsOf(features)) vectors.Add(image.ReferenceImageId, contents.Layout.Whole, vector);
            if (IndexedFeatures.HashOf(features) is { } key) hashes.Add(image.ReferenceImageId, key);
            if (contents.KeypointsOf(features, image.Kind) is { } query) keypoints.Add(image.ReferenceImageId, query.Keypoints.Span, query.Descriptors.Span);
        }
        hashes.Commit();
        keypoints.Commit();
        entries.Write(Path.Combine(folder, EntriesFile), contents.ModelId);
        vectors.Write(Path.Combine(folder, VectorsFile), progress, cancellationToken);
    }

    public void Dispose()
    {
        Entries.Dispose();
        Vectors.Dispose();
        Hashes.Dispose();
        Keypoints.Dispose();
    }
}

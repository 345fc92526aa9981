using System.Collections.Concurrent;
using System.Diagnostics;
using Touchstone.Evaluation.MarkRegister;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Text;
using Touchstone.Vision.Embedding;

namespace Touchstone.Evaluation.LookBacks;

/// <summary>
/// The features of what was seen, as an installation reads them: the planted copies first, then made ones. Making one takes time that no installation spends: it is done once and kept,
/// and the time is added up, to be taken off. Safe for concurrent use.
/// </summary>
internal sealed class SeenFeatures(PlantedCopies planted, MadeMarks made, ModelEntry model) : IFeatureSource
{
    private readonly Dictionary<string, ImageFeatures> known = planted.Copies.Select(c => c.Features).Concat(planted.Alerts).Concat(planted.Others).DistinctBy(f => f.Sha256).ToDictionary(f => f.Sha256, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> stored = new(StringComparer.Ordinal);
    private long making;

    // No index takes more keypoints of a picture.
    private const int MostIndexed = 150;

    /// <summary>Time spent on making so far, on the thread that asks.</summary>
    public TimeSpan Making => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref making));

    /// <summary>What an index takes of it.</summary>
    public ImageFeatures Of(int number) => number < planted.Copies.Count ? planted.Copies[number].Features : made.MakeIndexed(number, DescribedMarks.Sha256Of(number), MostIndexed);

    /// <summary>The name and the vector of the whole picture alone.</summary>
    public (string Sha256, float[] Whole) WholeOf(int number) =>
        number < planted.Copies.Count ? (planted.Copies[number].Features.Sha256, planted.Copies[number].Features.Embedding.Global) : (DescribedMarks.Sha256Of(number), made.Whole(number));

    public Task<IReadOnlyDictionary<string, ImageFeatures>> FindAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        string[] wanted = [.. sha256s.Where(s => !known.ContainsKey(s))];
        foreach (string sha256 in wanted) stored.GetOrAdd(sha256, s => FeatureFormat.Write(made.Make(DescribedMarks.NumberOf(s), s)));
        Interlocked.Add(ref making, Stopwatch.GetTimestamp() - start);
        Dictionary<string, ImageFeatures> found = wanted.ToDictionary(s => s, s => FeatureFormat.Read(s, model, stored[s]), StringComparer.Ordinal);
        foreach (string sha256 in sha256s)
            if (known.TryGetValue(sha256, out ImageFeatures? features)) found[sha256] = features;
        return Task.FromResult<IReadOnlyDictionary<string, ImageFeatures>>(found);
    }

    public Task<IReadOnlyDictionary<string, OcrText>> FindTextsAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, OcrText>>(new Dictionary<string, OcrText>(StringComparer.Ordinal));
}

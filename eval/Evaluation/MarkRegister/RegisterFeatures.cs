using System.Diagnostics;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Text;
using Touchstone.Vision.Embedding;

namespace Touchstone.Evaluation.MarkRegister;

/// <summary>
/// The features of a register's marks as an installation reads them: from their stored form. Those of made marks are made when they are asked for,
/// which takes time that no installation spends; it is added up, to be taken off. Safe for concurrent use.
/// </summary>
internal sealed class RegisterFeatures(DescribedMarks drawn, MadeMarks made, ModelEntry model) : IFeatureSource
{
    private long making, processor;

    /// <summary>Time spent on making so far.</summary>
    public TimeSpan Making => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref making));

    /// <summary>Processor time spent on it so far, if nothing else ran in the process.</summary>
    public TimeSpan MakingProcessor => TimeSpan.FromTicks(Interlocked.Read(ref processor));

    public ImageFeatures Of(int number) => number < drawn.Count ? drawn.Read(number) : made.Make(number, DescribedMarks.Sha256Of(number));

    public Task<IReadOnlyDictionary<string, ImageFeatures>> FindAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ImageFeatures>(StringComparer.Ordinal);
        foreach (string sha256 in sha256s) found[sha256] = FeatureFormat.Read(sha256, model, Stored(DescribedMarks.NumberOf(sha256)));
        return Task.FromResult<IReadOnlyDictionary<string, ImageFeatures>>(found);
    }

    public Task<IReadOnlyDictionary<string, OcrText>> FindTextsAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, OcrText>>(new Dictionary<string, OcrText>(StringComparer.Ordinal));

    private byte[] Stored(int number)
    {
        if (number < drawn.Count) return drawn.Stored(number);
        long start = Stopwatch.GetTimestamp(), used = Environment.CpuUsage.TotalTime.Ticks;
        byte[] stored = FeatureFormat.Write(made.Make(number, string.Empty));
        Interlocked.Add(ref making, Stopwatch.GetTimestamp() - start);
        Interlocked.Add(ref processor, Environment.CpuUsage.TotalTime.Ticks - used);
        return stored;
    }
}

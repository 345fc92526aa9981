using System.Diagnostics;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Scoring;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.MarkRegister;

/// <summary>Asks a gallery with photos, one after the other, as the gate asks: a first look, and the whole reading where that is not enough; no text is read. Not safe for concurrent use.</summary>
internal sealed class PhotoRun(FeatureExtractor reader, ReferenceGallery gallery, RegisterFeatures features, CalibrationProfile profile, RecogniserOptions options)
{
    /// <summary>Photos before the timed ones, until the just-in-time compiler has optimised what they run.</summary>
    private const int Warm = 60;

    private const string Whole = "whole", Decode = "decode", Glance = "first look", Nearest = "nearest to it", Describe = "description", Decision = "decision", Processor = "whole, processor time";

    private static readonly string[] Order = [Decode, Glance, Nearest, Describe, "hashes", "vectors", "keypoints", "features", "pairs", Decision, Whole, Processor];

    private readonly Recogniser recogniser = new(new PairScorer(reader.Model), features, options);

    public async Task<PhotosAsked> AskAsync(IReadOnlyList<AskedPhoto> photos, int threads, int drawn, IProgress<string> progress, CancellationToken cancellationToken)
    {
        using var clock = new StageClock();
        var answers = new List<Answer>();
        for (int i = -Math.Min(Warm, photos.Count); i < photos.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Answer answer = await AskAsync(photos[Math.Abs(i) % photos.Count], clock, cancellationToken);
            if (i >= 0) answers.Add(answer);
            progress.Report($"Asking on {threads} threads: {Math.Max(0, i + 1)} of {photos.Count}");
        }
        Answer[] marked = [.. answers.Where(a => a.Photo.Mark is not null)], strangers = [.. answers.Where(a => a.Photo.Mark is null)];
        long[] compared = [.. strangers.SelectMany(a => a.Ranking)];
        return new PhotosAsked(
            threads, marked.Length, strangers.Length,
            Share(marked, a => a.Exited), Share(strangers, a => a.Exited),
            Share(marked, a => a.Ranking.Contains(GalleryBench.IdOf(a.Photo.Mark!.Value))),
            Share(marked, a => a.Ranking.Count > 0 && a.Ranking[0] == GalleryBench.IdOf(a.Photo.Mark!.Value)),
            Share(compared, id => id > drawn),
            [.. Order.Select(stage => StageShares.Of(stage, answers.Where(a => a.Milliseconds.ContainsKey(stage)).Select(a => a.Milliseconds[stage]))),
                StageShares.Of("whole, mark shown", marked.Select(a => a.Milliseconds[Whole])), StageShares.Of("whole, none shown", strangers.Select(a => a.Milliseconds[Whole])),
                StageShares.Of("whole, after an early exit", answers.Where(a => a.Exited).Select(a => a.Milliseconds[Whole]))]);
    }

    private async Task<Answer> AskAsync(AskedPhoto photo, StageClock clock, CancellationToken cancellationToken)
    {
        clock.Take();
        long start = Stopwatch.GetTimestamp();
        RgbImage image = reader.Decode(photo.Bytes).Image ?? throw new InvalidDataException("A photo of the data set could not be decoded.");
        long decoded = Stopwatch.GetTimestamp();
        TimeSpan used = Environment.CpuUsage.TotalTime, made = features.MakingProcessor;
        ImageFeatures glance = reader.Glance("asked", image);
        long looked = Stopwatch.GetTimestamp();
        Nearness near = gallery.Nearest(glance);
        bool exits = !glance.ShowsTooLittle && profile.EarlyExit is { } exit && !exit.AsksForMore(near.Things, near.Marks);
        long placed = Stopwatch.GetTimestamp();
        clock.Take();
        var times = new Dictionary<string, double>(StringComparer.Ordinal) { [Decode] = Milliseconds(start, decoded), [Glance] = Milliseconds(decoded, looked), [Nearest] = Milliseconds(looked, placed) };
        IReadOnlyList<long> ranking = [];
        if (!exits)
        {
            ImageFeatures described = reader.Describe("asked", image, glance: glance);
            long read = Stopwatch.GetTimestamp();
            times[Describe] = Milliseconds(placed, read);
            TimeSpan before = features.Making;
            RecognitionOutcome outcome = await recogniser.RecogniseAsync(new RecognitionQuery { Images = [new QueryImage(described)], Text = TextReading.Never }, gallery, profile, cancellationToken);
            double recognition = Milliseconds(read, Stopwatch.GetTimestamp()), making = (features.Making - before).TotalMilliseconds;
            foreach (RecognisedImage failed in outcome.Images.Where(i => i.Failure is not null)) throw new InvalidOperationException("A stage failed on a photo.", failed.Failure);
            ranking = [.. outcome.Ranking.Select(r => r.ReferenceId)];
            foreach ((string stage, double time) in clock.Take()) times[stage] = stage == "features" ? time - making : time;
            times[Decision] = recognition - making - times.Where(t => t.Key is not (Decode or Glance or Nearest or Describe)).Sum(t => t.Value);
        }
        times[Whole] = times.Where(t => t.Key != Decode).Sum(t => t.Value);
        times[Processor] = (Environment.CpuUsage.TotalTime - used - (features.MakingProcessor - made)).TotalMilliseconds;
        return new Answer(photo, exits, ranking, times);
    }

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    private static double Share<T>(IReadOnlyCollection<T> all, Func<T, bool> of) => all.Count == 0 ? 0 : Math.Round(all.Count(of) / (double)all.Count, 4);

    private sealed record Answer(AskedPhoto Photo, bool Exited, IReadOnlyList<long> Ranking, Dictionary<string, double> Milliseconds);
}

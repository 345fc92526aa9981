using System.Diagnostics;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Scoring;
using Touchstone.Recognition.Text;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.MarkRegister;

/// <summary>Asks a gallery with photos, one after the other, as the gate asks: a first look, and the whole reading where that is not enough; no text is read. Not safe for concurrent use.</summary>
internal sealed class PhotoRun(FeatureExtractor reader, ReferenceGallery gallery, RegisterFeatures features, CalibrationProfile profile, RecogniserOptions options)
{
    /// <summary>Photos before the timed ones, until the just-in-time compiler has optimised what they run.</summary>
    private const int Warm = 60;

    private const string Whole = "whole", Decode = "decode", Glance = "first look", Nearest = "nearest to it", Describe = "description", Processor = "whole, processor time";

    /// <summary>The stages that the recogniser tells of, where no text is read.</summary>
    private static readonly (RecognitionStage Stage, string Name)[] Told =
        [(RecognitionStage.Candidates, "candidates"), (RecognitionStage.CloseLook, "close look"), (RecognitionStage.Scoring, "scoring"), (RecognitionStage.Decision, "decision")];

    private static readonly string[] Order = [Decode, Glance, Nearest, Describe, .. Told.Select(t => t.Name), Whole, Processor];

    private readonly Recogniser recogniser = new(new PairScorer(reader.Model), features, options);

    public async Task<PhotosAsked> AskAsync(IReadOnlyList<AskedPhoto> photos, int threads, int drawn, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var clock = new StageClock();
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
        long start = Stopwatch.GetTimestamp();
        RgbImage image = reader.Decode(photo.Bytes).Image ?? throw new InvalidDataException("A photo of the data set could not be decoded.");
        long decoded = Stopwatch.GetTimestamp();
        TimeSpan used = Environment.CpuUsage.TotalTime, made = features.MakingProcessor;
        ImageFeatures glance = reader.Glance("asked", image);
        long looked = Stopwatch.GetTimestamp();
        Nearness near = gallery.Nearest(glance);
        bool exits = !glance.ShowsTooLittle && profile.EarlyExit is { } exit && !exit.AsksForMore(near.Things, near.Marks);
        long placed = Stopwatch.GetTimestamp();
        var times = new Dictionary<string, double>(StringComparer.Ordinal) { [Decode] = Milliseconds(start, decoded), [Glance] = Milliseconds(decoded, looked), [Nearest] = Milliseconds(looked, placed) };
        double whole = Milliseconds(decoded, placed);
        IReadOnlyList<long> ranking = [];
        if (!exits)
        {
            ImageFeatures described = reader.Describe("asked", image, glance: glance);
            long read = Stopwatch.GetTimestamp();
            times[Describe] = Milliseconds(placed, read);
            TimeSpan before = features.Making;
            var asked = new QueryImage(described, _ => Task.FromResult(FeatureExtractor.LookClosely(described, image)), _ => Task.FromResult(new OcrOutcome(OcrText.None, null, ReadNow: false)));
            RecognitionOutcome outcome = await recogniser.RecogniseAsync(new RecognitionQuery { Images = [asked], Text = TextReading.Never, Stages = clock }, gallery, profile, cancellationToken);
            double recognition = Milliseconds(read, Stopwatch.GetTimestamp()), making = (features.Making - before).TotalMilliseconds;
            foreach (RecognisedImage failed in outcome.Images.Where(i => i.Failure is not null)) throw new InvalidOperationException("A stage failed on a photo.", failed.Failure);
            ranking = [.. outcome.Ranking.Select(r => r.ReferenceId)];
            IReadOnlyDictionary<RecognitionStage, double> taken = clock.Take();
            foreach ((RecognitionStage stage, string name) in Told.Where(t => taken.ContainsKey(t.Stage))) times[name] = taken[stage] - (stage == RecognitionStage.Scoring ? making : 0);
            whole += times[Describe] + recognition - making;
        }
        times[Whole] = whole;
        times[Processor] = (Environment.CpuUsage.TotalTime - used - (features.MakingProcessor - made)).TotalMilliseconds;
        return new Answer(photo, exits, ranking, times);
    }

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    private static double Share<T>(IReadOnlyCollection<T> all, Func<T, bool> of) => all.Count == 0 ? 0 : Math.Round(all.Count(of) / (double)all.Count, 4);

    private sealed record Answer(AskedPhoto Photo, bool Exited, IReadOnlyList<long> Ranking, Dictionary<string, double> Milliseconds);
}

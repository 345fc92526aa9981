using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Scoring;
using Touchstone.Recognition.Text;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Recognition;

public sealed class RecognitionStageTests
{
    [Fact]
    public async Task Stages_are_told_one_after_the_other_and_further_threads_find_the_same()
    {
        using ImageEmbedder embedder = ImageEmbedder.Load(ModelCatalog.Load());
        var reader = new FeatureExtractor(new ImageDecoder(), embedder);
        using var gallery = new ReferenceGallery(reader.Model);
        var table = new FeatureTable();
        for (int i = 0; i < 8; i++)
        {
            ImageFeatures described = reader.Describe($"{i}", Drawn.Package(i));
            table.Add(described);
            gallery.Put(new GalleryImage(i, i, ReferenceKind.Alert, described.Sha256), described);
        }
        RgbImage copy = ImageOperations.Resize(Drawn.Package(3), 300, 300), bottle = Drawn.Bottle();
        QueryImage[] images = [.. new[] { copy, bottle }.Select((image, i) => Asked(reader.Describe($"asked {i}", image), image))];
        CalibrationProfile profile = ShippedProfiles.Find(reader.Model.Id)!;

        async Task<(RecognitionOutcome Outcome, Told Told)> RecogniseAsync(int threads)
        {
            var told = new Told();
            var recogniser = new Recogniser(new PairScorer(reader.Model), table, new RecogniserOptions { Threads = threads });
            return (await recogniser.RecogniseAsync(new RecognitionQuery { Images = images, Text = TextReading.Never, Stages = told }, gallery, profile, TestContext.Current.CancellationToken), told);
        }
        (RecognitionOutcome alone, Told first) = await RecogniseAsync(1);
        (RecognitionOutcome together, Told second) = await RecogniseAsync(4);

        Assert.Equal([RecognitionStage.Candidates, RecognitionStage.Scoring, RecognitionStage.CloseLook, RecognitionStage.Scoring, RecognitionStage.Decision], first.Stages.Take(5));
        Assert.Equal(RecognitionStage.Decision, first.Stages[^1]);
        Assert.Equal(first.Stages, second.Stages);
        Assert.Equal((3, null), (alone.Ranking[0].ReferenceId, first.Open));
        Assert.Equal(alone.Ranking.Select(r => (r.ReferenceId, r.Probability)), together.Ranking.Select(r => (r.ReferenceId, r.Probability)));
    }

    private static QueryImage Asked(ImageFeatures described, RgbImage image) =>
        new(described, _ => Task.FromResult(FeatureExtractor.LookClosely(described, image)), _ => Task.FromResult(new OcrOutcome(OcrText.None, null, ReadNow: false)));

    /// <summary>What was entered, in turn; one stage at a time.</summary>
    private sealed class Told : IStageObserver
    {
        public List<RecognitionStage> Stages { get; } = [];

        public RecognitionStage? Open { get; private set; }

        public IDisposable Enter(RecognitionStage stage)
        {
            if (Open is { } open) throw new InvalidOperationException($"{stage} begins within {open}.");
            Open = stage;
            Stages.Add(stage);
            return new Running(this);
        }

        private sealed class Running(Told told) : IDisposable
        {
            public void Dispose() => told.Open = null;
        }
    }
}

using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Scoring;
using Touchstone.Vision.Embedding;

namespace Touchstone.Evaluation.Calibration;

/// <summary>References of a calibration, numbered from 0, measured against a picture as a screening measures them. Safe for concurrent use.</summary>
internal sealed class EnrolledGallery : IDisposable
{
    private readonly ReferenceGallery gallery;
    private readonly Recogniser recogniser;

    public EnrolledGallery(PairScorer scorer, ModelEntry model, IReadOnlyList<ImageFeatures> references, ReferenceKind kind)
    {
        gallery = new ReferenceGallery(model);
        var table = new FeatureTable();
        for (int i = 0; i < references.Count; i++)
        {
            gallery.Put(new GalleryImage(i, i, kind, references[i].Sha256), references[i]);
            if (references[i].Text is { } text) gallery.Texts.PutImage(i, text);
            table.Add(references[i]);
        }
        recogniser = new Recogniser(scorer, table, new RecogniserOptions());
    }

    /// <summary>Every candidate of the picture, with its text where that was read.</summary>
    public IEnumerable<(int Reference, Measurement Measurement)> Measure(ImageFeatures picture) =>
        // Features in memory are there at once, so that no thread waits.
        recogniser.MeasureAsync(new QueryImage(picture), gallery, CancellationToken.None).GetAwaiter().GetResult().Select(m => ((int)m.Candidate.Image.ReferenceId, m.Measurement));

    /// <inheritdoc cref="ReferenceGallery.Nearest"/>
    public Nearness Nearest(ImageFeatures picture) => gallery.Nearest(picture);

    public void Dispose() => gallery.Dispose();
}

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

    /// <summary>Asks with a picture: every candidate measured, with its text where that was read, and labelled.</summary>
    /// <param name="right">The reference that it shows; null: none of these.</param>
    /// <param name="isAlike">References that are no false match and no right one either: they are left out.</param>
    public (LabelledQuery Query, IReadOnlyList<LabelledPair> Pairs) Ask(ImageFeatures picture, int number, int thing, Relation expected, int? right, Func<int, bool> isAlike)
    {
        var pairs = new List<LabelledPair>();
        bool proposed = false;
        // Features in memory are there at once, so that no thread waits.
        foreach (MeasuredCandidate candidate in recogniser.MeasureAsync(new QueryImage(picture), gallery, CancellationToken.None).GetAwaiter().GetResult())
        {
            int reference = (int)candidate.Candidate.Image.ReferenceId;
            bool same = reference == right;
            proposed |= same;
            if (same || !isAlike(reference)) pairs.Add(new LabelledPair(candidate.Measurement.Relation, number, thing, candidate.Measurement.Features, same) { Reference = reference });
        }
        return (new LabelledQuery(number, thing, expected, right is null ? null : proposed, gallery.Nearest(picture)), pairs);
    }

    public void Dispose() => gallery.Dispose();
}

using Touchstone.Evaluation.Galleries;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Scoring;
using Touchstone.Vision.Embedding;

namespace Touchstone.Evaluation.Calibration;

/// <summary>
/// Phone photos of packages in shops, among the groceries of the catalogue. Each is asked with its own reference in the gallery, and every third also as if that
/// were not there, as often as strangers are among the drawn: then siblings by the same maker (another flavour of the same package) are wrong
/// answers, as they are for a register that holds only one of them.
/// </summary>
internal sealed class PackagePhotos(PictureDescriber describer, PairScorer scorer, ModelEntry model, string images)
{
    public const string Folder = "package_photos";

    // One photo in so many is asked without its reference, too.
    private const int Stranger = 3;

    // Packages compete with packages: clothes and bags are never taken for one.
    private const string Catalogue = "catalogue_products", Groceries = "supermarket";

    public CalibrationSamples Ask()
    {
        ManifestPicture[] rows = [.. ManifestTable.Rows(Path.Combine(images, Folder)).Select(r => r with { File = Path.Combine(Folder, r.File) })];
        ManifestPicture[] references = [.. rows.Where(r => r.Role == "reference"), .. ManifestTable.Rows(Path.Combine(images, Catalogue)).Where(r => r.Group == Groceries).Select(r => r with { File = Path.Combine(Catalogue, r.File) })];
        ManifestPicture[] photos = [.. rows.Where(r => r.Role == "query")];
        ImageFeatures[] enrolled = Described("references of photos", references, row => describer.DescribeReference(row.File, Path.Combine(images, row.File)));
        ImageFeatures[] asked = Described("photos", photos, row => describer.Describe(row.File, Path.Combine(images, row.File)));
        string[] labels = [.. photos.Select(p => p.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        using var gallery = new EnrolledGallery(scorer, model, enrolled, ReferenceKind.Alert);
        var answers = describer.Map("photos compared", photos, photo =>
        {
            int at = Array.IndexOf(photos, photo), thing = Array.IndexOf(labels, photo.Label), own = Array.FindIndex(references, r => r.Label == photo.Label);
            (LabelledQuery, IReadOnlyList<LabelledPair>) With() => gallery.Ask(asked[at], 2 * at, thing, Relation.SameProduct, own, _ => false);
            (LabelledQuery, IReadOnlyList<LabelledPair>) Without() => gallery.Ask(asked[at], (2 * at) + 1, thing, Relation.SameProduct, null, reference => reference == own);
            return at % Stranger == 0 ? [With(), Without()] : new (LabelledQuery Query, IReadOnlyList<LabelledPair> Pairs)[] { With() };
        });
        return new CalibrationSamples(
            [.. answers.SelectMany(a => a).Select(a => a.Query with { IsPhoto = true })],
            [.. answers.SelectMany(a => a).SelectMany(a => a.Pairs)],
            $"{photos.Length} phone photos of {labels.Length} packages among {references.Length} references, each with its own reference and every third without it");
    }

    private ImageFeatures[] Described(string stage, ManifestPicture[] rows, Func<ManifestPicture, ImageFeatures?> describe) =>
        describer.Map(stage, rows, row => describe(row) ?? throw new InvalidDataException($"{row.File} could not be read; the data set is damaged."));
}

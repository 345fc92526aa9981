using System.Numerics.Tensors;
using Touchstone.Recognition.Features;
using Touchstone.Screening.Features;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Vision.Embedding;

namespace Touchstone.Screening.Screenings;

/// <summary>Where two pictures look alike to the model: a map over each.</summary>
public sealed record Likeness(SimilarityMap Image, SimilarityMap Reference);

/// <summary>
/// Shows where two stored pictures look alike, on demand: nothing of it is stored. Each picture is laid against that view of the other which
/// is most like it. Safe for concurrent use.
/// </summary>
public sealed class SimilarityMapFinder(FeatureStore library, FeatureExtractor reader, IBlobStore blobs)
{
    /// <summary>Null where a picture is gone or cannot be read, or where the model tells nothing of its cells.</summary>
    public async Task<Likeness?> FindAsync(string imageSha256, string referenceSha256, CancellationToken cancellationToken)
    {
        if (reader.Model.Outputs.Cells is null) return null;
        if ((await library.ReadStoredAsync(imageSha256, cancellationToken)).Image is not { } image) return null;
        if ((await library.ReadStoredAsync(referenceSha256, cancellationToken)).Image is not { } reference) return null;
        return await MapAsync(image, reference, cancellationToken) is { } shown && await MapAsync(reference, image, cancellationToken) is { } referred ? new Likeness(shown, referred) : null;
    }

    private async Task<SimilarityMap?> MapAsync(ImageFeatures picture, ImageFeatures other, CancellationToken cancellationToken)
    {
        if (await blobs.GetAsync(picture.Sha256, cancellationToken) is not { } bytes || reader.Decode(bytes).Image is not { } pixels) return null;
        float[] whole = reader.Model.RegionView(picture.Embedding.Global);
        float[] nearest = other.Wholes.Select(view => reader.Model.RegionView(view)).MaxBy(view => TensorPrimitives.Dot<float>(whole, view))!;
        return reader.Likeness(pixels, nearest);
    }
}

using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Scoring;
using Touchstone.Recognition.Text;

namespace Touchstone.Recognition;

/// <summary>An image that is asked with.</summary>
/// <param name="Features">Of the model that the gallery holds.</param>
/// <param name="LookCloselyAsync">Its description with <see cref="ImageFeatures.DenseFeatures"/>; asked at most once, and only where a candidate may match.</param>
/// <param name="ReadTextAsync">Reads what is printed in it; asked at most once, and only where text is needed.</param>
public sealed record QueryImage(ImageFeatures Features, Func<CancellationToken, Task<ImageFeatures>> LookCloselyAsync, Func<CancellationToken, Task<OcrOutcome>> ReadTextAsync)
{
    /// <summary>An image that was looked at closely and whose text was read before, as far as that is to be done.</summary>
    public QueryImage(ImageFeatures features)
        : this(features, _ => Task.FromResult(features), _ => Task.FromResult(new OcrOutcome(features?.Text ?? OcrText.None, null, ReadNow: false)))
    {
    }
}

/// <summary>What a seller states of an offer; each null where it is not stated.</summary>
public sealed record StatedOffer(string? Title = null, string? Brand = null, string? Mpn = null, string? Gtin = null)
{
    public static StatedOffer None { get; } = new();

    /// <summary>The trade numbers of the offer's variants: each says as much of what is sold here as the offer's own.</summary>
    public IReadOnlyList<string> VariantGtins { get; init; } = [];

    /// <summary>The makers' numbers of the offer's variants.</summary>
    public IReadOnlyList<string> VariantMpns { get; init; } = [];
}

/// <summary>What is asked for: one or several images of one thing (a listing's pictures, an officer's photos), and what is said of it.</summary>
public sealed record RecognitionQuery
{
    /// <summary>None where only identifiers are asked for.</summary>
    public required IReadOnlyList<QueryImage> Images { get; init; }

    public StatedOffer Offer { get; init; } = StatedOffer.None;

    public TextReading Text { get; init; } = TextReading.WhenNeeded;

    /// <summary>
    /// Reference images that every image is compared with, whether or not the gallery proposes them: those of an alert that is searched for, or the
    /// picture of a search, which no gallery holds. The feature source knows them.
    /// </summary>
    public IReadOnlyCollection<GalleryImage> Asked { get; init; } = [];

    /// <summary>The references that matches are wanted with; the others are measured only to compete. Default: all.</summary>
    public Func<long, bool> IsWanted { get; init; } = static _ => true;

    /// <summary>Whether a person has said that an image (by its SHA-256) does not show a reference: that pair is left out. Default: nobody has.</summary>
    public Func<string, long, bool> IsRejected { get; init; } = static (_, _) => false;

    /// <summary>Told of the stages, from <see cref="RecognitionStage.Candidates"/> on; null: nobody.</summary>
    public IStageObserver? Stages { get; init; }
}

using Touchstone.Crawling.Extraction;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening.Following;

namespace Touchstone.Screening.Screenings;

/// <summary>A picture to screen: its bytes, or why there are none.</summary>
public sealed record ScreeningImage(string? Url, ReadOnlyMemory<byte> Bytes, string? Failure = null)
{
    /// <summary>What the lack of bytes means for the verdict.</summary>
    public UndeterminedReason Missing { get; init; } = UndeterminedReason.ImageNotFetched;
}

/// <summary>What is screened: an image alone, or a listing with its facts.</summary>
public sealed record ScreeningInput
{
    /// <summary>What an offer says of itself, with its pictures.</summary>
    public static ScreeningInput Of(ListingFacts facts, IReadOnlyList<ScreeningImage> images)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return new ScreeningInput
        {
            Images = images,
            Title = facts.Name,
            Description = facts.Description,
            Brand = facts.Brand,
            Mpn = facts.Mpn,
            Gtin = facts.Gtin,
            VariantGtins = [.. facts.Variants.Select(v => v.Gtin).OfType<string>()],
            VariantMpns = [.. facts.Variants.Select(v => v.Mpn).OfType<string>()],
        };
    }

    public required IReadOnlyList<ScreeningImage> Images { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    public string? Brand { get; init; }

    public string? Mpn { get; init; }

    public string? Gtin { get; init; }

    /// <summary>The trade numbers of the listing's variants.</summary>
    public IReadOnlyList<string> VariantGtins { get; init; } = [];

    /// <summary>The makers' numbers of the listing's variants.</summary>
    public IReadOnlyList<string> VariantMpns { get; init; } = [];

    /// <summary>Whether the text in the pictures is read. Default: where the rule finds a need.</summary>
    public TextReading Text { get; init; } = TextReading.WhenNeeded;

    /// <summary>
    /// A picture that resembles nothing at a first look is passed without a closer one, where the profile promises how seldom that misses
    /// (<see cref="EarlyExit"/>). For doors that must answer at once.
    /// </summary>
    public bool AllowsEarlyExit { get; init; }

    /// <summary>Whether a picture that resembles nothing at a first look is looked at closer all the same: what else it is to be compared with. Null: never.</summary>
    public Func<ImageFeatures, EarlyExit, bool>? AsksForMore { get; init; }

    /// <summary>Only matches with this reference are wanted; null: with any.</summary>
    public long? ReferenceId { get; init; }

    /// <summary>The picture of a search, which is asked for although no gallery holds it; its reference is <see cref="ReferenceId"/>. Null: a reference of the registers is asked for.</summary>
    public GalleryImage? SearchedPicture { get; init; }
}

/// <summary>What one picture gave.</summary>
public sealed record ScreenedImage(string? Url, string? Sha256, string? Failure, bool DescribedNow)
{
    /// <summary>Null where the rule of <see cref="TextRule"/> found no need to read the text.</summary>
    public ReadingOfText? Text { get; init; }

    /// <summary>It resembled nothing at a first look and was not looked at closer.</summary>
    public bool ExitedEarly { get; init; }

    /// <summary>Why the picture cannot be ruled out; null where it was read and compared.</summary>
    public UndeterminedReason? Reason { get; init; }
}

/// <summary>What a screening concludes, and from what.</summary>
public sealed record ScreeningOutcome
{
    public required Verdict Verdict { get; init; }

    public UndeterminedReason? Reason { get; init; }

    public string? Detail { get; init; }

    /// <summary>Most probable first; at most one per reference.</summary>
    public required IReadOnlyList<FoundMatch> Matches { get; init; }

    public required IReadOnlyList<ScreenedImage> Images { get; init; }

    public required string ModelId { get; init; }

    public required string ProfileId { get; init; }

    /// <summary>The last change of the registers that the gallery had taken over (<see cref="GalleryStatus.Sequence"/>).</summary>
    public required long GallerySequence { get; init; }

    /// <summary>Names what the gallery held, the same on every node (<see cref="GalleryStatus.Fingerprint"/>).</summary>
    public required string GalleryFingerprint { get; init; }
}

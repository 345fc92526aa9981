using Touchstone.Recognition.Features;

namespace Touchstone.Screening.Features;

/// <summary>What reading a picture gave: exactly one of <see cref="Image"/> and <see cref="Failure"/> is set.</summary>
/// <param name="DescribedNow">False if the description was already stored.</param>
public sealed record ReadOutcome(string Sha256, ImageFeatures? Image, string? Failure, bool DescribedNow)
{
    /// <summary>A first look was enough: <see cref="Image"/> is that glance, and neither it nor the picture was stored.</summary>
    public bool ExitedEarly { get; init; }

    /// <summary>The failure is of the picture itself: reading it again would fail alike.</summary>
    public bool IsLasting { get; init; }
}

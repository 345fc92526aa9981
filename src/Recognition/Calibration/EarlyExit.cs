namespace Touchstone.Recognition.Calibration;

/// <summary>
/// Below which likeness at a first look (<see cref="Gallery.ReferenceGallery.Nearest"/>) a picture needs no closer one, and what that costs
/// and saves on pictures that nothing was fitted on. A larger gallery only makes more pictures look near, so that the promise holds there too.
/// </summary>
/// <param name="Things">A picture as near to an alert, a product, a design or a fake is looked at closer; −1..1.</param>
/// <param name="Marks">A picture as near to a mark is looked at closer; −1..1. Marks are small, so that this says little: see <paramref name="PassedByMarks"/>.</param>
/// <param name="Kept">Of the pictures whose reference the whole reading finds, the share that is looked at closer; measured, 0..1.</param>
/// <param name="KeptAtLeast">The exact binomial bound of that share, 0..1.</param>
/// <param name="Confidence">Of the bound, 0..1.</param>
/// <param name="Samples">Pictures that <paramref name="Kept"/> was counted on.</param>
/// <param name="PassedByThings">Of the pictures that show nothing of a gallery of things, the share that needs no closer look; 0..1.</param>
/// <param name="PassedByMarks">The same in a gallery of marks.</param>
/// <param name="Strangers">Pictures that both shares were counted on.</param>
public sealed record EarlyExit(double Things, double Marks, double Kept, double KeptAtLeast, double Confidence, int Samples, double PassedByThings, double PassedByMarks, int Strangers)
{
    /// <summary>Whether a picture that comes so near needs a closer look.</summary>
    public bool AsksForMore(double things, double marks) => things >= Things || marks >= Marks;
}

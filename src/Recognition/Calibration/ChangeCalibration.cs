namespace Touchstone.Recognition.Calibration;

/// <summary>
/// What a part that shows another thing says where a picture otherwise lies flat on a reference: a sibling (another flavour, another print, another body
/// round the same screen) shows it, and so does a copy with much laid over it, so a person decides. Immutable; thread-safe.
/// </summary>
/// <param name="Area">From this part of the reference's area on, 0..1 (<see cref="MatchFeatures.Changed"/>), it is no match without a person.</param>
/// <param name="LogOdds">What it adds to the log odds, −6..0; it lowers a probability to the review point at most.</param>
/// <param name="Basis">What the figures come from.</param>
public sealed record ChangeCalibration(double Area, double LogOdds, string Basis)
{
    public static ChangeCalibration Standard { get; } = new(
        0.035, -3, "set by hand: of 606 pairs of grocery pictures, 3,400 of one shop, that matched each other, four in five show as much, of 120 drawn siblings nine in ten, of 420 moderately edited copies one in seven (stickers, three lines of words)");
}

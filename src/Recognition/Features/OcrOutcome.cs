using Touchstone.Recognition.Text;

namespace Touchstone.Recognition.Features;

/// <summary>What reading an image's text gave: exactly one of <see cref="Text"/> and <see cref="Failure"/> is set.</summary>
/// <param name="ReadNow">False if the text was already known.</param>
public sealed record OcrOutcome(OcrText? Text, string? Failure, bool ReadNow);

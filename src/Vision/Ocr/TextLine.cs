using Touchstone.Vision.Alignment;

namespace Touchstone.Vision.Ocr;

/// <summary>A line of text in a picture.</summary>
/// <param name="Corners">The four corners in px of the picture, origin at its top left, y down: top left, top right, bottom right and bottom left of the line as it is read.</param>
/// <param name="Text">As read, with its blanks; never empty.</param>
/// <param name="Confidence">Mean probability of the characters, 0..1.</param>
public sealed record TextLine(IReadOnlyList<ImagePoint> Corners, string Text, float Confidence);

/// <summary>What was read in a picture.</summary>
/// <param name="Lines">From top to bottom, and from left to right.</param>
/// <param name="LinesNotRead">Lines that were found and not read, because there are more than <see cref="OcrOptions.MostLines"/>.</param>
public sealed record OcrResult(IReadOnlyList<TextLine> Lines, int LinesNotRead);

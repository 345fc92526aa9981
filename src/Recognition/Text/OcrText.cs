using System.Text.Json;
using System.Text.Json.Serialization;
using Touchstone.Vision.Ocr;
using Touchstone.Vision.Alignment;

namespace Touchstone.Recognition.Text;

/// <summary>A line read in a picture.</summary>
/// <param name="Corners">Top left, top right, bottom right, bottom left of the line as it is read, as parts (0..1) of the picture's width and height.</param>
/// <param name="Confidence">0..1.</param>
public sealed record OcrLine(string Text, float Confidence, IReadOnlyList<ImagePoint> Corners);

/// <summary>The text of a picture, in parts of its size, so that it holds for the picture at any size. Immutable; thread-safe.</summary>
/// <param name="LinesNotRead">Lines that were found and not read, because there were too many.</param>
public sealed record OcrText(IReadOnlyList<OcrLine> Lines, int LinesNotRead)
{
    // A label holds far fewer; beyond it is a page of print, and words of its end decide nothing.
    private const int MostWords = 240;

    public static OcrText None { get; } = new([], 0);

    /// <summary>The words of all lines, at most 240.</summary>
    [JsonIgnore]
    public IReadOnlyList<TextWord> Words { get; } = [.. Lines.SelectMany((line, i) => TextWord.Of(line.Text, i, line.Confidence)).Take(MostWords)];

    /// <summary>From px to parts.</summary>
    public static OcrText Of(OcrResult text, int width, int height) => new(
        [.. text.Lines.Select(l => new OcrLine(l.Text, l.Confidence, [.. l.Corners.Select(c => new ImagePoint(Math.Clamp(c.X / width, 0, 1), Math.Clamp(c.Y / height, 0, 1)))]))], text.LinesNotRead);

    /// <summary>Where a word stands: its part of its line.</summary>
    public IReadOnlyList<ImagePoint> CornersOf(TextWord word)
    {
        IReadOnlyList<ImagePoint> line = Lines[word.Line].Corners;
        return [Between(line[0], line[1], word.Start), Between(line[0], line[1], word.End), Between(line[3], line[2], word.End), Between(line[3], line[2], word.Start)];

        static ImagePoint Between(ImagePoint a, ImagePoint b, float part) => new(a.X + ((b.X - a.X) * part), a.Y + ((b.Y - a.Y) * part));
    }

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    /// <exception cref="InvalidDataException">The text is no stored reading.</exception>
    public static OcrText FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<OcrText>(json, JsonSerializerOptions.Web) ?? throw new InvalidDataException("A stored text is empty; read the picture again.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"A stored text is not readable: {e.Message} Read the picture again.", e);
        }
    }
}

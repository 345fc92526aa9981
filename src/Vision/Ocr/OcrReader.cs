using Microsoft.ML.OnnxRuntime;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.Inference;

namespace Touchstone.Vision.Ocr;

/// <summary>
/// Reads the text in pictures with PP-OCRv4: finds lines at any angle, turns them upright, reads them (Latin letters, digits, Chinese
/// and common signs; other alphabets come out as the letters they look like). Input: RGB, 8 bits, any size. Safe for concurrent calls;
/// dispose it after the last one. Deterministic for equal input and thread count on one machine. Throws <see cref="OnnxRuntimeException"/> if a session fails.
/// Source: Du et al., "PP-OCR: a practical ultra lightweight OCR system", 2020, and its fourth version.
/// </summary>
public sealed class OcrReader : IDisposable
{
    // The direction network's input is this wide; it sees the beginning of a line.
    private const int DirectionWidth = 192;
    private const float SureOfHalfTurn = 0.9f;

    private readonly OcrOptions _options;
    private readonly OnnxModel _detection;
    private readonly OnnxModel _direction;
    private readonly OnnxModel _recognition;
    private readonly TextDetector _detector;
    private readonly CtcDecoder _decoder;

    private OcrReader(OcrOptions options)
    {
        _options = options;
        var threads = new OnnxModelOptions { IntraOpThreads = options.IntraOpThreads };
        _detection = OnnxModel.Load(TextModels.Detection, threads);
        _direction = OnnxModel.Load(TextModels.Direction, threads);
        _recognition = OnnxModel.Load(TextModels.Recognition, threads);
        _detector = new TextDetector(_detection, options);
        _decoder = CtcDecoder.Load(TextModels.Characters);
    }

    /// <summary>The name under which what this reader reads may be kept: other models read other texts.</summary>
    public static string ModelId => TextModels.Id;

    /// <exception cref="NativeLibraryMissingException">A model file or ONNX Runtime is absent; the message names the command that installs it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static OcrReader Load(OcrOptions? options = null)
    {
        options ??= new OcrOptions();
        options.Check();
        TextModels.Check();
        return new OcrReader(options);
    }

    /// <summary>The lines of text in the picture that can be read.</summary>
    public OcrResult Read(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        List<TurnedRectangle> found = _detector.Find(image);
        IEnumerable<TextLine> lines = found.Take(_options.MostLines).Select(r => OcrLine(image, LineCrop.Level(r))).OfType<TextLine>();
        return new OcrResult(InReadingOrder(lines), Math.Max(0, found.Count - _options.MostLines));
    }

    public void Dispose()
    {
        _detection.Dispose();
        _direction.Dispose();
        _recognition.Dispose();
    }

    private TextLine? OcrLine(RgbImage image, TurnedRectangle rectangle)
    {
        TurnedRectangle line = IsUpsideDown(LineCrop.Of(image, rectangle, DirectionWidth)) ? rectangle.HalfTurned() : rectangle;
        LineCrop crop = LineCrop.Of(image, line);
        (string text, float confidence) = _decoder.Decode(Run(_recognition, crop));
        return text.Length > 0 && confidence >= _options.LeastConfidence ? new TextLine(line.Corners, text, confidence) : null;
    }

    /// <summary>Row by row; lines whose middles lie within each other's height stand in one row.</summary>
    private static List<TextLine> InReadingOrder(IEnumerable<TextLine> lines)
    {
        var rows = new List<List<TextLine>>();
        foreach (TextLine line in lines.OrderBy(Middle))
        {
            if (rows.Count > 0 && Middle(line) < rows[^1][0].Corners.Max(c => c.Y) && Middle(rows[^1][0]) > line.Corners.Min(c => c.Y)) rows[^1].Add(line);
            else rows.Add([line]);
        }
        return [.. rows.SelectMany(row => row.OrderBy(l => l.Corners.Min(c => c.X)))];

        static float Middle(TextLine line) => line.Corners.Average(c => c.Y);
    }

    private bool IsUpsideDown(LineCrop crop) => Run(_direction, crop)[1] > SureOfHalfTurn;

    private static float[] Run(OnnxModel model, LineCrop crop) =>
        model.Run([new NamedTensor(model.Inputs[0].Name, crop.Planes, [1, 3, LineCrop.Height, crop.Width])], [model.Outputs[0].Name])[0].Data;
}

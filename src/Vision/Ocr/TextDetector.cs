using System.Numerics;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.Inference;

namespace Touchstone.Vision.Ocr;

/// <summary>
/// Finds the lines of text in a picture: a network gives each pixel's probability of being text, and each connected patch of text
/// becomes a rectangle at any angle. Safe for concurrent use. Source: M. Liao et al., "Real-time scene text detection with
/// differentiable binarization", AAAI 2020.
/// </summary>
internal sealed class TextDetector(OnnxModel model, OcrOptions options)
{
    // The network halves its input five times.
    private const int Step = 32;

    // What the network was trained with.
    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Deviation = [0.229f, 0.224f, 0.225f];

    /// <summary>The lines' rectangles in px of the picture, largest first.</summary>
    internal List<TurnedRectangle> Find(RgbImage image)
    {
        (int width, int height) = InputSize(image);
        RgbImage resized = width == image.Width && height == image.Height ? image : ImageOperations.Resize(image, width, height);
        var input = new NamedTensor(model.Inputs[0].Name, Planes(resized), [1, 3, height, width]);
        NamedTensor map = model.Run([input], [model.Outputs[0].Name])[0];
        Vector2 scale = new((float)image.Width / width, (float)image.Height / height);
        return [.. TextRegions.Of(map.Data, width, height).Select(r => r.Scaled(scale)).OrderByDescending(r => r.Area)];
    }

    private (int Width, int Height) InputSize(RgbImage image)
    {
        float scale = Math.Min((float)options.DetectorSide / Math.Max(image.Width, image.Height), options.MostEnlargement);
        return (Side(image.Width * scale), Side(image.Height * scale));

        static int Side(float length) => Math.Max(Step, (int)MathF.Round(length / Step) * Step);
    }

    /// <summary>Channel planes in the order blue, green, red, in which the network was trained.</summary>
    private static float[] Planes(RgbImage image)
    {
        int count = image.Width * image.Height;
        var planes = new float[3 * count];
        for (int c = 0; c < 3; c++)
        {
            float factor = 1 / (255 * Deviation[c]), offset = Mean[c] / Deviation[c];
            int plane = c * count, channel = 2 - c;
            for (int i = 0; i < count; i++) planes[plane + i] = (image.Pixels[(i * 3) + channel] * factor) - offset;
        }
        return planes;
    }
}

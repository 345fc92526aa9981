using System.Numerics.Tensors;
using System.Text;

namespace Touchstone.Vision.Ocr;

/// <summary>
/// Greedy decoding of a connectionist temporal classification: the likeliest class of each step, repeats made one, blanks dropped.
/// Immutable; thread-safe. Source: A. Graves et al., "Connectionist temporal classification", ICML 2006.
/// </summary>
/// <param name="characters">What the classes 1..n stand for; class 0 is the blank.</param>
internal sealed class CtcDecoder(IReadOnlyList<string> characters)
{
    public int Classes => characters.Count + 1;

    /// <summary>Decodes the character set of PP-OCR: one character a line, and the space after the last.</summary>
    internal static CtcDecoder Load(string path) => new([.. File.ReadAllLines(path), " "]);

    /// <summary>The text without outer blanks and the mean probability of its characters, 0 for an empty text.</summary>
    /// <param name="probabilities">Steps × classes, row by row.</param>
    /// <exception cref="ArgumentException">The values fill no whole number of steps.</exception>
    internal (string Text, float Confidence) Decode(ReadOnlySpan<float> probabilities)
    {
        if (probabilities.Length % Classes != 0)
            throw new ArgumentException($"{probabilities.Length} values are no whole number of steps of {Classes} classes: the recognition model and its characters do not belong together.", nameof(probabilities));
        var text = new StringBuilder();
        float sum = 0;
        int count = 0, previous = 0;
        for (int at = 0; at < probabilities.Length; at += Classes)
        {
            ReadOnlySpan<float> step = probabilities.Slice(at, Classes);
            int best = TensorPrimitives.IndexOfMax(step);
            if (best != 0 && best != previous)
            {
                text.Append(characters[best - 1]);
                sum += step[best];
                count++;
            }
            previous = best;
        }
        return (text.ToString().Trim(), count == 0 ? 0 : sum / count);
    }
}

using System.Globalization;
using Touchstone.Recognition.Calibration;

namespace Touchstone.Evaluation.Calibration;

/// <summary>The samples of a calibration as a table, for whoever wants to fit something else: a row for each compared pair.</summary>
public static class PairFile
{
    /// <summary>Columns: part, relation, query, thing, reference, same (0 or 1), then the features by name.</summary>
    public static void Write(string path, CalibrationSamples samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        using var writer = new StreamWriter(path);
        writer.NewLine = "\n";
        writer.WriteLine($"part,relation,query,thing,reference,same,{string.Join(',', MatchFeatures.Names)}");
        foreach (LabelledPair pair in samples.Pairs)
        {
            string features = string.Join(',', pair.Features.ToArray().Select(v => v.ToString("R", CultureInfo.InvariantCulture)));
            writer.WriteLine($"{pair.Part},{pair.Relation},{pair.Query},{pair.Thing},{pair.Reference},{(pair.Same ? 1 : 0)},{features}");
        }
    }
}

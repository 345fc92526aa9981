namespace Touchstone.Evaluation.Galleries;

/// <summary>What the steps of answering one query took, in seconds; as a mean over queries in a report. Not safe for concurrent use.</summary>
public sealed class StageTimes
{
    public double Decode { get; set; }

    public double Hash { get; set; }

    public double Embedding { get; set; }

    public double LocalFeatures { get; set; }

    /// <summary>Reading the text in the picture; 0 where text is no signal.</summary>
    public double Text { get; set; }

    /// <summary>Searching the gallery, comparing the candidates and deciding; where a single signal ranks, comparing all references by it.</summary>
    public double Recognition { get; set; }

    public double Total => Decode + Hash + Embedding + LocalFeatures + Text + Recognition;

    /// <summary>The mean of each step; all 0 for none.</summary>
    public static StageTimes Mean(IReadOnlyCollection<StageTimes> times)
    {
        ArgumentNullException.ThrowIfNull(times);
        double count = Math.Max(1, times.Count);
        return new StageTimes
        {
            Decode = times.Sum(t => t.Decode) / count,
            Hash = times.Sum(t => t.Hash) / count,
            Embedding = times.Sum(t => t.Embedding) / count,
            LocalFeatures = times.Sum(t => t.LocalFeatures) / count,
            Text = times.Sum(t => t.Text) / count,
            Recognition = times.Sum(t => t.Recognition) / count,
        };
    }
}

namespace Touchstone.Recognition.Features;

/// <summary>How long the steps of reading one picture took. Filled by the reader; not safe for concurrent use.</summary>
public sealed class ExtractionTimes
{
    public TimeSpan Hash { get; set; }

    public TimeSpan Embedding { get; set; }

    public TimeSpan LocalFeatures { get; set; }
}

namespace Touchstone.Evaluation.Accuracy;

/// <summary>What a whole evaluation runs on. Immutable.</summary>
public sealed record AccuracyOptions
{
    /// <summary>The data folder: <c>images</c> with a folder for each data set, <c>web</c> with texts.</summary>
    public required string DataFolder { get; init; }

    /// <summary>A folder of SVG marks; null leaves the forged marks out.</summary>
    public string? MarkFolder { get; init; }

    /// <summary>The folder of the product extraction benchmark; null leaves the reading of product pages out.</summary>
    public string? PageFolder { get; init; }

    /// <summary>Where pages with the worst mistakes and the cache of descriptions go; the pictures in it may not be passed on.</summary>
    public required string OutFolder { get; init; }

    /// <summary>Fewer pictures in every part: minutes rather than tens of minutes, with wide intervals.</summary>
    public bool Quick { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Pictures read at once. Range 1..64; default the machine's processors.</summary>
    public int Threads { get; init; } = Math.Min(64, Environment.ProcessorCount);

    internal string ImageFolder => Path.Combine(DataFolder, "images");

    internal string CacheFolder => Path.Combine(OutFolder, "cache");
}

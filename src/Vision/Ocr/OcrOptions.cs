namespace Touchstone.Vision.Ocr;

/// <summary>The limits of reading text in a picture.</summary>
public sealed record OcrOptions
{
    /// <summary>The longer side, in px, to which a larger picture is shrunk for finding lines; they are read at full size. 64 to 2048, default 640.</summary>
    public int DetectorSide { get; init; } = 640;

    /// <summary>How far a picture smaller than <see cref="DetectorSide"/> is enlarged at most. 1 to 4, default 2.</summary>
    public float MostEnlargement { get; init; } = 2;

    /// <summary>Lines that are read, the largest first; the rest is counted. 1 to 500, default 40.</summary>
    public int MostLines { get; init; } = 40;

    /// <summary>Lines of a lower confidence are noise and left out. 0 to 1, default 0.5.</summary>
    public float LeastConfidence { get; init; } = 0.5f;

    /// <summary>Threads inside one call. 1 to 64, default 1.</summary>
    public int IntraOpThreads { get; init; } = 1;

    /// <exception cref="ArgumentOutOfRangeException">A value outside its range.</exception>
    internal void Check()
    {
        if (DetectorSide is < 64 or > 2048) throw new ArgumentOutOfRangeException(nameof(DetectorSide), DetectorSide, "The range is 64..2048.");
        if (!(MostEnlargement is >= 1 and <= 4)) throw new ArgumentOutOfRangeException(nameof(MostEnlargement), MostEnlargement, "The range is 1..4.");
        if (MostLines is < 1 or > 500) throw new ArgumentOutOfRangeException(nameof(MostLines), MostLines, "The range is 1..500.");
        if (!(LeastConfidence is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(LeastConfidence), LeastConfidence, "The range is 0..1.");
    }
}

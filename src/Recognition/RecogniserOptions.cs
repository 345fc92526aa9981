using Touchstone.Recognition.Scoring;

namespace Touchstone.Recognition;

/// <summary>The limits of one recognition.</summary>
public sealed record RecogniserOptions
{
    /// <summary>Reference images that are compared closely, for each image of the query. 1 to 200, default 20.</summary>
    public int Candidates { get; init; } = 20;

    /// <summary>Further ones that the text in an image adds. 0 to 50, default 10.</summary>
    public int CandidatesByText { get; init; } = 10;

    /// <summary>References that one image of a query proposes and the others are compared with, too. 0 to 50, default 8.</summary>
    public int Shared { get; init; } = 8;

    /// <summary>Threads that one recognition may use. 1 to 64, default 1: throughput comes from concurrent recognitions.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>When the text in an image is read.</summary>
    public TextRule Text { get; init; } = new();
}

namespace Touchstone.Recognition.Gallery;

/// <summary>How a gallery is kept. Unchanging.</summary>
public sealed class GalleryOptions
{
    /// <summary>
    /// Pictures in memory from which on they are merged into the gallery's files; at least 1. So few as 500 in memory cost less than a merge, and from 5,000 on a
    /// tenth of all counts instead, so that each picture is merged some ten times while a gallery grows tenfold.
    /// </summary>
    public int MergeFrom { get; init; } = 500;

    /// <summary>How often it is looked whether a merge is due; more than zero, at most an hour. One is done when nothing came since the last look.</summary>
    public TimeSpan MergeEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Postings that are compared for one picture; at least 1, default 150,000, which is about 4 ms. The rarest cells, which tell most, are asked first.</summary>
    public long KeypointBudget { get; init; } = 150_000;

    /// <summary>Everything that is wrong with these options; empty: nothing.</summary>
    public IEnumerable<string> Problems()
    {
        if (MergeFrom < 1) yield return $"Gallery:MergeFrom is {MergeFrom}; it is at least 1.";
        if (KeypointBudget < 1) yield return $"Gallery:KeypointBudget is {KeypointBudget}; it is at least 1.";
        if (MergeEvery <= TimeSpan.Zero || MergeEvery > TimeSpan.FromHours(1)) yield return $"Gallery:MergeEvery is {MergeEvery}; it is more than zero and at most an hour.";
    }
}

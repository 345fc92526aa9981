namespace Touchstone.Index.Keypoints;

/// <summary>A query's keypoint in a cell that is asked. Query: number of the query; Keypoint: number over all queries.</summary>
internal readonly record struct Probe(int Cell, ulong Signature, ushort Keypoint, byte Query, byte Geometry);

/// <summary>Pictures with their keypoints sorted into cells: a changing set in memory, or an immutable one in a file. <see cref="KeypointSearch"/> searches several together.</summary>
public abstract class KeypointPostings
{
    private protected KeypointPostings(VisualVocabulary vocabulary) => Vocabulary = vocabulary;

    /// <summary>What cells and signatures are made with.</summary>
    public VisualVocabulary Vocabulary { get; }

    /// <summary>A view that does not change until it is disposed, by the thread that asked for it.</summary>
    internal abstract PostingReader Read();
}

/// <summary>Postings that do not change while they are read. Rows are numbered from 0; those of removed pictures keep their number and are not alive.</summary>
internal abstract class PostingReader : IDisposable
{
    public abstract int Rows { get; }

    /// <summary>Postings in all cells.</summary>
    public abstract long Postings { get; }

    public abstract int CountIn(int cell);

    /// <summary>Casts the votes of the probe's cell, for rows counted from <paramref name="firstRow"/>; each with the rarity times what the signatures agree.</summary>
    public abstract void Vote(in Probe probe, float rarity, int firstRow, HoughAccumulator accumulator);

    /// <summary>Copies the cell's postings, rows ascending.</summary>
    public abstract void Copy(int cell, Span<Posting> postings);

    public abstract bool IsAlive(int row);

    public abstract long Id(int row);

    /// <summary>Postings of the row.</summary>
    public abstract int PostingsOf(int row);

    public abstract void Dispose();
}

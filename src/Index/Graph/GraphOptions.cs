namespace Touchstone.Index.Graph;

/// <summary>How a graph is built. The defaults are those measured in docs/performance.md.</summary>
public sealed record GraphOptions
{
    internal const int LeastLinks = 4;
    internal const int MostLinks = 64;

    /// <summary>Links of a row in the upper levels and chosen for a new one, 4..64; twice as many in the lowest level. More: better found, 8 bytes of memory each a row.</summary>
    public int Links { get; init; } = 16;

    /// <summary>Rows kept in view while looking for the neighbours of a new one, 8..2,000. More: better found, built more slowly.</summary>
    public int BuildWidth { get; init; } = 128;

    /// <summary>Whether 4 further bits a value are kept for ranking, half as much again as the 8. Without them scores are those of the 8, within 0.01.</summary>
    public bool KeepsResiduals { get; init; } = true;

    /// <summary>Seeds the order of the rows. Equal seed, additions and <see cref="Threads"/> = 1: an equal file, byte for byte.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads that build, at least 1.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    internal void Check()
    {
        Within(Links, LeastLinks, MostLinks, nameof(Links));
        Within(BuildWidth, 8, 2_000, nameof(BuildWidth));
        Within(Threads, 1, int.MaxValue, nameof(Threads));

        static void Within(int value, int least, int most, string name)
        {
            if (value < least || value > most) throw new ArgumentOutOfRangeException(name, value, $"{name} of a graph is {least}..{most}.");
        }
    }
}

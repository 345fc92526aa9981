using Touchstone.Recognition.Text;

namespace Touchstone.Screening.Watches;

/// <summary>
/// How nearly two titles say the same: the share of the three-letter pieces of both that they have in common (Jaccard), of titles in folded form. Pieces are hashed to 32 bits. Of a title
/// eight keys are made so that titles which are nearly equal share one. Deterministic on every machine; safe for concurrent use.
/// </summary>
/// <remarks>A. Broder, On the resemblance and containment of documents, 1997.</remarks>
public sealed class TitleShingles
{
    /// <summary>From here on titles are nearly equal: a short word more, or another count in a long title, passes; another colour or number in a short one does not.</summary>
    public const double NearlyEqual = 0.8;

    private const int Piece = 3, Bands = 8, RowsOfBand = 2;

    // A title longer than this is compared by its beginning.
    private const int Longest = 300;

    private readonly HashSet<uint> pieces;

    public TitleShingles(string? title)
    {
        string folded = TextFolding.Fold(title is null ? "" : title.Length > Longest ? title[..Longest] : title);
        Folded = folded;
        string padded = $" {folded} ";
        pieces = folded.Length == 0 ? [] : [.. Enumerable.Range(0, Math.Max(1, padded.Length - Piece + 1)).Select(i => Hash(padded.AsSpan(i, Math.Min(Piece, padded.Length - i)), 0))];
    }

    /// <summary>The title as it is compared; empty where it says nothing.</summary>
    public string Folded { get; }

    public bool IsEmpty => pieces.Count == 0;

    /// <summary>0..1; 0 where either says nothing.</summary>
    public double LikenessTo(TitleShingles other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (IsEmpty || other.IsEmpty) return 0;
        int common = pieces.Count(other.pieces.Contains);
        return (double)common / (pieces.Count + other.pieces.Count - common);
    }

    /// <summary>
    /// Keys of which two titles share one with probability 1 − (1 − s²)⁸ at the likeness s: 99.97 % at <see cref="NearlyEqual"/>, 53 % at 0.3. None where it says nothing.
    /// </summary>
    public IReadOnlyList<string> Keys()
    {
        if (IsEmpty) return [];
        var keys = new string[Bands];
        for (uint band = 0; band < Bands; band++)
        {
            uint key = 0;
            for (uint row = 0; row < RowsOfBand; row++) key = Mix(key ^ Least((band * RowsOfBand) + row + 1));
            keys[band] = $"{band:x}{key:x8}";
        }
        return keys;
    }

    private uint Least(uint seed)
    {
        uint least = uint.MaxValue;
        foreach (uint piece in pieces) least = Math.Min(least, Mix(piece ^ (seed * 0x9E3779B9u)));
        return least;
    }

    private static uint Hash(ReadOnlySpan<char> text, uint seed)
    {
        uint hash = 2166136261u ^ seed;
        foreach (char c in text) hash = (hash ^ c) * 16777619u;
        return Mix(hash);
    }

    private static uint Mix(uint x)
    {
        x = (x ^ (x >> 16)) * 0x7FEB352Du;
        x = (x ^ (x >> 15)) * 0x846CA68Bu;
        return x ^ (x >> 16);
    }
}

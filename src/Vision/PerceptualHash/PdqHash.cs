using System.Globalization;
using System.Numerics;

namespace Touchstone.Vision.PerceptualHash;

/// <summary>
/// A PDQ perceptual hash: 256 bits, kept as four words with the most significant first. A value type; thread-safe.
/// Source: Facebook, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019.
/// </summary>
public readonly record struct PdqHash(ulong A, ulong B, ulong C, ulong D)
{
    // Four rows of 16 bits a word, row 0 lowest: every other bit of each row, and every other row. Index i stands for frequency i + 1,
    // and mirroring negates the odd frequencies of an axis.
    private const ulong OddColumns = 0x5555_5555_5555_5555, OddRows = 0x0000_FFFF_0000_FFFF;
    private const int Side = 16;

    private static readonly PictureTurn[] Turns = Enum.GetValues<PictureTurn>();

    /// <summary>The Hamming distance to another hash in bits: 0 (equal) to 256. The publishers' match threshold is 31.</summary>
    public int DistanceTo(PdqHash other) =>
        BitOperations.PopCount(A ^ other.A) + BitOperations.PopCount(B ^ other.B) + BitOperations.PopCount(C ^ other.C) + BitOperations.PopCount(D ^ other.D);

    /// <summary>
    /// Nearly the hash of the same picture turned or mirrored: the bits of the frequencies that change sign are inverted, as if the median were 0.
    /// It differs from the turned picture's own hash in the bits whose coefficients lie between the two medians: 8 to 14 for the publishers' photo, up to 30 for drawn scenes.
    /// </summary>
    public PdqHash Turned(PictureTurn turn)
    {
        bool transpose = turn is PictureTurn.Clockwise90 or PictureTurn.Clockwise270 or PictureTurn.Transposed or PictureTurn.Transversed;
        bool mirrorColumns = turn is PictureTurn.Clockwise90 or PictureTurn.Clockwise180 or PictureTurn.MirroredSideways or PictureTurn.Transversed;
        bool mirrorRows = turn is PictureTurn.Clockwise270 or PictureTurn.Clockwise180 or PictureTurn.MirroredUpsideDown or PictureTurn.Transversed;
        PdqHash hash = transpose ? Transposed() : this;
        ulong inverted = (mirrorColumns ? OddColumns : 0) ^ (mirrorRows ? OddRows : 0);
        return new PdqHash(hash.A ^ inverted, hash.B ^ inverted, hash.C ^ inverted, hash.D ^ inverted);
    }

    /// <summary>The hashes of the picture in each <see cref="PictureTurn"/>, eight, in its order.</summary>
    public PdqHash[] InEveryTurn()
    {
        PdqHash hash = this;
        return Array.ConvertAll(Turns, hash.Turned);
    }

    /// <summary>The turn in which this hash is nearest to another, and that distance in bits.</summary>
    public (PictureTurn Turn, int Distance) NearestTurn(PdqHash other)
    {
        PdqHash hash = this;
        return Turns.Select(turn => (turn, hash.Turned(turn).DistanceTo(other))).MinBy(static x => x.Item2);
    }

    /// <summary>64 lower-case hexadecimal digits, the form in which authorities exchange PDQ hashes.</summary>
    public override string ToString() => $"{A:x16}{B:x16}{C:x16}{D:x16}";

    private PdqHash Transposed()
    {
        Span<ulong> from = [D, C, B, A], to = stackalloc ulong[4];
        for (int bit = 0; bit < Side * Side; bit++)
        {
            int mirrored = (bit % Side * Side) + (bit / Side);
            to[mirrored >> 6] |= ((from[bit >> 6] >> (bit & 63)) & 1) << (mirrored & 63);
        }
        return new PdqHash(to[3], to[2], to[1], to[0]);
    }

    /// <exception cref="FormatException">The text is not 64 hexadecimal digits.</exception>
    public static PdqHash Parse(string hex)
    {
        if (hex is not { Length: 64 }) throw new FormatException($"A PDQ hash has 64 hexadecimal digits, not {hex?.Length ?? 0}.");
        return new PdqHash(Word(0), Word(16), Word(32), Word(48));
        ulong Word(int start) => ulong.Parse(hex.AsSpan(start, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}

/// <summary>A PDQ hash with its quality: 0 (featureless) to 100. Hashes of quality below 50 are not to be compared.</summary>
public readonly record struct PdqResult(PdqHash Hash, int Quality);

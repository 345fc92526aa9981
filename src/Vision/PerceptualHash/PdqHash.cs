using System.Globalization;
using System.Numerics;

namespace Touchstone.Vision.PerceptualHash;

/// <summary>
/// A PDQ perceptual hash: 256 bits, kept as four words with the most significant first. A value type; thread-safe.
/// Source: Facebook, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019.
/// </summary>
public readonly record struct PdqHash(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>The Hamming distance to another hash in bits: 0 (equal) to 256. The publishers' match threshold is 31.</summary>
    public int DistanceTo(PdqHash other) =>
        BitOperations.PopCount(A ^ other.A) + BitOperations.PopCount(B ^ other.B) + BitOperations.PopCount(C ^ other.C) + BitOperations.PopCount(D ^ other.D);

    /// <summary>64 lower-case hexadecimal digits, the form in which authorities exchange PDQ hashes.</summary>
    public override string ToString() => $"{A:x16}{B:x16}{C:x16}{D:x16}";

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

using System.Buffers.Binary;
using System.Numerics.Tensors;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.LocalFeatures;
using Touchstone.Vision.PerceptualHash;

namespace Touchstone.Recognition.Features;

/// <summary>
/// The stored form of an image's features, little-endian: "TSF" and the version, the perceptual hash (32 bytes) and its quality, the number of embeddings and their
/// dimension, the number of windows and theirs, then each vector as a scale (float32) and signed bytes, then the local features, where there are any. About
/// 24 KB for a product's picture and 8 KB for a mark. What is read back differs from what was written by the rounding alone. Pure; thread-safe.
/// </summary>
public static class FeatureFormat
{
    /// <summary>What this version of the program writes and reads. It grows with each change of the form.</summary>
    public const byte Version = 1;

    private const int HashLength = 32;
    private const int HeaderLength = 4 + HashLength + 1 + 6;

    /// <summary>Whether this version of the program wrote the bytes; what another one wrote is to be extracted again.</summary>
    public static bool IsCurrent(ReadOnlySpan<byte> bytes) => bytes is [(byte)'T', (byte)'S', (byte)'F', Version, ..];

    public static byte[] Write(ImageFeatures image)
    {
        ArgumentNullException.ThrowIfNull(image);
        float[][] wholes = [.. image.Wholes], regions = image.Embedding.Regions;
        int dimension = wholes[0].Length, regionDimension = regions.Length == 0 ? 0 : regions[0].Length;
        byte[] local = image.LocalFeatures?.ToBytes() ?? [];
        byte[] bytes = new byte[HeaderLength + (wholes.Length * (sizeof(float) + dimension)) + (regions.Length * (sizeof(float) + regionDimension)) + local.Length];
        Span<byte> at = bytes;
        (at[0], at[1], at[2], at[3]) = ((byte)'T', (byte)'S', (byte)'F', Version);
        at = at[4..];
        foreach (ulong word in (ulong[])[image.Pdq.Hash.A, image.Pdq.Hash.B, image.Pdq.Hash.C, image.Pdq.Hash.D])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(at, word);
            at = at[sizeof(ulong)..];
        }
        (at[0], at[1], at[4]) = ((byte)image.Pdq.Quality, (byte)wholes.Length, (byte)regions.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(at[2..], (ushort)dimension);
        BinaryPrimitives.WriteUInt16LittleEndian(at[5..], (ushort)regionDimension);
        at = at[7..];
        foreach (float[] vector in wholes.Concat(regions)) at = WriteVector(at, vector);
        local.CopyTo(at);
        return bytes;
    }

    /// <param name="sha256">Of the image.</param>
    /// <param name="model">Whose features they are; the bytes do not say.</param>
    /// <exception cref="InvalidDataException">The bytes are of another version or model, cut off or too long.</exception>
    public static ImageFeatures Read(string sha256, ModelEntry model, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!IsCurrent(bytes) || bytes.Length < HeaderLength) throw new InvalidDataException($"The stored features of {sha256} are of another version or cut off; they are extracted anew.");
        ReadOnlySpan<byte> at = bytes[4..];
        var hash = new PdqHash(BinaryPrimitives.ReadUInt64LittleEndian(at), BinaryPrimitives.ReadUInt64LittleEndian(at[8..]), BinaryPrimitives.ReadUInt64LittleEndian(at[16..]), BinaryPrimitives.ReadUInt64LittleEndian(at[24..]));
        at = at[HashLength..];
        (int quality, int wholes, int regions) = (at[0], at[1], at[4]);
        int dimension = BinaryPrimitives.ReadUInt16LittleEndian(at[2..]), regionDimension = BinaryPrimitives.ReadUInt16LittleEndian(at[5..]);
        at = at[7..];
        if (dimension != model.Dimension || (regions > 0 && regionDimension != model.RegionDimension) || wholes == 0)
            throw new InvalidDataException($"The stored features of {sha256} hold {wholes} vectors of {dimension} and {regions} of {regionDimension} values; {model.Id} makes {model.Dimension} and {model.RegionDimension}.");
        if (at.Length < (wholes * (sizeof(float) + dimension)) + (regions * (sizeof(float) + regionDimension))) throw new InvalidDataException($"The stored features of {sha256} are cut off.");
        var vectors = new float[wholes + regions][];
        for (int i = 0; i < vectors.Length; i++) vectors[i] = ReadVector(ref at, i < wholes ? dimension : regionDimension);
        LocalFeatureSet? local = at.IsEmpty ? null : LocalFeatureSet.FromBytes(at);
        return new ImageFeatures(sha256, new PdqResult(hash, quality), new ImageEmbedding(model.Id, vectors[0], vectors[wholes..]), local) { Views = vectors[1..wholes] };
    }

    private static Span<byte> WriteVector(Span<byte> at, float[] vector)
    {
        float largest = MathF.Abs(TensorPrimitives.MaxMagnitude<float>(vector)), scale = largest / 127;
        BinaryPrimitives.WriteSingleLittleEndian(at, scale);
        at = at[sizeof(float)..];
        for (int i = 0; i < vector.Length; i++) at[i] = largest == 0 ? (byte)0 : (byte)(sbyte)MathF.Round(vector[i] / scale);
        return at[vector.Length..];
    }

    /// <summary>Of length 1 again, because rounding moves that a little.</summary>
    private static float[] ReadVector(ref ReadOnlySpan<byte> at, int dimension)
    {
        float scale = BinaryPrimitives.ReadSingleLittleEndian(at);
        if (!float.IsFinite(scale)) throw new InvalidDataException("A stored vector's scale is no number.");
        var vector = new float[dimension];
        for (int i = 0; i < dimension; i++) vector[i] = (sbyte)at[sizeof(float) + i] * scale;
        float length = TensorPrimitives.Norm<float>(vector);
        if (length > 0) TensorPrimitives.Divide(vector, length, vector);
        at = at[(sizeof(float) + dimension)..];
        return vector;
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Numerics.Tensors;
using System.Security.Cryptography;
using Touchstone.Recognition.Features;
using Touchstone.Vision.Embedding;

namespace Touchstone.Evaluation.MarkRegister;

/// <summary>
/// Descriptions of the marks of a drawn register, in their stored form, kept in a folder: a file for each hundred, so that describing 20,000 may be broken off and
/// gone on with. Not safe for concurrent use of one folder.
/// </summary>
internal sealed class DescribedMarks
{
    private const int Batch = 100;

    // Between processors an embedding differs by its rounding; a changed model, drawing or extraction moves it further.
    private const float SameDescription = 0.995f;

    private readonly byte[][] stored;
    private readonly ModelEntry model;

    private DescribedMarks(byte[][] stored, ModelEntry model) => (this.stored, this.model) = (stored, model);

    public int Count => stored.Length;

    /// <summary>Bytes of a stored form, on average.</summary>
    public double BytesEach => stored.Average(s => (double)s.Length);

    /// <summary>Names the picture of mark n as a hash of its bytes would; the number can be read from it.</summary>
    public static string Sha256Of(int number)
    {
        byte[] hash = SHA256.HashData(BitConverter.GetBytes(number));
        BinaryPrimitives.WriteInt32BigEndian(hash.AsSpan(^sizeof(int)), number);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>The number in a name that <see cref="Sha256Of"/> made.</summary>
    public static int NumberOf(string sha256) => int.Parse(sha256.AsSpan(^(2 * sizeof(int))), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>The stored form of a mark's features, as an installation keeps it.</summary>
    public byte[] Stored(int number) => stored[number];

    public ImageFeatures Read(int number) => FeatureFormat.Read(Sha256Of(number), model, stored[number]);

    /// <summary>Describes the first marks of a register, or takes what the folder holds of them.</summary>
    /// <param name="folder">Null: nothing is kept.</param>
    /// <param name="progress">Told the marks that are described.</param>
    /// <exception cref="InvalidDataException">The folder's descriptions are of another drawing or another version of the program.</exception>
    public static DescribedMarks Of(DrawnRegister register, FeatureExtractor reader, int count, int threads, string? folder, IProgress<int> progress, CancellationToken cancellationToken)
    {
        if (folder is not null) Directory.CreateDirectory(folder);
        var stored = new byte[count][];
        for (int first = 0; first < count; first += Batch)
        {
            int last = Math.Min(count, first + Batch);
            string? path = folder is null ? null : Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{reader.Model.Id}-{first:0000000}.marks"));
            if (path is not null && File.Exists(path))
            {
                byte[][] kept = Unpacked(path);
                CheckSame(Describe(register, reader, first), kept[0], reader.Model, path);
                for (int i = first; i < last && i - first < kept.Length; i++) stored[i] = kept[i - first];
            }
            int[] missing = [.. Enumerable.Range(first, last - first).Where(i => stored[i] is null)];
            Parallel.ForEach(missing, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, i => stored[i] = Describe(register, reader, i));
            if (path is not null && missing.Length > 0) Keep(path, stored.AsSpan(first..last));
            progress.Report(last);
        }
        return new DescribedMarks(stored, reader.Model);
    }

    private static byte[] Describe(DrawnRegister register, FeatureExtractor reader, int number) => FeatureFormat.Write(reader.Describe(Sha256Of(number), register.Mark(number).Registered()));

    private static void CheckSame(byte[] now, byte[] kept, ModelEntry model, string path)
    {
        if (FeatureFormat.IsCurrent(kept))
        {
            ImageFeatures one = FeatureFormat.Read("now", model, now), other = FeatureFormat.Read("kept", model, kept);
            if (one.LocalFeatures?.Keypoints.Length == other.LocalFeatures?.Keypoints.Length && TensorPrimitives.Dot<float>(one.Embedding.Global, other.Embedding.Global) > SameDescription) return;
        }
        throw new InvalidDataException($"{path} holds descriptions of other drawings or by another version: name another folder, or delete this one.");
    }

    private static void Keep(string path, ReadOnlySpan<byte[]> blobs)
    {
        using (var file = new FileStream(path + ".part", FileMode.Create, FileAccess.Write))
        {
            Span<byte> length = stackalloc byte[sizeof(int)];
            foreach (byte[] blob in blobs)
            {
                BinaryPrimitives.WriteInt32LittleEndian(length, blob.Length);
                file.Write(length);
                file.Write(blob);
            }
        }
        File.Move(path + ".part", path, overwrite: true);
    }

    private static byte[][] Unpacked(string path)
    {
        ReadOnlySpan<byte> at = File.ReadAllBytes(path);
        var blobs = new List<byte[]>();
        while (!at.IsEmpty)
        {
            int length = at.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(at);
            if (length < 0 || length > at.Length - sizeof(int)) throw new InvalidDataException($"{path} is cut off: delete it.");
            blobs.Add(at.Slice(sizeof(int), length).ToArray());
            at = at[(sizeof(int) + length)..];
        }
        return blobs.Count > 0 ? [.. blobs] : throw new InvalidDataException($"{path} is empty: delete it.");
    }
}

using System.Security.Cryptography;

namespace Touchstone.Screening.Evidence;

/// <summary>
/// The SHA-256 of each block of a file, so that a change is found where it is. A block has 4 KiB; where there would be too many, two neighbours become one whose hash is
/// that of both hashes, as often as needed. Pure.
/// </summary>
/// <param name="Length">Of the file, in bytes.</param>
/// <param name="BlockBytes">Of each block but the last.</param>
internal sealed record BlockHashes(long Length, long BlockBytes, IReadOnlyList<byte[]> Hashes)
{
    public const int SmallestBlock = 4096;

    // With their seal they fit into the comment of a ZIP, which has at most 65,535 bytes.
    private const int Most = 1024;

    /// <summary>Adds bytes as they come. Not safe for concurrent use.</summary>
    internal sealed class Builder
    {
        private readonly List<byte[]> leaves = [];
        private readonly byte[] block = new byte[SmallestBlock];
        private int filled;
        private long length;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            length += bytes.Length;
            while (!bytes.IsEmpty)
            {
                int part = Math.Min(bytes.Length, SmallestBlock - filled);
                bytes[..part].CopyTo(block.AsSpan(filled));
                bytes = bytes[part..];
                filled += part;
                if (filled == SmallestBlock) Close();
            }
        }

        public BlockHashes End()
        {
            if (filled > 0) Close();
            List<byte[]> hashes = leaves;
            long size = SmallestBlock;
            for (; hashes.Count > Most; size *= 2) hashes = [.. hashes.Chunk(2).Select(x => SHA256.HashData(x.Length == 2 ? [.. x[0], .. x[1]] : x[0]))];
            return new BlockHashes(length, size, hashes);
        }

        private void Close()
        {
            leaves.Add(SHA256.HashData(block.AsSpan(0, filled)));
            filled = 0;
        }
    }

    public static BlockHashes Of(ReadOnlySpan<byte> bytes)
    {
        var builder = new Builder();
        builder.Add(bytes);
        return builder.End();
    }

    /// <summary>The first bytes that are not those of <paramref name="wanted"/>; null: all are.</summary>
    public ByteRange? FirstChange(BlockHashes wanted)
    {
        if (wanted.BlockBytes == BlockBytes)
        {
            for (int i = 0; i < Math.Min(Hashes.Count, wanted.Hashes.Count); i++)
                if (!Hashes[i].AsSpan().SequenceEqual(wanted.Hashes[i])) return new ByteRange(i * BlockBytes, Math.Min(Length, (i + 1) * BlockBytes));
        }
        else
        {
            return new ByteRange(0, Length);
        }
        return Length == wanted.Length && Hashes.Count == wanted.Hashes.Count ? null : new ByteRange(Math.Min(Length, wanted.Length), Math.Max(Length, wanted.Length));
    }
}

/// <summary>Bytes of a file, from 0.</summary>
/// <param name="From">The first.</param>
/// <param name="Until">The first that is no more of them.</param>
public sealed record ByteRange(long From, long Until)
{
    public override string ToString() => FormattableString.Invariant($"bytes {From} to {Until - 1}");
}

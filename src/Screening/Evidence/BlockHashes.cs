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

    /// <summary>Adds bytes as they come; keeps as many hashes as there are at the end, and few more. Not safe for concurrent use.</summary>
    internal sealed class Builder
    {
        private readonly byte[] block = new byte[SmallestBlock];

        // Of blocks that have BlockBytes; and of each smaller size the first of two neighbours whose second has not come yet.
        private List<byte[]> hashes = [];
        private readonly List<byte[]?> halves = [];
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
            byte[]? rest = null;
            for (int size = 0; size < halves.Count; size++)
            {
                if (halves[size] is not null || rest is not null) rest = Joined(halves[size], rest);
                halves[size] = null;
            }
            if (rest is not null) hashes.Add(rest);
            if (hashes.Count > Most) Join();
            return new BlockHashes(length, (long)SmallestBlock << halves.Count, hashes);
        }

        private void Close()
        {
            byte[] hash = SHA256.HashData(block.AsSpan(0, filled));
            filled = 0;
            for (int size = 0; size < halves.Count; size++)
            {
                if (halves[size] is not { } first)
                {
                    halves[size] = hash;
                    return;
                }
                hash = Joined(first, hash);
                halves[size] = null;
            }
            hashes.Add(hash);
            if (hashes.Count <= Most) return;
            byte[] last = hashes[Most];
            hashes.RemoveAt(Most);
            Join();
            halves[^1] = last;
        }

        /// <summary>Makes blocks twice as large.</summary>
        private void Join()
        {
            hashes = [.. hashes.Chunk(2).Select(x => Joined(x[0], x.Length == 2 ? x[1] : null))];
            halves.Add(null);
        }

        private static byte[] Joined(byte[]? first, byte[]? second) => SHA256.HashData([.. first ?? [], .. second ?? []]);
    }

    /// <summary>The hashes of a stream's first bytes.</summary>
    /// <exception cref="EndOfStreamException">It has fewer than <paramref name="length"/>.</exception>
    public static async Task<BlockHashes> OfAsync(Stream bytes, long length, CancellationToken cancellationToken)
    {
        var builder = new Builder();
        byte[] buffer = new byte[20 * SmallestBlock];
        bytes.Position = 0;
        while (length > 0)
        {
            Memory<byte> part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, length));
            await bytes.ReadExactlyAsync(part, cancellationToken);
            builder.Add(part.Span);
            length -= part.Length;
        }
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

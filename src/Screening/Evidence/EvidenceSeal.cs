using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Touchstone.Screening.Audit;

namespace Touchstone.Screening.Evidence;

/// <summary>What a seal says of the bytes before it: exactly one of <see cref="PublicKey"/> and <see cref="Problem"/> is set.</summary>
/// <param name="Range">The first bytes that do not hold.</param>
internal sealed record ReadSeal(string? PublicKey, string? Problem, ByteRange? Range);

/// <summary>
/// The installation's signature over a whole bundle, as the comment at the ZIP's end: <c>touchstone-seal/2 LENGTH BLOCK KEY SIGNATURE HASHES</c>. The hashes are those of every
/// block before the comment's length, which is that of the seal, and the signature is over them: no byte can change unseen, and the seal says which block did. Pure.
/// </summary>
internal static class EvidenceSeal
{
    private const string Start = "touchstone-seal/2 ";
    private const int Words = 6;
    private const int HashBytes = 32;

    // The end of a ZIP without a comment is its length, zero (APPNOTE 4.3.16).
    private const int LengthField = 2;
    private const int LongestSeal = 65_535;

    // Of the end of a ZIP, before its comment's length.
    private const int EndBytes = 20;

    public static byte[] Write(SigningKey key, BlockHashes blocks)
    {
        byte[] comment = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Start}{blocks.Length} {blocks.BlockBytes} {key.PublicKey} {key.Sign(Signed(blocks))} {Convert.ToBase64String(Joined(blocks))}"));
        byte[] end = new byte[LengthField + comment.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(end, (ushort)comment.Length);
        comment.CopyTo(end, LengthField);
        return end;
    }

    /// <summary>The public key that sealed the bytes of a stream, or what is wrong, for people, and where.</summary>
    public static async Task<ReadSeal> ReadAsync(Stream bundle, CancellationToken cancellationToken)
    {
        long tailStart = Math.Max(0, bundle.Length - LongestSeal - LengthField - EndBytes);
        byte[] tail = new byte[bundle.Length - tailStart];
        bundle.Position = tailStart;
        await bundle.ReadExactlyAsync(tail, cancellationToken);
        int at = tail.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(Start));
        if (at < LengthField) return new(null, "It has no seal: it was cut off or changed, or no installation handed it out.", new(tailStart + (EndOfZip(tail) ?? 0), bundle.Length));
        ReadOnlyMemory<byte> comment = tail.AsMemory(at);
        long length = tailStart + at - LengthField;
        ReadSeal changed = new(null, "Its seal was changed.", new(length, bundle.Length));
        string[] words = Encoding.Latin1.GetString(comment.Span).Split(' ');
        if (words.Length != Words || BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(at - LengthField)) != comment.Length || !words[3..].All(IsCanonical)) return changed;
        if (!IsNumber(words[1], out long bytes) || !IsNumber(words[2], out long block)) return changed;
        byte[] hashes = Convert.FromBase64String(words[5]);
        if (hashes.Length % HashBytes != 0) return changed;
        var sealedBlocks = new BlockHashes(bytes, block, [.. hashes.Chunk(HashBytes)]);
        if (!SigningKey.IsValid(words[3], Signed(sealedBlocks), words[4])) return changed;
        return (await BlockHashes.OfAsync(bundle, length, cancellationToken)).FirstChange(sealedBlocks) is { } range
            ? new(null, "It does not have its seal: it was changed.", range)
            : new(words[3], null, null);
    }

    /// <summary>What is signed: the SHA-256 of length, block size and hashes.</summary>
    private static byte[] Signed(BlockHashes blocks) =>
        SHA256.HashData([.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Start}{blocks.Length} {blocks.BlockBytes} ")), .. Joined(blocks)]);

    private static byte[] Joined(BlockHashes blocks) => [.. blocks.Hashes.SelectMany(x => x)];

    /// <summary>Where the comment's length begins, by the ZIP's own end mark; null where that is not found.</summary>
    private static int? EndOfZip(ReadOnlySpan<byte> tail)
    {
        int mark = tail.LastIndexOf("PK\u0005\u0006"u8);
        return mark >= 0 && mark + EndBytes + LengthField <= tail.Length ? mark + EndBytes : null;
    }

    private static bool IsNumber(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value.ToString(CultureInfo.InvariantCulture) == text;

    /// <summary>Whether a text is base64 as it is written: other texts may stand for the same bytes.</summary>
    private static bool IsCanonical(string text)
    {
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int written) && Convert.ToBase64String(bytes.AsSpan(0, written)) == text;
    }
}

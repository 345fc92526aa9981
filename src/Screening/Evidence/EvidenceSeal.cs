using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Touchstone.Screening.Audit;

namespace Touchstone.Screening.Evidence;

/// <summary>
/// The installation's signature over a whole bundle, as the comment at the ZIP's end: <c>touchstone-seal/1 KEY SIGNATURE</c>. It is over the SHA-256 of every byte before
/// the comment's length, which is that of the seal; so no byte can change unseen. Pure but for the streams.
/// </summary>
internal static class EvidenceSeal
{
    private const string Start = "touchstone-seal/1 ";

    // The end of a ZIP without a comment is its length, zero (APPNOTE 4.3.16).
    private const int LengthField = 2;
    private const int LongestSeal = 1_000;

    public static byte[] Write(SigningKey key, ReadOnlySpan<byte> sha256)
    {
        byte[] comment = Encoding.ASCII.GetBytes($"{Start}{key.PublicKey} {key.Sign(sha256)}");
        byte[] end = new byte[LengthField + comment.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(end, (ushort)comment.Length);
        comment.CopyTo(end, LengthField);
        return end;
    }

    /// <summary>The public key that sealed these bytes, or what is wrong, for people.</summary>
    public static (string? PublicKey, string? Problem) Read(ReadOnlySpan<byte> bundle)
    {
        ReadOnlySpan<byte> tail = bundle[Math.Max(0, bundle.Length - LongestSeal)..];
        int at = tail.LastIndexOf(Encoding.ASCII.GetBytes(Start));
        if (at < LengthField) return (null, "It has no seal: it was cut off or changed, or no installation handed it out.");
        ReadOnlySpan<byte> comment = tail[at..], length = tail.Slice(at - LengthField, LengthField);
        string[] words = Encoding.Latin1.GetString(comment).Split(' ');
        if (words.Length != 3 || BinaryPrimitives.ReadUInt16LittleEndian(length) != comment.Length || !IsCanonical(words[1]) || !IsCanonical(words[2])) return (null, "Its seal was changed.");
        byte[] sha256 = SHA256.HashData(bundle[..(bundle.Length - comment.Length - LengthField)]);
        return SigningKey.IsValid(words[1], sha256, words[2]) ? (words[1], null) : (null, "It does not have its seal: it was changed.");
    }

    /// <summary>Whether a text is base64 as it is written: other texts may stand for the same bytes.</summary>
    private static bool IsCanonical(string text)
    {
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int written) && Convert.ToBase64String(bytes.AsSpan(0, written)) == text;
    }
}

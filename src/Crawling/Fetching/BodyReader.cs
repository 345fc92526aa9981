using System.IO.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Touchstone.Crawling.Fetching;

/// <summary>
/// Reads a body as it comes and unpacks it while it counts the unpacked bytes, so that a small answer cannot unfold into a large one. Source: RFC 9110,
/// section 8.4: codings are listed in the order in which they were applied, in any case, and x-gzip is gzip.
/// </summary>
internal static class BodyReader
{
    /// <summary>What requests ask for.</summary>
    public const string AcceptEncoding = "gzip, deflate, br";

    private const int Step = 64 << 10;

    // More layers than any server means.
    private const int MostCodings = 3;

    // Each is one; what else servers write there, such as a charset or "chunked", changes nothing, and browsers pass it over.
    private static readonly string[] Read = ["gzip", "x-gzip", "deflate", "br", "zstd"], Unread = ["compress", "x-compress", "dcb", "dcz", "bzip2", "xz", "lzma", "exi", "pack200-gzip"];

    /// <summary>The codings of a Content-Encoding header, in the order in which they were applied, without those that change nothing.</summary>
    public static IReadOnlyList<string> Codings(string? contentEncoding) =>
        [.. (contentEncoding ?? "").Split(',').Select(static c => c.Trim().ToLowerInvariant()).Where(static c => Read.Contains(c) || Unread.Contains(c))];

    /// <summary>As <see cref="Codings(string?)"/>; what is called a page and is a packed file is taken for one that the server forgot to label.</summary>
    public static IReadOnlyList<string> Codings(string? contentEncoding, string? contentType, ReadOnlySpan<byte> body) =>
        Codings(contentEncoding) is { Count: > 0 } said ? said : body is [0x1F, 0x8B, 0x08, ..] && contentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true ? [Read[0]] : [];

    /// <summary>The first coding that is not read; null if all are.</summary>
    public static string? Unknown(IReadOnlyList<string> codings) =>
        codings.FirstOrDefault(static c => !Read.Contains(c)) ?? (codings.Count > MostCodings ? codings[MostCodings] : null);

    /// <summary>The body as packed, whether that is all of it, and whether the connection ended before; null if it is longer than the limit and the limit does not cut.</summary>
    public static async Task<(byte[] Packed, bool Whole, bool BrokeOff)?> ReadAsync(HttpContent content, FetchLimits limits, CancellationToken cancellationToken)
    {
        // What does not shrink when it is packed grows a little.
        long most = limits.MaxBytes + (limits.MaxBytes / 16) + 1024;
        long? declared = content.Headers.ContentLength;
        if (declared > most && !limits.CutAtMaxBytes) return null;
        await using Stream stream = await content.ReadAsStreamAsync(cancellationToken);
        using MemoryStream body = new((int)Math.Min(declared ?? Step, Math.Min(most, BodyRoom.Small)));
        byte[] buffer = new byte[Step];
        while (true)
        {
            int read;
            try
            {
                read = await stream.ReadAsync(buffer, cancellationToken);
            }
            catch (IOException) when (limits.TakesBroken && body.Length > 0)
            {
                return (body.ToArray(), false, true);
            }
            if (read == 0) return (body.ToArray(), true, false);
            long room = most - body.Length;
            if (read > room && !limits.CutAtMaxBytes) return null;
            if (limits.Place is { } place) await place.GrowAsync(body.Length + read, cancellationToken);
            body.Write(buffer, 0, (int)Math.Min(read, room));
            if (read > room) return (body.ToArray(), false, false);
        }
    }

    /// <summary>The unpacked body, after waiting for room where it is large; null if it is longer than the limit and the limit does not cut.</summary>
    /// <exception cref="InvalidDataException">The body is not packed as it says.</exception>
    public static async Task<ReadOnlyMemory<byte>?> UnpackAsync(ReadOnlyMemory<byte> packed, IReadOnlyList<string> codings, FetchLimits limits, CancellationToken cancellationToken)
    {
        if (limits.Place is not { } place || codings.Count == 0 || limits.MaxBytes <= BodyRoom.Small) return Unpack(packed, codings, limits);
        // Whether it is large shows only while it is unpacked: a small body is unpacked once, a large one again when there is room.
        if (Unpack(packed, codings, limits with { MaxBytes = BodyRoom.Small, CutAtMaxBytes = false }) is { } small) return small;
        await place.GrowAsync(limits.MaxBytes, cancellationToken);
        return Unpack(packed, codings, limits);
    }

    /// <summary>The unpacked body; null if it is longer than the limit and the limit does not cut.</summary>
    /// <exception cref="InvalidDataException">The body is not packed as it says.</exception>
    public static ReadOnlyMemory<byte>? Unpack(ReadOnlyMemory<byte> packed, IReadOnlyList<string> codings, FetchLimits limits)
    {
        ReadOnlyMemory<byte> body = packed;
        foreach (string coding in codings.Reverse())
        {
            using Stream? layer = Layer(body, coding);
            if (layer is null) continue;
            (byte[]? unpacked, InvalidDataException? broken) = Unpacked(layer, limits);
            // Of a file of several members all are read, and what the trailer says of the only one may be wrong where the content is not.
            if (broken is not null && GzipMember.Open(body) is { } first)
            {
                using (first)
                {
                    (byte[]? bare, InvalidDataException? bareBroken) = Unpacked(first, limits);
                    if (bare is null || bareBroken is null || bare.Length > unpacked!.Length) (unpacked, broken) = (bare, bareBroken);
                }
            }
            if (unpacked is null) return null;
            // Labelled as packed, and not: some servers leave the label on what they did not pack.
            if (broken is not null && IsPlain(body.Span)) continue;
            // Browsers show what came before the packing broke off. What may be cut has no half lines.
            if (broken is not null && (unpacked.Length == 0 || limits.CutAtMaxBytes)) throw broken;
            body = unpacked;
        }
        if (body.Length <= limits.MaxBytes) return body;
        return limits.CutAtMaxBytes ? body[..(int)limits.MaxBytes] : null;
    }

    /// <summary>The content, null if it is longer than the limit and the limit does not cut; and why it ends early, where it is not packed as it says.</summary>
    private static (byte[]? Content, InvalidDataException? Broken) Unpacked(Stream stream, FetchLimits limits)
    {
        using MemoryStream body = new();
        byte[] buffer = new byte[Step];
        while (true)
        {
            int read;
            try
            {
                read = stream.Read(buffer);
            }
            catch (Exception e) when (e is InvalidDataException or InvalidOperationException or EndOfStreamException or ZstdException)
            {
                return (body.ToArray(), e as InvalidDataException ?? new InvalidDataException(e.Message, e));
            }
            if (read == 0) return (body.ToArray(), null);
            long room = limits.MaxBytes - body.Length;
            if (read > room && !limits.CutAtMaxBytes) return (null, null);
            body.Write(buffer, 0, (int)Math.Min(read, room));
            if (read > room) return (body.ToArray(), null);
        }
    }

    /// <summary>Whether it is markup as it stands: what is packed begins so only by chance, and holds bytes that no text has.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> text = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        text = text.TrimStart(" \t\r\n"u8);
        return text is [(byte)'<', (byte)'!' or (byte)'?' or >= (byte)'A' and <= (byte)'Z' or >= (byte)'a' and <= (byte)'z', ..] && !text.ContainsAnyInRange((byte)0, (byte)8) && !text.ContainsAnyInRange((byte)14, (byte)26);
    }

    /// <summary>What unpacks one coding; null if the bytes are labelled as packed and are not.</summary>
    private static Stream? Layer(ReadOnlyMemory<byte> packed, string coding)
    {
        MemoryStream from = new(packed.ToArray(), writable: false);
        ReadOnlySpan<byte> head = packed.Span[..Math.Min(4, packed.Length)];
        // What begins as one of these is one, whatever the server calls it.
        bool gzip = head is [0x1F, 0x8B, ..];
        if (head is [0x28, 0xB5, 0x2F, 0xFD]) return Zstandard(from);
        if (coding == "br" && head is not [0x1F, 0x8B, 0x08, _]) return new BrotliStream(from, CompressionMode.Decompress);
        // The header of zlib: method 8, and a multiple of 31. Deflate without it is as common as with it.
        bool zlib = head is [var method, var check, ..] && (method & 0x0F) == 8 && ((method << 8) | check) % 31 == 0;
        if (gzip) return new GZipStream(from, CompressionMode.Decompress);
        if (coding is not "deflate" && !zlib) return null;
        return zlib ? new ZLibStream(from, CompressionMode.Decompress) : new DeflateStream(from, CompressionMode.Decompress);
    }

    /// <summary>Source: RFC 9659: a window is at most 8 MiB.</summary>
    private static DecompressionStream Zstandard(Stream from)
    {
        const int largestWindow = 23;
        DecompressionStream stream = new(from, leaveOpen: false);
        stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, largestWindow);
        return stream;
    }
}

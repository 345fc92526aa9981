using System.IO.Compression;

namespace Touchstone.Crawling.Fetching;

/// <summary>
/// Unpacks and reads a body while it counts the unpacked bytes, so that a small answer cannot unfold into a large one. Source: RFC 9110, section 8.4: codings
/// are listed in the order in which they were applied, in any case, and x-gzip is gzip.
/// </summary>
internal static class BodyReader
{
    /// <summary>What requests ask for.</summary>
    public const string AcceptEncoding = "gzip, deflate, br";

    private const int Step = 64 << 10;

    // More layers than any server means.
    private const int MostCodings = 3;

    /// <summary>The first coding of the body that is not read; null if all are.</summary>
    public static string? UnknownCoding(HttpContent content)
    {
        string[] codings = [.. Codings(content)];
        return codings.FirstOrDefault(static c => c is not ("gzip" or "x-gzip" or "deflate" or "br")) ?? (codings.Length > MostCodings ? codings[MostCodings] : null);
    }

    /// <summary>The body; null if it is longer than the limit and the limit does not cut.</summary>
    /// <exception cref="InvalidDataException">The body is not packed as it says.</exception>
    public static async Task<byte[]?> ReadAsync(HttpContent content, FetchLimits limits, CancellationToken cancellationToken)
    {
        string[] codings = [.. Codings(content)];
        long? declared = codings.Length == 0 ? content.Headers.ContentLength : null;
        if (declared > limits.MaxBytes && !limits.CutAtMaxBytes) return null;
        await using Stream stream = await UnpackAsync(await content.ReadAsStreamAsync(cancellationToken), codings, cancellationToken);
        using MemoryStream body = new((int)Math.Min(declared ?? Step, limits.MaxBytes));
        byte[] buffer = new byte[Step];
        while (true)
        {
            int read = await stream.ReadAsync(buffer, cancellationToken);
            if (read == 0) return body.ToArray();
            long room = limits.MaxBytes - body.Length;
            if (read > room && !limits.CutAtMaxBytes) return null;
            body.Write(buffer, 0, (int)Math.Min(read, room));
            if (read > room) return body.ToArray();
        }
    }

    /// <summary>The codings in the order in which they were applied, without those that change nothing.</summary>
    private static IEnumerable<string> Codings(HttpContent content) =>
        content.Headers.ContentEncoding.SelectMany(static c => c.Split(',')).Select(static c => c.Trim().ToLowerInvariant()).Where(static c => c is not ("" or "identity" or "none" or "utf-8" or "binary"));

    private static async Task<Stream> UnpackAsync(Stream packed, string[] codings, CancellationToken cancellationToken)
    {
        Stream stream = packed;
        foreach (string coding in codings.Reverse())
        {
            if (coding == "br")
            {
                stream = new BrotliStream(stream, CompressionMode.Decompress);
                continue;
            }
            PeekedStream peeked = await PeekedStream.OfAsync(stream, cancellationToken);
            bool gzip = peeked.Head is [0x1F, 0x8B];
            // The header of zlib: method 8, and a multiple of 31. Deflate without it is as common as with it.
            bool zlib = peeked.Head is [var method, var check] && (method & 0x0F) == 8 && ((method << 8) | check) % 31 == 0;
            // Text that is labelled as packed and is not comes as it is.
            bool text = peeked.Head is [(>= 0x20 and < 0x7F) or 0x09 or 0x0A or 0x0D, (>= 0x20 and < 0x7F) or 0x09 or 0x0A or 0x0D];
            stream = gzip || (coding is not "deflate" && !text) ? new GZipStream(peeked, CompressionMode.Decompress)
                : coding is not "deflate" ? peeked
                : zlib ? new ZLibStream(peeked, CompressionMode.Decompress) : new DeflateStream(peeked, CompressionMode.Decompress);
        }
        return stream;
    }

    /// <summary>A stream of which the first two bytes were looked at.</summary>
    private sealed class PeekedStream : Stream
    {
        private readonly Stream _inner;
        private int _given;

        private PeekedStream(Stream inner, byte[] head) => (_inner, Head) = (inner, head);

        public byte[] Head { get; }

        public static async Task<PeekedStream> OfAsync(Stream inner, CancellationToken cancellationToken)
        {
            byte[] head = new byte[2];
            int count = await inner.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
            return new PeekedStream(inner, head[..count]);
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => _given < Head.Length ? Give(buffer.AsSpan(offset, count)) : _inner.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _given < Head.Length ? ValueTask.FromResult(Give(buffer.Span)) : _inner.ReadAsync(buffer, cancellationToken);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) _inner.Dispose();
            base.Dispose(disposing);
        }

        private int Give(Span<byte> to)
        {
            int count = Math.Min(to.Length, Head.Length - _given);
            Head.AsSpan(_given, count).CopyTo(to);
            _given += count;
            return count;
        }
    }
}

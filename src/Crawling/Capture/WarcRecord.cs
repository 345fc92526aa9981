using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Crawling.Capture;

/// <summary>
/// One record of a WARC 1.1 file (ISO 28500). Its id is made of its content, so that equal records have equal ids. Immutable.
/// </summary>
internal sealed class WarcRecord
{
    private const string HttpRequest = "application/http; msgtype=request", HttpResponse = "application/http; msgtype=response";

    private readonly List<(string Name, string Value)> headers = [];

    private WarcRecord(string type, string? url, DateTimeOffset at, string mediaType, byte[] block, int payloadStart)
    {
        (Type, Url, At, MediaType, Block, PayloadStart) = (type, url, at, mediaType, block, payloadStart);
        string digest = Sha256(block);
        Id = IdOf($"{type}\n{url}\n{Instant(at)}\n{digest}");
        headers.Add(("WARC-Type", type));
        headers.Add(("WARC-Record-ID", Id));
        headers.Add(("WARC-Date", Instant(at)));
        if (url is not null) headers.Add(("WARC-Target-URI", url));
        headers.Add(("WARC-Block-Digest", digest));
        if (type is "response" or "resource") headers.Add(("WARC-Payload-Digest", PayloadDigest));
    }

    public string Type { get; }

    public string? Url { get; }

    public DateTimeOffset At { get; }

    /// <summary>Of the block: <c>application/http</c> for an exchange.</summary>
    public string MediaType { get; }

    public byte[] Block { get; }

    public int PayloadStart { get; }

    /// <summary>Such as <c>&lt;urn:uuid:…&gt;</c>.</summary>
    public string Id { get; }

    /// <summary>HTTP status of a response; 200 for a resource.</summary>
    public int Status { get; private init; }

    /// <summary>Media type of the payload, without parameters.</summary>
    public string PayloadType { get; private init; } = "application/octet-stream";

    public string PayloadDigest => Sha256(Block.AsSpan(PayloadStart));

    public static WarcRecord Info(string software, DateTimeOffset at) =>
        new("warcinfo", null, at, "application/warc-fields", Encoding.UTF8.GetBytes($"software: {software}\r\nformat: WARC File Format 1.1\r\nconformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"), 0);

    /// <summary>Bytes whose exchange was not kept, or that were made here, under an address.</summary>
    public static WarcRecord Resource(string url, DateTimeOffset at, string mediaType, byte[] bytes) => new("resource", url, at, mediaType, bytes, 0) { Status = 200, PayloadType = Bare(mediaType) };

    /// <summary>The answer, if one came, and the request of an exchange.</summary>
    public static IEnumerable<WarcRecord> Of(FetchExchange exchange)
    {
        WarcRecord? response = exchange.ResponseHead.IsEmpty ? null : ResponseOf(exchange);
        if (response is not null) yield return response;
        byte[] head = exchange.RequestHead.ToArray();
        var request = new WarcRecord("request", exchange.Url, exchange.AskedAt, HttpRequest, head, head.Length);
        if (response is not null) request.headers.Add(("WARC-Concurrent-To", response.Id));
        yield return request;
    }

    /// <summary>Writes the record as it stands in a file, before it is packed.</summary>
    public void WriteTo(Stream output)
    {
        var text = new StringBuilder("WARC/1.1\r\n");
        foreach ((string name, string value) in headers) text.Append(name).Append(": ").Append(value).Append("\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Content-Type: {MediaType}\r\nContent-Length: {Block.Length}\r\n\r\n");
        output.Write(Encoding.UTF8.GetBytes(text.ToString()));
        output.Write(Block);
        output.Write("\r\n\r\n"u8);
    }

    internal static string Sha256(ReadOnlySpan<byte> bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

    private static WarcRecord ResponseOf(FetchExchange exchange)
    {
        byte[] head = HeadWithoutChunks(exchange.ResponseHead.Span);
        string type = Bare(exchange.Header("Content-Type") ?? "application/octet-stream");
        var record = new WarcRecord("response", exchange.Url, exchange.AskedAt, HttpResponse, [.. head, .. exchange.Body.Span], head.Length) { Status = exchange.Status, PayloadType = type };
        if (exchange.Address is { } address) record.headers.Add(("WARC-IP-Address", address));
        if (!exchange.IsWhole) record.headers.Add(("WARC-Truncated", "unspecified"));
        return record;
    }

    /// <summary>A body is kept with its chunks joined; a head that announces chunks would be read wrongly, so that header is named as archives do.</summary>
    private static byte[] HeadWithoutChunks(ReadOnlySpan<byte> head)
    {
        const string Name = "transfer-encoding:";
        string[] lines = Encoding.Latin1.GetString(head).Split('\n');
        for (int i = 1; i < lines.Length; i++)
            if (lines[i].StartsWith(Name, StringComparison.OrdinalIgnoreCase)) lines[i] = $"X-Archive-Orig-{lines[i]}";
        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }

    private static string Bare(string mediaType) => mediaType.Split(';')[0].Trim().ToLowerInvariant() is { Length: > 0 } bare && !bare.Any(char.IsControl) ? bare : "application/octet-stream";

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    // RFC 9562, version 8: the bits are the maker's own, here a hash.
    private static string IdOf(string content)
    {
        Span<byte> bits = SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 16);
        bits[6] = (byte)((bits[6] & 0x0F) | 0x80);
        bits[8] = (byte)((bits[8] & 0x3F) | 0x80);
        return $"<urn:uuid:{new Guid(bits, bigEndian: true)}>";
    }
}

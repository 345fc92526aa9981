using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Crawling.Capture;

/// <summary>
/// Packs exchanges and bytes as WACZ 1.1.1: a WARC 1.1 file with a gzip member for each record, an index of it (CDXJ), and the pages to begin with. Each record is written when it
/// comes, and only its line of the index stays in memory. The same content gives the same bytes. Not safe for concurrent use.
/// </summary>
public sealed class WebArchive : IDisposable
{
    private const string WarcPath = "archive/evidence.warc.gz";

    // The ZIP format begins in 1980; a fixed time keeps equal archives equal.
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string software;
    private readonly DateTimeOffset madeAt;
    private readonly Stream warc;
    private readonly SHA256 hash = SHA256.Create();
    private readonly CryptoStream records;
    private readonly List<string> index = [];
    private readonly List<Page> pages = [];
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);

    /// <param name="software">Names the program and its version.</param>
    /// <param name="madeAt">When the archive is made.</param>
    /// <param name="warc">Takes the WARC file from its beginning, and is read again for the whole archive; the caller closes it.</param>
    public WebArchive(string software, DateTimeOffset madeAt, Stream warc)
    {
        (this.software, this.madeAt, this.warc) = (software, madeAt, warc);
        records = new CryptoStream(warc, hash, CryptoStreamMode.Write, leaveOpen: true);
        Add(WarcRecord.Info(software, madeAt));
    }

    /// <summary>Whether it holds nothing that was seen.</summary>
    public bool IsEmpty => ids.Count == 1;

    /// <summary>A request and its answer; one that is in already is not put in again.</summary>
    public void Add(FetchExchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        foreach (WarcRecord record in WarcRecord.Of(exchange)) Add(record);
    }

    /// <summary>Bytes without the exchange that brought them, under the address at which they were seen, or under one like <c>urn:fullPage:URL</c> for what was made of a page.</summary>
    public void AddResource(string url, DateTimeOffset at, string mediaType, byte[] bytes) => Add(WarcRecord.Resource(url, at, mediaType, bytes));

    /// <summary>A page that a viewer begins with: an address that was put in.</summary>
    public void AddPage(string url, DateTimeOffset at, string? title) => pages.Add(new Page(url, at, title));

    /// <summary>Writes the whole archive; nothing is added then.</summary>
    public async Task WriteWaczAsync(Stream output, CancellationToken cancellationToken)
    {
        await records.FlushFinalBlockAsync(cancellationToken);
        index.Sort(StringComparer.Ordinal);
        byte[] lines = Encoding.UTF8.GetBytes(string.Concat(index)), pageLines = Encoding.UTF8.GetBytes(PageLines());
        Resource[] resources = [new(WarcPath, $"sha256:{Convert.ToHexStringLower(hash.Hash!)}", warc.Position), Resource.Of("indexes/index.cdxj", lines), Resource.Of("pages/pages.jsonl", pageLines)];
        byte[] package = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                profile = "data-package",
                wacz_version = "1.1.1",
                software,
                created = Instant(madeAt),
                mainPageUrl = pages.Count > 0 ? pages[0].Url : null,
                mainPageDate = pages.Count > 0 ? Instant(pages[0].At) : null,
                resources = resources.Select(x => new { name = x.Path.Split('/')[^1], path = x.Path, hash = x.Hash, bytes = x.Bytes }),
            },
            Json);
        byte[] digest = JsonSerializer.SerializeToUtf8Bytes(new { path = "datapackage.json", hash = WarcRecord.Sha256(package) }, Json);
        await using ZipArchive zip = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        warc.Position = 0;
        // A viewer reads records out of the middle of the archive: it must not be packed once more.
        await PutAsync(zip, WarcPath, CompressionLevel.NoCompression, warc, cancellationToken);
        foreach ((string path, byte[] bytes) in ((string, byte[])[])[(resources[1].Path, lines), (resources[2].Path, pageLines), ("datapackage.json", package), ("datapackage-digest.json", digest)])
            await PutAsync(zip, path, CompressionLevel.Optimal, new MemoryStream(bytes), cancellationToken);
    }

    public void Dispose()
    {
        records.Dispose();
        hash.Dispose();
    }

    private static async Task PutAsync(ZipArchive zip, string path, CompressionLevel level, Stream content, CancellationToken cancellationToken)
    {
        ZipArchiveEntry entry = zip.CreateEntry(path, level);
        entry.LastWriteTime = EntryTime;
        await using Stream stream = await entry.OpenAsync(cancellationToken);
        await content.CopyToAsync(stream, cancellationToken);
    }

    private void Add(WarcRecord record)
    {
        if (!ids.Add(record.Id)) return;
        long offset = warc.Position;
        using (var gzip = new GZipStream(records, CompressionLevel.Optimal, leaveOpen: true)) record.WriteTo(gzip);
        if (record.Type is not ("response" or "resource")) return;
        string rest = JsonSerializer.Serialize(
            new { url = record.Url, mime = record.PayloadType, status = $"{record.Status}", digest = record.PayloadDigest, length = $"{warc.Position - offset}", offset = $"{offset}", filename = WarcPath.Split('/')[^1] }, Json);
        index.Add($"{SearchKey.Of(record.Url!)} {record.At.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)} {rest}\n");
    }

    private string PageLines()
    {
        var text = new StringBuilder("""{"format":"json-pages-1.0","id":"pages","title":"All Pages"}""").Append('\n');
        foreach (Page page in pages) text.Append(JsonSerializer.Serialize(new { url = page.Url, ts = Instant(page.At), title = page.Title ?? page.Url }, Json)).Append('\n');
        return text.ToString();
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private sealed record Page(string Url, DateTimeOffset At, string? Title);

    private sealed record Resource(string Path, string Hash, long Bytes)
    {
        public static Resource Of(string path, byte[] bytes) => new(path, WarcRecord.Sha256(bytes), bytes.Length);
    }
}

using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Crawling.Capture;

/// <summary>
/// Collects exchanges and bytes and packs them as WACZ 1.1.1: a WARC 1.1 file with a gzip member for each record, an index of it (CDXJ), and the pages to begin with. The same
/// content gives the same bytes. Not safe for concurrent use.
/// </summary>
/// <param name="software">Names the program and its version.</param>
/// <param name="madeAt">When the archive is made.</param>
public sealed class WebArchive(string software, DateTimeOffset madeAt)
{
    private const string WarcPath = "archive/evidence.warc.gz";

    // The ZIP format begins in 1980; a fixed time keeps equal archives equal.
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<WarcRecord> records = [WarcRecord.Info(software, madeAt)];
    private readonly List<Page> pages = [];
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);

    /// <summary>Whether it holds nothing that was seen.</summary>
    public bool IsEmpty => records.Count == 1;

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

    /// <summary>The WARC file alone.</summary>
    public byte[] ToWarc() => Pack().Warc;

    /// <summary>The whole archive.</summary>
    public byte[] ToWacz()
    {
        (byte[] warc, string index) = Pack();
        (string Path, byte[] Bytes)[] resources = [(WarcPath, warc), ("indexes/index.cdxj", Encoding.UTF8.GetBytes(index)), ("pages/pages.jsonl", Encoding.UTF8.GetBytes(PageLines()))];
        byte[] package = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                profile = "data-package",
                wacz_version = "1.1.1",
                software,
                created = Instant(madeAt),
                mainPageUrl = pages.Count > 0 ? pages[0].Url : null,
                mainPageDate = pages.Count > 0 ? Instant(pages[0].At) : null,
                resources = resources.Select(x => new { name = x.Path.Split('/')[^1], path = x.Path, hash = WarcRecord.Sha256(x.Bytes), bytes = x.Bytes.Length }),
            },
            Json);
        byte[] digest = JsonSerializer.SerializeToUtf8Bytes(new { path = "datapackage.json", hash = WarcRecord.Sha256(package) }, Json);
        using var output = new MemoryStream();
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string path, byte[] bytes) in resources.Append(("datapackage.json", package)).Append(("datapackage-digest.json", digest)))
            {
                // A viewer reads records out of the middle of the archive: it must not be packed once more.
                ZipArchiveEntry entry = zip.CreateEntry(path, path == WarcPath ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
                entry.LastWriteTime = EntryTime;
                using Stream stream = entry.Open();
                stream.Write(bytes);
            }
        }
        return output.ToArray();
    }

    private void Add(WarcRecord record)
    {
        if (ids.Add(record.Id)) records.Add(record);
    }

    private (byte[] Warc, string Index) Pack()
    {
        using var warc = new MemoryStream();
        var lines = new List<string>();
        foreach (WarcRecord record in records)
        {
            long offset = warc.Length;
            using (var gzip = new GZipStream(warc, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(record.ToBytes());
            if (record.Type is not ("response" or "resource")) continue;
            string rest = JsonSerializer.Serialize(
                new { url = record.Url, mime = record.PayloadType, status = $"{record.Status}", digest = record.PayloadDigest, length = $"{warc.Length - offset}", offset = $"{offset}", filename = WarcPath.Split('/')[^1] }, Json);
            lines.Add($"{SearchKey.Of(record.Url!)} {record.At.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)} {rest}\n");
        }
        lines.Sort(StringComparer.Ordinal);
        return (warc.ToArray(), string.Concat(lines));
    }

    private string PageLines()
    {
        var text = new StringBuilder("""{"format":"json-pages-1.0","id":"pages","title":"All Pages"}""").Append('\n');
        foreach (Page page in pages) text.Append(JsonSerializer.Serialize(new { url = page.Url, ts = Instant(page.At), title = page.Title ?? page.Url }, Json)).Append('\n');
        return text.ToString();
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private sealed record Page(string Url, DateTimeOffset At, string? Title);
}

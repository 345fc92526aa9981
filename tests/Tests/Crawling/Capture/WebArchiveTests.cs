using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Touchstone.Crawling.Capture;
using Touchstone.Crawling.Fetching;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Crawling.Capture;

public sealed class WebArchiveTests
{
    private const string Page = "http://www.shop.example:8080/Caps/1?b=2&a=1";
    private static readonly DateTimeOffset At = new(2026, 3, 4, 5, 6, 7, 890, TimeSpan.Zero);

    [Fact]
    public async Task Warcio_reads_every_record_and_finds_its_digests_right()
    {
        WarcPeer read = await WarcPeer.ReadAsync(await WarcAsync());
        Assert.Empty(read.Problems);
        Assert.Equal(["warcinfo", "response", "request", "response", "request", "request", "resource", "resource"], read.Records.Select(x => x.Type));
        Assert.Equal(2, read.Texts);
        Assert.Equal(read.Records[1].Id, read.Records[2].ConcurrentTo);
        Assert.All(read.Records, x => Assert.Matches("^<urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}>$", x.Id));
        Assert.Equal(read.Records.Count, read.Records.Select(x => x.Id).Distinct().Count());
        // Our keys of web addresses are warcio's.
        foreach (WarcPeer.Item item in read.Records.Where(x => x.Url?.StartsWith("http", StringComparison.Ordinal) == true)) Assert.Equal(item.Key, SearchKey.Of(item.Url!));
    }

    [Fact]
    public async Task The_index_leads_to_the_records_as_warcios_own_does()
    {
        using var zip = new ZipArchive(new MemoryStream(await WaczAsync()));
        string[] ours = Read(zip, "indexes/index.cdxj").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ours.Order(StringComparer.Ordinal), ours);
        WarcPeer read = await WarcPeer.ReadAsync(await WarcAsync());
        var places = ours.Select(Place).ToHashSet();
        Assert.NotEmpty(read.Index);
        Assert.All(read.Index, x => Assert.Contains((x.Url, x.Offset, x.Length), places));
        byte[] warc = Bytes(zip, "archive/evidence.warc.gz");
        foreach ((string url, int offset, int length) in places)
        {
            using var gzip = new GZipStream(new MemoryStream(warc, offset, length), CompressionMode.Decompress);
            using var text = new StreamReader(gzip, Encoding.Latin1);
            string record = await text.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.StartsWith("WARC/1.1\r\n", record, StringComparison.Ordinal);
            Assert.Contains($"WARC-Target-URI: {url}\r\n", record, StringComparison.Ordinal);
        }

        static (string Url, int Offset, int Length) Place(string line)
        {
            JsonElement rest = JsonDocument.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..]).RootElement;
            return (rest.GetProperty("url").GetString()!, int.Parse(rest.GetProperty("offset").ToString(), null), int.Parse(rest.GetProperty("length").ToString(), null));
        }
    }

    [Fact]
    public async Task The_package_names_each_file_with_its_hash_and_the_archive_is_not_packed_twice()
    {
        byte[] wacz = await WaczAsync();
        using var zip = new ZipArchive(new MemoryStream(wacz));
        JsonElement package = JsonDocument.Parse(Bytes(zip, "datapackage.json")).RootElement;
        Assert.Equal(("1.1.1", "data-package", Page), (package.GetProperty("wacz_version").GetString(), package.GetProperty("profile").GetString(), package.GetProperty("mainPageUrl").GetString()));
        JsonElement[] resources = [.. package.GetProperty("resources").EnumerateArray()];
        Assert.Equal(zip.Entries.Count, resources.Length + 2);
        foreach (JsonElement file in resources)
            Assert.Equal(file.GetProperty("hash").GetString(), WarcRecord.Sha256(Bytes(zip, file.GetProperty("path").GetString()!)));
        JsonElement digest = JsonDocument.Parse(Bytes(zip, "datapackage-digest.json")).RootElement;
        Assert.Equal(WarcRecord.Sha256(Bytes(zip, "datapackage.json")), digest.GetProperty("hash").GetString());
        ZipArchiveEntry warc = zip.GetEntry("archive/evidence.warc.gz")!;
        Assert.Equal(warc.Length, warc.CompressedLength);
        Assert.Contains($"\"url\":\"{Page}\"", Read(zip, "pages/pages.jsonl"), StringComparison.Ordinal);
        Assert.Equal(wacz, await WaczAsync());
    }

    [Fact]
    public void A_body_whose_chunks_were_joined_is_not_announced_as_chunks()
    {
        WarcRecord response = WarcRecord.Of(Exchange(Page, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "5\r\nno chunk")).First();
        Assert.StartsWith("HTTP/1.1 200 OK\r\nX-Archive-Orig-transfer-encoding: chunked\r\n\r\n5\r\n", Encoding.Latin1.GetString(response.Block), StringComparison.Ordinal);
    }

    private static async Task<byte[]> WarcAsync() => Bytes(new ZipArchive(new MemoryStream(await WaczAsync())), "archive/evidence.warc.gz");

    private static async Task<byte[]> WaczAsync()
    {
        using var warc = new MemoryStream();
        using var archive = new WebArchive("Touchstone test", At, warc);
        FetchExchange page = Exchange(Page, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n", "<h1>Kappe für Änne, 모자</h1>");
        archive.Add(page);
        archive.Add(page);
        archive.Add(Exchange("https://shop.example/old", "HTTP/1.1 302 Found\r\nLocation: /new\r\nContent-Type: text/html\r\n\r\n", "gone") with { IsWhole = false, Address = "192.0.2.1" });
        archive.Add(Exchange("https://shop.example/dead", "", ""));
        archive.AddResource("https://cdn.example/Cap.JPG", At, "image/jpeg", [0xFF, 0xD8, 1, 2, 13, 10, 13, 10, 3]);
        archive.AddResource($"urn:fullPage:{Page}", At, "image/png", [1, 2, 3]);
        archive.AddPage(Page, At, "Kappe \"für\" Änne");
        using var wacz = new MemoryStream();
        await archive.WriteWaczAsync(wacz, TestContext.Current.CancellationToken);
        return wacz.ToArray();
    }

    private static FetchExchange Exchange(string url, string head, string body) => new()
    {
        Url = url,
        RequestHead = Encoding.ASCII.GetBytes($"GET {new Uri(url).PathAndQuery} HTTP/1.1\r\nHost: {new Uri(url).Authority}\r\n\r\n"),
        ResponseHead = Encoding.ASCII.GetBytes(head),
        Body = Encoding.UTF8.GetBytes(body),
        IsWhole = true,
        AskedAt = At,
        EndedAt = At,
    };

    private static string Read(ZipArchive zip, string path) => Encoding.UTF8.GetString(Bytes(zip, path));

    private static byte[] Bytes(ZipArchive zip, string path)
    {
        using Stream stream = zip.GetEntry(path)!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}

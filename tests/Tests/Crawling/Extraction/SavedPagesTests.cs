using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Touchstone.Crawling.Extraction;

namespace Touchstone.Tests.Crawling.Extraction;

public sealed class SavedPagesTests : IDisposable
{
    private const string Page = "<html><body><h1>Cup</h1><script type='application/ld+json'>{\"@type\":\"Product\",\"name\":\"Cup\",\"offers\":{\"price\":\"5.50\",\"priceCurrency\":\"EUR\",\"availability\":\"InStock\"}}</script></body></html>";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("touchstone-pages");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Reads_a_list_of_plain_and_compressed_pages()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "a.html"), Page);
        File.WriteAllBytes(Path.Combine(_folder.FullName, "b.html.gz"), Compressed(Page));
        string list = Path.Combine(_folder.FullName, "list.jsonl.gz");
        File.WriteAllBytes(list, Compressed("{\"file\":\"a.html\",\"url\":\"https://shop.example/a\"}\n\n{\"file\":\"b.html.gz\",\"url\":\"https://shop.example/b\"}\n"));
        SavedPages pages = new(new ListingExtractor());
        List<SavedPage> found = [.. SavedPages.ReadList(list)];
        Assert.Equal(["a.html", "b.html.gz"], found.Select(static p => p.Name));
        foreach (SavedPage page in found)
        {
            JsonObject json = ListingJson.ToObject(pages.Extract(page), page.Url);
            Assert.Equal(page.Url, json["url"]!.GetValue<string>());
            Assert.Equal(5.50m, json["price"]!.GetValue<decimal>());
            Assert.Equal("InStock", json["availability"]!.GetValue<string>());
            Assert.True(json.ContainsKey("sku") && json["sku"] is null);
        }
    }

    [Fact]
    public void Says_which_line_of_a_list_is_wrong()
    {
        string list = Path.Combine(_folder.FullName, "list.jsonl");
        File.WriteAllText(list, "{\"file\":\"a.html\"}\nnot json\n");
        FormatException wrong = Assert.Throws<FormatException>(() => SavedPages.ReadList(list).ToList());
        Assert.Contains("Line 2", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_the_reason_where_a_page_sells_nothing()
    {
        JsonObject json = ListingJson.ToObject(new ListingExtractor().Extract("<html><body><h1>About us</h1><p>We are a shop.</p></body></html>", "https://shop.example/about"), "https://shop.example/about");
        Assert.Equal("NoProduct", json["reason"]!.GetValue<string>());
        Assert.Null(json["name"]);
    }

    private static byte[] Compressed(string text)
    {
        using MemoryStream result = new();
        using (GZipStream gzip = new(result, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return result.ToArray();
    }
}

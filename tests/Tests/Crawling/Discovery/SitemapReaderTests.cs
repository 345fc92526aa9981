using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Touchstone.Crawling.Discovery;
using Touchstone.Crawling.Frontier;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Crawling.Discovery;

public sealed class SitemapReaderTests
{
    private const string Where = "http://shop.example/sitemap.xml";

    private static SitemapContent Read(string text) => SitemapReader.Read(Encoding.UTF8.GetBytes(text), Where);

    [Theory]
    [InlineData("<!a>")]
    [InlineData("<!a [")]
    [InlineData("<!--x-->")]
    [InlineData("<![CDATA[x]]>")]
    [InlineData("<?x?>")]
    [InlineData("<url><loc>https://shop.example/</loc>")]
    [InlineData("<loc>&amp;&lt;</loc>")]
    [InlineData("<a b='")]
    [InlineData("<a b=c d=e ")]
    [InlineData("</x>")]
    [InlineData("https://shop.example/a\n")]
    public async Task The_work_grows_no_faster_than_the_file(string part)
    {
        byte[] file = System.Text.Encoding.UTF8.GetBytes("<urlset>" + string.Concat(Enumerable.Repeat(part, 4_000_000 / part.Length)));
        Assert.NotNull(await ProcessorTime.WithinAsync(TimeSpan.FromSeconds(20), () => SitemapReader.Read(file, "https://shop.example/sitemap.xml"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_url_set_gives_pages_dates_and_pictures()
    {
        SitemapContent content = Read("""
            <?xml version="1.0"?>
            <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
              <url><loc> http://shop.example/a?x=1&amp;y=2 </loc><lastmod>2026-03-01</lastmod><image:image><image:loc>/a.jpg</image:loc></image:image></url>
              <url><loc><![CDATA[/b]]></loc><lastmod>soon</lastmod></url>
              <url><loc>http://shop.example/b</loc></url>
              <url><loc>mailto:x@y</loc></url>
            </urlset>
            """);
        Assert.Equal(SitemapFormat.UrlSet, content.Format);
        Assert.True(content.Complete);
        Assert.Equal(["http://shop.example/a?x=1&y=2", "http://shop.example/b"], content.Pages.Select(p => p.Url));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), content.Pages[0].LastModified);
        Assert.Equal(["http://shop.example/a.jpg"], content.Pages[0].Images);
        Assert.Null(content.Pages[1].LastModified);
    }

    [Fact]
    public void An_index_gives_sitemaps_and_plain_text_gives_pages()
    {
        Assert.Equal(["http://shop.example/s1.xml.gz"], Read("<sitemapindex><sitemap><loc>s1.xml.gz</loc></sitemap></sitemapindex>").Sitemaps);
        SitemapContent plain = Read("\uFEFFhttp://shop.example/a\r\n  https://shop.example/b \nnot a url\n");
        Assert.Equal(SitemapFormat.PlainText, plain.Format);
        Assert.Equal(["http://shop.example/a", "https://shop.example/b"], plain.Pages.Select(p => p.Url));
    }

    [Theory]
    [InlineData("<sitemapindex><url><loc>/s1.xml</loc></url><url><loc>/lamp</loc></url></sitemapindex>", "http://shop.example/s1.xml", "http://shop.example/lamp")]
    [InlineData("<urlset><sitemap><loc>/s1.php</loc></sitemap><url><loc>/lamp.xml</loc></url></urlset>", "http://shop.example/s1.php", "http://shop.example/lamp.xml")]
    public void A_file_that_mixes_pages_and_sitemaps_gives_both(string text, string sitemap, string page)
    {
        SitemapContent content = Read(text);
        Assert.Equal([sitemap], content.Sitemaps);
        Assert.Equal([page], content.Pages.Select(p => p.Url));
    }

    [Theory]
    [InlineData("Notice: unset in <b>/x.php</b>\n<?xml version='1.0'?><urlset><url><loc>/lamp?a=1</loc></url></urlset>")]
    [InlineData("<urlset><loc>/lamp?a=1</loc></urlset>")]
    [InlineData("http://shop.example/lamp?a=1\t2026-01-01\r\n")]
    [InlineData("<feed><entry><id>http://shop.example/lamp?a=1</id></entry></feed>")]
    public void A_list_that_is_written_carelessly_is_read(string text) => Assert.Equal(["http://shop.example/lamp?a=1"], Read(text).Pages.Select(p => p.Url));

    [Fact]
    public void What_was_escaped_twice_is_read() => Assert.Equal(["http://shop.example/lamp?a=1&b=2", "http://shop.example/lamp?a=1&b=3"], Read("<urlset><url><loc>/lamp?a=1&amp;amp;b=2</loc></url><url><loc><![CDATA[/lamp?a=1&amp;b=3]]></loc></url></urlset>").Pages.Select(p => p.Url));

    [Fact]
    public void Lists_that_leave_the_location_out_and_lists_for_portals_are_read()
    {
        Assert.Equal(["http://shop.example/s1.php?a=1&b=2"], Read("<sitemapindex><sitemap>\n http://shop.example/s1.php?a=1&amp;b=2\n</sitemap><sitemap>none</sitemap></sitemapindex>").Sitemaps);
        Assert.Equal(["http://shop.example/lamp"], Read("<rdf:RDF><item rdf:about='/lamp'><title>Lamp</title></item></rdf:RDF>").Pages.Select(p => p.Url));
        Assert.Equal(["http://shop.example/lamp.jpg"], Read("<rss><channel><item><g:link>/lamp</g:link><g:image_link>/lamp.jpg</g:image_link></item></channel></rss>").Pages[0].Images);
    }

    [Fact]
    public void A_packed_file_whose_checksum_is_wrong_is_read()
    {
        byte[] packed = Gzip(Encoding.UTF8.GetBytes("<urlset><url><loc>/lamp</loc></url></urlset>"));
        packed[^6] ^= 0x55;
        SitemapContent content = SitemapReader.Read(packed, Where);
        Assert.Equal(["http://shop.example/lamp"], content.Pages.Select(p => p.Url));
        Assert.True(content.Complete);
    }

    [Fact]
    public void Packed_files_are_unpacked_and_a_cut_one_gives_what_it_holds()
    {
        string text = "<urlset>" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"<url><loc>http://shop.example/{i * 7919 % 5000}/{i}</loc></url>")) + "</urlset>";
        byte[] packed = Gzip(Encoding.UTF8.GetBytes(text));
        Assert.Equal(5000, SitemapReader.Read(packed, Where).Pages.Count);
        SitemapContent cut = SitemapReader.Read(packed.AsMemory(0, packed.Length / 2), Where);
        Assert.InRange(cut.Pages.Count, 1, 4999);
        Assert.False(cut.Complete);
    }

    [Fact]
    public void Limits_hold_on_entries_and_on_what_a_packed_file_unfolds_to()
    {
        SitemapContent many = Read("<urlset>" + string.Concat(Enumerable.Range(0, SitemapReader.MaxEntries + 5).Select(i => $"<url><loc>http://s.example/{i}</loc></url>")) + "</urlset>");
        Assert.Equal(SitemapReader.MaxEntries, many.Pages.Count);
        Assert.False(many.Complete);
        SitemapContent bomb = SitemapReader.Read(Gzip(new byte[SitemapReader.MaxBytes + 1000]), Where);
        Assert.Equal((SitemapFormat.Unknown, false), (bomb.Format, bomb.Complete));
    }

    [Theory]
    [InlineData("<!doctype html><html><body><a href='/x'>not found</a></body></html>")]
    [InlineData("")]
    [InlineData("User-agent: *\nSitemap: http://shop.example/sitemap.xml")]
    [InlineData("<urlset><url><loc>http://shop.exam")]
    [InlineData("<")]
    [InlineData("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>")]
    public void What_is_no_sitemap_gives_no_pages(string text) => Assert.Empty(Read(text).Pages);

    [Fact]
    public void Entities_of_a_document_type_are_neither_grown_nor_fetched()
    {
        SitemapContent content = Read("<!DOCTYPE urlset [<!ENTITY a 'http://evil.example/'><!ENTITY e SYSTEM 'file:///etc/passwd'>]><urlset><url><loc>http://shop.example/&e;</loc></url><url><loc>http://shop.example/ok</loc></url></urlset>");
        Assert.Equal(["http://shop.example/&e;", "http://shop.example/ok"], content.Pages.Select(p => p.Url));
    }

    /// <summary>
    /// The texts of the data: well-formed ones give exactly the locations that an XML parser finds (values in braces are templates and are compared as they stand);
    /// robots files (24) give nothing; a plain text gives its lines; of the five damaged ones, three hold no page, the document type with entities gives its one page,
    /// and the file that ends early gives the pages whose location is whole.
    /// </summary>
    [Fact]
    public void The_published_texts_are_read()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(SharedData.Require("web/sitemaps/sitemap_texts.json")));
        List<string> kinds = [];
        foreach (JsonElement test in document.RootElement.EnumerateArray())
        {
            string text = test.GetProperty("text").GetString()!;
            SitemapContent content = Read(text);
            string[] got = [.. content.Pages.Select(p => p.Url), .. content.Sitemaps];
            if (text.StartsWith("User-agent", StringComparison.Ordinal))
            {
                kinds.Add("robots");
                Assert.Empty(got);
            }
            else if (text.TrimStart().StartsWith('<'))
            {
                (string kind, string[] expected) = Oracle(text, test.GetProperty("test").GetString()!);
                kinds.Add(kind);
                Assert.Equal(expected, got);
                Assert.Equal(kind != "cut", content.Complete);
            }
            else
            {
                kinds.Add("text");
                Assert.Equal(2, got.Length);
            }
        }
        Assert.Equal("cut 4, entities 1, robots 24, text 1, well-formed 33", string.Join(", ", kinds.GroupBy(k => k).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {g.Count()}")));
    }

    private static (string Kind, string[] Expected) Oracle(string text, string test)
    {
        if (test == "test_billion_laughs_attack") return ("entities", ["http://test_ultimate-sitemap-parser.com/page.html"]);
        XDocument xml;
        try
        {
            xml = XDocument.Parse(text.Trim());
        }
        catch (XmlException)
        {
            return ("cut", test.Contains("prematurely", StringComparison.Ordinal) ? [.. new[] { "first", "second", "third" }.Select(n => $"http://test_ultimate-sitemap-parser.com/news/{n}.html")] : []);
        }
        IEnumerable<string?> found = xml.Root!.Name.LocalName switch
        {
            "rss" => xml.Descendants("item").Select(i => i.Element("link")?.Value),
            "feed" => xml.Descendants().Where(e => e.Name.LocalName == "entry").Select(e => e.Elements().First(l => l.Name.LocalName == "link").Attribute("href")?.Value),
            _ => xml.Descendants().Where(e => e.Name.LocalName == "loc" && e.Parent!.Name.LocalName is "url" or "sitemap").Select(e => e.Value),
        };
        return ("well-formed", [.. found.Select(u => WebUrl.TryParse(u!)!.ToString()).Distinct()]);
    }

    private static byte[] Gzip(byte[] plain)
    {
        using MemoryStream to = new();
        using (GZipStream packed = new(to, CompressionLevel.Fastest)) packed.Write(plain);
        return to.ToArray();
    }
}

using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Touchstone.Crawling;
using Touchstone.Crawling.Extraction;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Crawling.Extraction;

/// <summary>Pages made to break readers end in an outcome.</summary>
public class HostilePagesTests
{
    // Of a processor, for the longest page. What grows with the square takes minutes or for ever.
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(20);

    private static readonly ListingExtractor Extractor = new();

    public static TheoryData<string> Bombs => [.. PageBombs.All.Keys];

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task The_work_grows_no_faster_than_the_page(string name)
    {
        string html = "<html><body><h1>Cup</h1>" + PageBombs.All[name](500_000);
        PageReading page = await ProcessorTime.WithinAsync(MostTime, () => PageReading.Read(html, "https://shop.example/p", "text/html"), TestContext.Current.CancellationToken);
        Assert.NotEqual(NoListingReason.TookTooLong, page.Extraction.Reason);
    }

    [Theory]
    [InlineData("stdhtml.tar.gz")]
    [InlineData("xml.tar.gz")]
    public void Fuzzing_corpora_give_outcomes(string archive)
    {
        int read = 0;
        using GZipStream plain = new(File.OpenRead(SharedData.Require("web/hostile-fuzz/" + archive)), CompressionMode.Decompress);
        using TarReader tar = new(plain);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null) continue;
            using MemoryStream body = new();
            entry.DataStream.CopyTo(body);
            ExtractionOutcome outcome = Extractor.Extract(body.ToArray(), "https://shop.example/", "text/html");
            Assert.True(outcome.Listing is null != outcome.Reason is null);
            string wrapped = "<html><script type='application/ld+json'>" + Encoding.UTF8.GetString(body.ToArray()) + "</script><body>";
            Assert.NotNull(Extractor.Extract(wrapped, "https://shop.example/"));
            read++;
        }
        Assert.True(read > 100);
    }

    [Theory]
    [InlineData("<div>", 30_000)]
    [InlineData("<span class='price'>$1", 5_000)]
    [InlineData("<div itemscope itemprop='offers' itemtype='http://schema.org/Product'>", 3_000)]
    [InlineData("<div typeof='Product' property='isRelatedTo' vocab='http://schema.org/'>", 3_000)]
    [InlineData("<script>x={", 2_000)]
    [InlineData("<ul><li class=a><a href=x><img src=y>$5</a>", 2_000)]
    public void Deep_and_repeated_markup_gives_an_outcome(string unit, int times)
    {
        string html = "<html><body><h1>Cup</h1>" + string.Concat(Enumerable.Repeat(unit, times));
        Assert.NotNull(Extractor.Extract(html, "https://shop.example/"));
    }

    [Theory]
    [InlineData("{\"a\":", 20_000)]
    [InlineData("[", 50_000)]
    [InlineData("\"", 50_000)]
    [InlineData("{\"@type\":\"Product\",\"offers\":[", 5_000)]
    public void Deep_json_ld_gives_an_outcome(string unit, int times)
    {
        string html = "<html><body><script type='application/ld+json'>" + string.Concat(Enumerable.Repeat(unit, times)) + "</script>";
        Assert.NotNull(Extractor.Extract(html, "https://shop.example/"));
    }

    [Fact]
    public void Items_that_refer_to_themselves_end()
    {
        Assert.NotNull(Extractor.Extract("<html><body><div id=a itemscope itemtype='http://schema.org/Product' itemref='a b'><span itemprop=name>x</span><div id=b itemprop=offers itemscope itemref='a'></div></div>", "https://shop.example/"));
        Assert.NotNull(Extractor.Extract("<html><script type='application/ld+json'>{\"@id\":\"#a\",\"@type\":\"Product\",\"name\":\"x\",\"isVariantOf\":{\"@id\":\"#b\"}}{\"@id\":\"#b\",\"@type\":\"ProductGroup\",\"hasVariant\":{\"@id\":\"#a\"}}</script>", "https://shop.example/"));
    }
}

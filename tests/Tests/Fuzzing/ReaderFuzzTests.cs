using System.Diagnostics;
using System.Globalization;
using System.Text;
using Touchstone.Crawling;
using Touchstone.Crawling.Discovery;
using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Politeness;
using Touchstone.Crawling.Text;
using Touchstone.Screening.References.Registers;
using Touchstone.Tests.Crawling.Extraction;

namespace Touchstone.Tests.Fuzzing;

/// <summary>
/// What strangers send, changed at random: each reader gives an outcome, in time. TOUCHSTONE_FUZZ_SECONDS says how long all of them take together (default 10), and
/// TOUCHSTONE_FUZZ_SEED where the sequences begin; a failure names its seed and its input.
/// </summary>
public sealed class ReaderFuzzTests
{
    private const int Readers = 5;

    // Of one input of at most 200,000 bytes, on a busy machine.
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Share = TimeSpan.FromSeconds(Setting("TOUCHSTONE_FUZZ_SECONDS", 10) / (double)Readers);

    [Fact]
    public void Pages() => Fuzz([.. PageSamples(), .. PageBombs.All.Values.Select(static bomb => Encoding.UTF8.GetBytes(bomb(400)))], static input =>
    {
        PageReading page = PageReading.Read(PageText.Decode(input, "text/html"), "https://shop.example/p/1", "text/html");
        Assert.True(page.Extraction.Listing is null == page.Extraction.Reason is not null);
        Assert.NotEqual(NoListingReason.TookTooLong, page.Extraction.Reason);
        Assert.Equal(page.ToBytes(), PageReading.FromBytes(page.ToBytes()).ToBytes());
    });

    [Fact]
    public void Json_LD() => Fuzz([.. JsonSamples()], static input =>
    {
        string html = $"<html><head><title>Cup</title></head><body><h1>Cup</h1><script type='application/ld+json'>{Encoding.UTF8.GetString(input)}</script></body></html>";
        PageReading page = PageReading.Read(html, "https://shop.example/p/1", "text/html");
        Assert.NotEqual(NoListingReason.TookTooLong, page.Extraction.Reason);
    });

    [Fact]
    public void Robots_rules() => Fuzz(
        ["User-agent: *\nDisallow: /a*b$\nAllow: /a\nCrawl-delay: 2\n\nUser-agent: Touchstone\nDisallow: /cart\nSitemap: https://shop.example/sitemap.xml\n"u8.ToArray(),
            Encoding.UTF8.GetBytes("\ufeffUser-agent: Touchstone\r\nDisallow: /%7Ea/*?*&b=*$\r\nDisallow:\r\n"), Encoding.UTF8.GetBytes("Disallow: /" + new string('*', 200) + "a$\n")],
        static input =>
        {
            RobotsRules rules = RobotsRules.Parse(input, "Touchstone");
            rules.Allows("https://shop.example/" + new string('a', 2_000) + "?b=c&d=%41");
            Assert.True(rules.CrawlDelay is null || rules.CrawlDelay >= TimeSpan.Zero);
        });

    [Fact]
    public void Sitemaps() => Fuzz(
        [
            "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\"><url><loc>https://shop.example/p/1</loc><lastmod>2026-01-02</lastmod><image:image><image:loc>https://shop.example/1.jpg</image:loc></image:image></url></urlset>"u8.ToArray(),
            "<sitemapindex><sitemap><loc><![CDATA[https://shop.example/a.xml.gz]]></loc></sitemap></sitemapindex>"u8.ToArray(),
            "<rss version=\"2.0\"><channel><item><link>https://shop.example/p/2</link><guid isPermaLink=\"false\">2</guid></item></channel></rss>"u8.ToArray(),
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><link rel=\"alternate\" href=\"https://shop.example/p/3\"/></entry></feed>"u8.ToArray(),
            "https://shop.example/p/4\nhttps://shop.example/p/5\n"u8.ToArray(),
        ],
        static input => Assert.All(SitemapReader.Read(input, "https://shop.example/sitemap.xml", "text/xml").Pages, static page => Assert.NotNull(page.Url)));

    [Fact]
    public Task Registers() => FuzzAsync([.. RegisterSamples()], static async input =>
    {
        foreach (string name in (string[])["register.xml", "register.json", "register.csv"])
        {
            using ImportFiles files = ImportFiles.Of(name, input);
            if (RegisterFormats.Detect(files, name) is not { } importer) continue;
            int records = 0;
            await foreach (ImportRecord record in importer.ReadAsync(files, name, TestContext.Current.CancellationToken))
                if (record is not null && ++records > 10_000) break;
        }
    });

    private static void Fuzz(IReadOnlyList<byte[]> samples, Action<byte[]> read) => FuzzAsync(samples, input =>
    {
        read(input);
        return Task.CompletedTask;
    }).GetAwaiter().GetResult();

    private static async Task FuzzAsync(IReadOnlyList<byte[]> samples, Func<byte[], Task> read)
    {
        long started = Stopwatch.GetTimestamp();
        int first = Setting("TOUCHSTONE_FUZZ_SEED", 1);
        int seed = first;
        for (; Stopwatch.GetElapsedTime(started) < Share; seed++)
        {
            byte[] input = new Mutation(seed, samples).Next();
            long begun = Stopwatch.GetTimestamp();
            try
            {
                await read(input);
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed} (TOUCHSTONE_FUZZ_SEED={seed} begins with it): {e}\n{Convert.ToBase64String(input)}");
            }
            TimeSpan took = Stopwatch.GetElapsedTime(begun);
            Assert.True(took < MostTime, $"Seed {seed} took {took}:\n{Convert.ToBase64String(input)}");
        }
        TestContext.Current.SendDiagnosticMessage($"{seed - first} inputs");
        Assert.True(seed > first);
    }

    private static IEnumerable<byte[]> PageSamples()
    {
        yield return Encoding.UTF8.GetBytes(Offer("<span class=price>€ 12,50</span><button>In den Warenkorb</button>"));
        yield return Encoding.UTF8.GetBytes(Offer("<div itemscope itemtype='https://schema.org/Product' itemref=b><span itemprop=name>Cup</span><div itemprop=offers itemscope><meta itemprop=price content=5></div></div><p id=b itemprop=sku>x"));
        yield return Encoding.UTF8.GetBytes(Offer("<div vocab='http://schema.org/' typeof=Product><span property=name>Cup</span><div property=offers typeof=Offer><span property=price>5</span></div></div>"));
        yield return Encoding.UTF8.GetBytes(Offer("<table><tr><th>GTIN<td>4006381333931<tr><th>Marke<td>Ton</table><script>window.__STATE__={\"product\":{\"name\":\"Cup\",\"price\":5}}</script><style>.a{background:url(/1.jpg)}</style>"));
        foreach (byte[] json in JsonSamples()) yield return Encoding.UTF8.GetBytes(Offer($"<script type='application/ld+json'>{Encoding.UTF8.GetString(json)}</script>"));
    }

    private static string Offer(string part) =>
        $"<!doctype html><html lang=de><head><title>Cup – Shop</title><base href='/x/'><meta property='og:image' content='/1.jpg'><link rel=canonical href='/p/1'></head><body><nav class=breadcrumb><a href='/c'>Cups</a></nav><h1>Cup</h1><img src='/1.jpg' srcset='/2.jpg 800w, /3.jpg 2x'>{part}<a href='/p/2'>2</a></body></html>";

    private static IEnumerable<byte[]> JsonSamples() =>
    [
        "{\"@context\":\"https://schema.org\",\"@type\":\"Product\",\"name\":\"Cup\",\"image\":[\"/1.jpg\",{\"@type\":\"ImageObject\",\"url\":\"/2.jpg\"}],\"gtin13\":\"4006381333931\",\"offers\":[{\"@type\":\"Offer\",\"price\":\"12.50\",\"priceCurrency\":\"EUR\",\"availability\":\"https://schema.org/InStock\"}]}"u8.ToArray(),
        "{\"@graph\":[{\"@id\":\"#a\",\"@type\":\"ProductGroup\",\"name\":\"Cup\",\"hasVariant\":[{\"@id\":\"#b\"}]},{\"@id\":\"#b\",\"@type\":[\"Product\"],\"isVariantOf\":{\"@id\":\"#a\"},\"offers\":{\"lowPrice\":1e1,\"highPrice\":20}},{\"@type\":\"BreadcrumbList\",\"itemListElement\":[{\"position\":1,\"item\":{\"@id\":\"/c\",\"name\":\"Cups\"}}]}]}"u8.ToArray(),
    ];

    private static IEnumerable<byte[]> RegisterSamples() =>
    [
        "<?xml version=\"1.0\"?><Transaction xmlns:tmk=\"t\" xmlns:com=\"c\"><tmk:TrademarkBag><tmk:Trademark><com:RegistrationOfficeCode>EM</com:RegistrationOfficeCode><com:RegistrationNumber>018000001</com:RegistrationNumber><com:ExpiryDate>2029-01-15</com:ExpiryDate><tmk:MarkVerbalElementText>GLIM</tmk:MarkVerbalElementText></tmk:Trademark></tmk:TrademarkBag></Transaction>"u8.ToArray(),
        "<?xml version=\"1.0\"?><tmk:TrademarkTransaction xmlns:com=\"http://www.wipo.int/standards/XMLSchema/ST96/Common\" xmlns:tmk=\"http://www.wipo.int/standards/XMLSchema/ST96/Trademark\"><tmk:TrademarkBag><tmk:Trademark><com:RegistrationOfficeCode>EM</com:RegistrationOfficeCode><com:RegistrationNumber>1</com:RegistrationNumber></tmk:Trademark></tmk:TrademarkBag></tmk:TrademarkTransaction>"u8.ToArray(),
        "<message><results><result recallNo=\"1\" recallURL=\"https://a.example/1\" recDate=\"2020-01-02\" manufacturer=\"A\" type=\"Toys\" prname=\"Cup\"/></results></message>"u8.ToArray(),
        "[{\"RecallID\":1,\"RecallNumber\":\"20-001\",\"Title\":\"Cup\",\"RecallDate\":\"2020-01-02T00:00:00\",\"Products\":[{\"Name\":\"Cup\"}],\"Images\":[{\"URL\":\"https://a.example/1.jpg\"}],\"Hazards\":[{\"Name\":\"Burn\"}]}]"u8.ToArray(),
        "id;title;brand;gtin;risk types;expires on;pictures\n1;Cup;Ton;4006381333931;burns;2027-12-31;https://a.example/1.jpg|cup.png\n"u8.ToArray(),
        "sep=|\ntitle|brand\n\"Cup \"\"blue\"\"\"|Ton\n"u8.ToArray(),
    ];

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0 ? value : otherwise;
}

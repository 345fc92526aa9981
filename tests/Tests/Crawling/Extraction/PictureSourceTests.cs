using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Tests.Crawling.Extraction;

/// <summary>Where pages keep the pictures of what they sell, and which addresses are one picture.</summary>
public sealed class PictureSourceTests
{
    private const string Url = "https://shop.example/p/teapot";
    private const string Picture = "https://shop.example/media/teapot.jpg";

    private static readonly string Held = "data:image/jpeg;base64," + Convert.ToBase64String(new byte[4_000]);

    [Theory]
    [InlineData("<img alt='Teapot' width='600' src='data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'><noscript><img alt='Teapot' width='600' src='/media/teapot.jpg'></noscript>")]
    [InlineData("<noscript><div><picture><source srcset='/media/teapot.jpg 800w, /media/teapot-thumb.jpg 80w'></picture></div></noscript>")]
    [InlineData("<div class='slide' role='img' aria-label='Teapot' style=\"background-image: url('/media/teapot.jpg')\"></div>")]
    [InlineData("<div class='slide' style='background: #fff url(/media/teapot.jpg) no-repeat center / cover'></div>")]
    [InlineData("<div class='slide' style='--photo: url(&quot;/media/teapot.jpg&quot;)'></div>")]
    [InlineData("<div class='slide' style='background-image: image-set(url(/media/teapot.jpg) 1x)'></div>")]
    [InlineData("<div class='slide' data-bg='/media/teapot.jpg'></div>")]
    [InlineData("<div class='slide' style=\"background-image: image-set('/media/teapot.jpg' 1x, '/media/teapot-2x.jpg' 2x)\"></div>")]
    [InlineData("<div class='slide' style='background: url(/media/t\\65 apot\\.jpg)'></div>")]
    [InlineData("<style>.photo { content: url(/media/teapot.jpg) }</style><div class='photo'></div>")]
    [InlineData("<a href='/media/teapot.jpg'><span>Teapot</span></a>")]
    [InlineData("<svg viewBox='0 0 9 9'><image href='/media/teapot.jpg' width='9' height='9'/></svg>")]
    [InlineData("<img alt='Teapot' src=' /media/\n\tteapot.jpg '>")]
    [InlineData("<link rel='image_src' href='/media/teapot.jpg'>")]
    [InlineData("<div class='slide' data-background-image='url(/media/teapot.jpg)'></div>")]
    [InlineData("<style>/* x */ .photo { width: 600px; background-image: url('/media/teapot.jpg') }</style><div class='photo'></div>")]
    [InlineData("<video poster='/media/teapot.jpg' src='/media/teapot.mp4'></video>")]
    [InlineData("<object type='image/jpeg' data='/media/teapot.jpg'></object>")]
    [InlineData("<svg width='600' height='600'><image href='/media/teapot.jpg' width='600'/></svg>")]
    [InlineData("<input type='image' src='/media/teapot.jpg' alt='Teapot'>")]
    [InlineData("<img alt='Teapot' class='lazy' data-defer='/media/teapot.jpg' src='/media/spacer.gif'>")]
    [InlineData("<img alt='Teapot' itemprop='image' src='/media/theme/loading.gif?v=1' data-src='/media/teapot.jpg'>")]
    [InlineData("<img alt='Teapot' class='lazy' data-nitro-lazy-src='/media/teapot.jpg'>")]
    [InlineData("<img alt='Teapot' data-photos='{\"full\":\"https:\\/\\/shop.example\\/media\\/teapot.jpg\"}'>")]
    [InlineData("<img alt='Teapot' width='600' src='/media/blurred.jpg' data-ll-src='/media/teapot.jpg'>")]
    [InlineData("<template><img alt='Teapot' src='/media/teapot.jpg'></template>")]
    [InlineData("<div><template shadowrootmode='open'><img alt='Teapot' src='/media/teapot.jpg'></template></div>")]
    [InlineData("<style>.photo { background-image: var(--shown) } .first { --shown: url('/media/teapot.jpg') }</style><div class='first'><div class='photo'></div></div>")]
    [InlineData("<style>:root { --shown: url(/media/teapot.jpg) } .photo { background: var(--shown) center / cover }</style><div class='photo'></div>")]
    [InlineData("<a href='#' data-pswp-src='/media/teapot.jpg'><img alt='Teapot' src='/media/teapot-small.jpg'></a>")]
    [InlineData("<script>var photos = [{\"src\":\"\\/media\\/teapot.jpg\"}];</script>")]
    [InlineData("<script type='text/x-magento-init'>{\"*\":{\"mage/gallery/gallery\":{\"data\":[{\"full\":\"\\/media\\/teapot.jpg\"}],\"options\":{\"nav\":,}}}}</script>")]
    [InlineData("<link rel='preload' as='image' imagesrcset='/media/teapot-small.jpg 300w, /media/teapot.jpg 900w'>")]
    [InlineData("<img alt='Teapot' width='600' src='/media/blurred.jpg' loadlate='/media/teapot.jpg'>")]
    [InlineData("<img alt='Teapot' width='600' src='/media/blurred.jpg' data-thumb='/media/tiny.jpg' data-img='/media/teapot.jpg'>")]
    [InlineData("<img alt='Teapot' width='600' src='/media/blurred.jpg' lazy-srcset='/media/blurred.jpg 40w, /media/teapot.jpg 900w'>")]
    [InlineData("<picture><source data-defer-srcset='/media/teapot.jpg 900w'><img alt='Teapot' src='data:,'></picture>")]
    [InlineData("<shop-zoom src='/media/teapot.jpg'></shop-zoom>")]
    [InlineData("<div data-lazy-style='background-image: url(/media/teapot.jpg)'></div>")]
    [InlineData("<meta itemprop='image' content='/media/teapot.jpg'>")]
    [InlineData("<img alt='Teapot' width='600' src='\\\\shop.example\\media\\teapot.jpg'>")]
    [InlineData("<img alt='Teapot' width='600' src='///shop.example/media/teapot.jpg'>")]
    [InlineData("<base href='javascript:0'><img alt='Teapot' width='600' src='/media/teapot.jpg'>")]
    [InlineData("<base href='\\\\shop.example\\media\\'><img alt='Teapot' width='600' src='teapot.jpg'>")]
    public void A_picture_is_found_wherever_a_page_keeps_it(string gallery) => Assert.Contains(Picture, Images(gallery));

    [Theory]
    [InlineData("<img alt='Teapot' width='600' src='/media/loading.gif'>")]
    [InlineData("<img alt='Brumm Logo' width='600' src='/media/brumm.jpg'><img alt='Teapot' width='600' src='/media/teapot.jpg'>")]
    public void A_placeholder_and_a_maker_s_sign_are_no_picture_of_the_product(string gallery) =>
        Assert.DoesNotContain(Images(gallery), static i => i.Contains("loading", StringComparison.Ordinal) || i.Contains("brumm", StringComparison.Ordinal));

    [Theory]
    [InlineData("/media/100%.jpg", "/media/100%.jpg")]
    [InlineData("/media/a|b.jpg", "/media/a|b.jpg")]
    [InlineData("/media/tea pot%20.jpg", "/media/tea%20pot%20.jpg")]
    [InlineData("/média/teapot.jpg", "/m%C3%A9dia/teapot.jpg")]
    public void A_picture_is_asked_for_as_browsers_do(string written, string path) => Assert.Equal(["https://shop.example" + path], Images($"<img alt='Teapot' width='600' src='{written}'>"));

    [Theory]
    [InlineData("<img alt='Teapot' width='600' src='/media/teapot.jpg' data-hover-src='/media/back.jpg'>")]
    [InlineData("<img alt='Teapot' width='600' src='/media/teapot-900x900.jpg' data-img='/media/teapot-90x90.jpg'>")]
    public void What_stands_for_another_or_a_smaller_picture_replaces_none(string gallery) => Assert.StartsWith("https://shop.example/media/teapot", Assert.Single(Images(gallery)), StringComparison.Ordinal);

    [Theory]
    [InlineData("data-src='/media/teapot_{width}x.jpg' data-widths='[180, 900]'", "/media/teapot_900x.jpg")]
    [InlineData("data-src='/media/teapot_%7Bwidth%7Dx.jpg'", "/media/teapot_1080x.jpg")]
    [InlineData("data-src='/media/{:size}/teapot.jpg'", "/media/1280x1280/teapot.jpg")]
    public void A_size_left_open_in_an_address_is_filled_in(string attributes, string expected) =>
        Assert.Equal(["https://shop.example" + expected], new ListingExtractor().Extract($"<html><head><title>Teapot</title></head><body><h1>Teapot</h1><img alt='Teapot' {attributes}><p class='price'>€9.00</p><button>Add to cart</button></body></html>", Url).Listing!.Images);

    [Fact]
    public void A_picture_that_the_page_holds_itself_is_found_and_read()
    {
        Assert.Equal([Held], Images($"<img alt='Teapot' width='600' src='{Held}'>"));
        Assert.Equal([Held], Images($"<div class='slide' style='background-image:url({Held})'></div>"));
        Assert.Equal([Held], Listing($$$"""<html><head><script type="application/ld+json">{"@type":"Product","name":"Teapot","image":"{{{Held}}}","offers":{"price":9,"priceCurrency":"EUR"}}</script></head><body><h1>Teapot</h1></body></html>""").Images);
        FetchOutcome read = DataUrl.Read(Held, 5_000);
        Assert.Equal((null, "image/jpeg", 4_000), (read.Failure, read.ContentType, read.Body.Length));
        Assert.Equal("a b"u8.ToArray(), DataUrl.Read("data:,a%20b", 5_000).Body.ToArray());
        Assert.Equal(FetchFailure.TooManyBytes, DataUrl.Read(Held, 3_999).Failure);
        Assert.Equal(FetchFailure.BadUrl, DataUrl.Read("data:image/png;base64,?", 100).Failure);
        Assert.Equal(FetchFailure.BadUrl, DataUrl.Read("data:image/png", 100).Failure);
    }

    [Fact]
    public void A_name_that_ornaments_have_too_hides_no_picture()
    {
        Assert.Equal(["https://shop.example/media/star-teapot.jpg"], Images("<img alt='Teapot' width='600' src='/media/star-teapot.jpg'>"));
        Assert.Equal([Picture], Images("<img alt='' width='600' src='/media/banner.jpg'><img alt='Teapot' width='600' src='/media/teapot.jpg'>"));
    }

    [Fact]
    public void Text_for_browsers_without_scripts_is_no_text_of_the_page() =>
        Assert.Equal(12.50m, Listing(Page("<noscript><p class='price'>€99.00</p><img src='/media/teapot.jpg' alt='Teapot' width='600'></noscript>")).Price);

    [Fact]
    public void A_described_picture_has_each_of_its_addresses() =>
        Assert.Equal(
            [Picture, "https://shop.example/media?id=1&w=2"],
            Listing("""<html><head><script type="application/ld+json">{"@type":"Product","name":"Teapot","image":{"@type":"ImageObject","url":["/media/teapot.jpg","/media?id=1&amp;w=2"]},"offers":{"price":9,"priceCurrency":"EUR"}}</script></head><body><h1>Teapot</h1></body></html>""").Images);

    [Theory]
    [InlineData("/201-large_default/teapot.jpg", "/202-large_default/teapot.jpg")]
    [InlineData("/images/11/teapot-of-copper.jpg", "/images/12/teapot-of-copper.jpg")]
    [InlineData("/teapot-of-copper-101.jpg", "/teapot-of-copper-102.jpg")]
    [InlineData("/image.jpg?id=1", "/image.jpg?id=2")]
    [InlineData("/Teapot.jpg", "/teapot.jpg")]
    [InlineData("/teapot_2023_12.jpg", "/teapot_2023_13.jpg")]
    [InlineData("/teapot-small-1.jpg", "/teapot-large-1.jpg")]
    [InlineData("/img.php?n=1", "/img.php?n=2")]
    [InlineData("https://a.example/teapot.jpg", "https://b.example/teapot.jpg")]
    public void Two_addresses_are_two_pictures(string one, string other) => Assert.NotEqual(Key(one), Key(other));

    [Theory]
    [InlineData("/201-large_default/teapot.jpg", "/201-small_default/teapot.jpg")]
    [InlineData("/teapot_200x200.jpg?v=1", "/teapot_1024x.jpg?v=1")]
    [InlineData("/teapot-300x300.jpg", "/teapot.jpg")]
    [InlineData("/teapot.jpg?width=300&v=1", "/teapot.jpg?v=1")]
    [InlineData("/teapot.jpg?w=300", "/teapot.jpg?w=1200&fit=max")]
    [InlineData("/stencil/500x659/products/1/teapot.jpg", "/stencil/1280x1280/products/1/teapot.jpg")]
    [InlineData("/upload/w_300,c_fill/v1/teapot.jpg", "/upload/w_900,c_fill/v1/teapot.jpg")]
    [InlineData("/media/cache/0123456789abcdef0123456789abcdef/t/e/teapot.jpg", "/media/t/e/teapot.jpg")]
    [InlineData("/thumbs/teapot.jpg", "/large/teapot.jpg")]
    [InlineData("/teapot_small.jpg", "/teapot_grande.jpg")]
    [InlineData("/teapot.jpg", "/teapot.webp")]
    [InlineData("/teapot-480-0.png", "/teapot-1024-1024.webp")]
    [InlineData("/ASSET_1/fee_786_587_png", "/ASSET_1/fee_325_225_png")]
    [InlineData("https://img1.shop.example/teapot.jpg", "https://img2.shop.example/teapot.jpg")]
    [InlineData("http://shop.example/teapot.jpg", "https://shop.example/teapot.jpg")]
    public void One_picture_in_two_sizes_is_one(string one, string other) => Assert.Equal(Key(one), Key(other));

    [Theory]
    [InlineData("/a.jpg 1x, /b.jpg 2x", "/b.jpg")]
    [InlineData("/w_300,h_300/a.jpg 300w,/w_900,h_900/b.jpg 900w", "/w_900,h_900/b.jpg")]
    [InlineData("/w_300,h_300/a.jpg 300w, /w_900,h_900/b.jpg 900w", "/w_900,h_900/b.jpg")]
    [InlineData("/a.jpg, /b.jpg 3x", "/b.jpg")]
    [InlineData("/a.jpg 100w 50h, /b.jpg 200w 100h", "/b.jpg")]
    [InlineData("  /a.jpg  ", "/a.jpg")]
    [InlineData("data:image/gif;base64,AAAA 1x, /a.jpg 2x", "/a.jpg")]
    [InlineData(", ,", null)]
    public void The_largest_candidate_of_a_srcset_is_taken(string set, string? expected) => Assert.Equal(expected, SourceSet.Largest(set));

    private static string Key(string address) => ImageList.Key(address.StartsWith('/') ? "https://shop.example" + address : address);

    private static IReadOnlyList<string> Images(string gallery) => Listing(Page(gallery)).Images;

    private static ListingFacts Listing(string html)
    {
        ExtractionOutcome outcome = new ListingExtractor().Extract(html, Url);
        Assert.True(outcome.Listing is not null, $"{outcome.Reason}: {outcome.Detail}");
        return outcome.Listing;
    }

    private static string Page(string gallery) =>
        $"<html lang='en'><head><title>Teapot</title></head><body><div class='product'><h1>Teapot</h1><div class='product-gallery'>{gallery}</div><p class='price'>€12.50</p><button class='add-to-cart'>Add to cart</button></div></body></html>";
}

using Touchstone.Crawling.Discovery;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Tests.Crawling.Discovery;

public sealed class LinkRulesTests
{
    [Theory]
    [InlineData("/shop/?action=yith-woocompare-add-product&id=7")]
    [InlineData("/index.php?main_page=index&action=buy_now&products_id=3")]
    [InlineData("/index.php?main_page=product_info&action=notify&products_id=3")]
    [InlineData("/index.php?main_page=shopping_cart")]
    [InlineData("/index.php?route=account%2Flogin")]
    [InlineData("/index.php?route=checkout/cart")]
    [InlineData("/index.php?route=common%2Fcurrency%2Fcurrency&code=EUR")]
    [InlineData("/index.php?controller=cart&add=1&id_product=4")]
    [InlineData("/index.php?dispatch=checkout.add..7")]
    [InlineData("/index.php?dispatch=auth.login_form")]
    [InlineData("/index.php?cl=basket&fnc=tobasket&aid=7")]
    [InlineData("/en%2Fcart")]
    [InlineData("/product/duck/?add-to-cart=7")]
    [InlineData("/product/duck/?add_to_wishlist=7")]
    [InlineData("/cart/?remove_item=abc")]
    [InlineData("/catalog/product_compare/add/product/7")]
    [InlineData("/wishlist/index/add/product/7")]
    [InlineData("/productalert/add/stock/product_id/7")]
    [InlineData("/sendfriend/product/send/id/7")]
    [InlineData("/customer/account/login/referer/aHR0cA")]
    [InlineData("/create_account.php")]
    [InlineData("/shopping_cart.php")]
    [InlineData("/tell_a_friend.php?products_id=3")]
    [InlineData("/module/blockwishlist/action?action=addProductToWishlist")]
    [InlineData("/shop/modules/reviews/write.php?products_id=7")]
    [InlineData("/index.php?main_page=ask_a_question&pid=7")]
    [InlineData("/wp-login.php")]
    public void What_does_something_or_is_a_visitor_s_own_is_left_out(string url) => Assert.Equal("excluded", Judge(url).SkipReason);

    [Fact]
    public void A_parameter_that_is_written_twice_counts_once() =>
        Assert.Equal("https://shop.example/index.php?path=20&page=2", QueryShape.Of(WebUrl.TryParse("https://shop.example/index.php?path=20&path=20&page=2&sort=name")!).Plain.ToString());

    [Theory]
    [InlineData("/lamps/page/2/", true)]
    [InlineData("/lamps?p=2", true)]
    [InlineData("/p/7", false)]
    [InlineData("/lamps/p-7.html", false)]
    public void A_later_page_of_a_list_is_told_from_a_product_with_a_number(string url, bool turns) => Assert.Equal(turns, QueryShape.Of(WebUrl.TryParse("https://shop.example" + url)!).TurnsPage);

    [Theory]
    [InlineData("/index.php?route=product/product&product_id=7", LinkRules.ProductPriority)]
    [InlineData("/index.php?route=product%2Fproduct&product_id=7", LinkRules.ProductPriority)]
    [InlineData("/index.php?main_page=product_info&products_id=3", LinkRules.ProductPriority)]
    [InlineData("/index.php?id_product=3&controller=product", LinkRules.ProductPriority)]
    [InlineData("/product/cart-trolley", LinkRules.ProductPriority)]
    [InlineData("/p/7", LinkRules.ProductPriority)]
    [InlineData("/lamps?product-page=2", LinkRules.ListPriority)]
    [InlineData("/lamps/seite-2", LinkRules.ListPriority)]
    [InlineData("/product/login-screen-print", LinkRules.ProductPriority)]
    [InlineData("/product-category/action-figures/page/2/", LinkRules.ListPriority)]
    [InlineData("/product-tag/red/", LinkRules.MarkPriority)]
    [InlineData("/shop/?filter_color=red", LinkRules.FacetPriority)]
    [InlineData("/index.php?route=information/contact", LinkRules.InformationPriority)]
    [InlineData("/index.php?route=information%2Finformation&information_id=4", LinkRules.InformationPriority)]
    [InlineData("/index.php?route=information/sitemap", LinkRules.ListPriority)]
    [InlineData("/sitemap", LinkRules.ListPriority)]
    [InlineData("/index.php?route=product/category&path=20_27", LinkRules.ListPriority)]
    public void What_shows_something_is_followed(string url, int priority)
    {
        LinkView view = Judge(url);
        Assert.Null(view.SkipReason);
        Assert.Equal(priority, view.Priority);
    }

    [Theory]
    [InlineData("/shoes?sort=p.price&order=ASC&limit=100", "/shoes")]
    [InlineData("/shoes?orderby=price&paged=2", "/shoes?paged=2")]
    [InlineData("/shoes?product_list_order=name&product_list_mode=list&color=5", "/shoes?color=5")]
    [InlineData("/index.php?route=product/category&path=20&sort=rating&page=1", "/index.php?route=product/category&path=20")]
    [InlineData("/shoes?order=product.price.desc", "/shoes")]
    [InlineData("/orders.php?view=detail&id=4", "/orders.php?view=detail&id=4")]
    [InlineData("/lamp?ref=home", "/lamp")]
    [InlineData("/item.asp?ref=101", "/item.asp?ref=101")]
    public void What_only_arranges_is_left_out_of_an_address(string url, string plain)
    {
        FoundLinks found = LinkFinder.Find($"<a href='{url.Replace("&", "&amp;", StringComparison.Ordinal)}'>x</a>", "https://shop.example/");
        Assert.Equal($"https://shop.example{plain}", Assert.Single(found.Links).Url);
    }

    private static LinkView Judge(string url) => LinkRules.Judge(WebUrl.TryParse($"https://shop.example{url}")!);
}

using System.Text.RegularExpressions;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Heuristics;

/// <summary>Finds the controls that put the page's product into a cart, in the languages of the shops crawled.</summary>
internal static partial class BuyButtons
{
    [GeneratedRegex(@"add(ed)? to (your |my |shopping )?(cart|bag|basket|trolley|tote|order)|buy (it )?now|^buy$|add to (cart|basket)|in den (warenkorb|einkaufswagen|korb)|jetzt kaufen|^kaufen$|warenkorb legen|ajouter au panier|ajouter à mon panier|^acheter|acheter maintenant|mettre au panier|añadir (al|a la) (carrito|cesta|bolsa)|agregar al carrito|comprar( ahora| agora)?$|comprar$|adicionar ao (carrinho|cesto)|adicionar à sacola|aggiungi al (carrello|cestino)|acquista( ora)?$|in winkel(wagen|mand|mandje)|bestellen$|toevoegen aan winkel|lägg i (varukorg|kundvagn|varukorgen|kundvagnen)|^köp|legg i handlekurv|kjøp|læg i (kurv|indkøbskurv)|tilføj til kurv|^køb|lisää (ostoskoriin|koriin)|osta nyt|do koszyka|kup teraz|^kup$|do košíku|do košíka|přidat do|vložit do|koupit|kúpiť|kosárba|a kosárba|adaugă în coș|adauga in cos|în coș|купить|в корзину|добавить в корзину|до кошика|купити|додати в кошик|добави в количка|купи|sepete (ekle|at)|satın al|στο καλάθι|αγορά|カートに入れる|カートへ|かごに|購入|加入购物车|加入購物車|放入購物車|放入购物车|立即购买|立即購買|直接購買|我要購買|我要购买|立即結帳|장바구니|구매|הוסף לסל|הוספה לסל|הוסף לעגלה|הוספה לעגלה|קנה עכשיו|(أضف|اضف|إضافة|اضافة) (إلى|الى|ل)?\s?(السلة|لسلة|عربة)|اشتري|افزودن به سبد|หยิบใส่ตะกร้า|เพิ่มลงตะกร้า|ซื้อเลย|thêm vào giỏ|mua ngay|tambah ke keranjang|beli|u košaricu|dodaj u|v košarico|lisa korvi|į krepšelį|pirkti|pievienot grozam|ielikt grozā|pre-?order|vorbestellen|précommander", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Words();

    [GeneratedRegex(@"add-?to-?(cart|bag|basket|trolley)|addtocart|addtobag|addtobasket|add_to_cart|btn-?(cart|buy)|buy[-_]?(button|btn|now)|tocart|cart-?button|in-?den-?warenkorb|single_add_to_cart|product-form__(submit|cart)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex Marks();

    /// <summary>The controls outside navigation and other products, those that look enabled first, in page order.</summary>
    public static IEnumerable<PageNode> Find(PageView view) => All(view).OrderBy(static n => IsDisabled(n)).ThenBy(static n => n.Index);

    public static bool IsDisabled(PageNode node) =>
        node.Element.HasAttribute("disabled") || node.Element.GetAttribute("aria-disabled") == "true" || node.Marks.Contains("disabled", StringComparison.Ordinal) || node.Marks.Contains("soldout", StringComparison.Ordinal) || node.Marks.Contains("sold-out", StringComparison.Ordinal);

    public static bool IsBuyText(string text) => text.Length is > 1 and < 60 && Words().IsMatch(text);

    // A link without an address does what its script says: it is a button.
    private static bool LeadsNowhere(PageNode link) =>
        link.Element.GetAttribute("href")?.Trim() is not { Length: > 0 } href || href == "#" || href.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<PageNode> All(PageView view)
    {
        foreach (PageNode node in view.Nodes)
        {
            if (node.Is(Place.Hidden | Place.Chrome | Place.Related | Place.Reviews)) continue;
            bool control = node.Tag is "button" or "input" or "a" || node.Element.GetAttribute("role") == "button";
            if (!control || (node.Tag == "input" && node.Element.GetAttribute("type") is not ("submit" or "button" or "image"))) continue;
            string text = node.Tag == "input" ? node.Element.GetAttribute("value") ?? string.Empty : view.ShortTextOf(node, 200) ?? string.Empty;
            if (text.Length == 0) text = node.Element.GetAttribute("title") ?? node.Element.GetAttribute("aria-label") ?? string.Empty;
            string named = node.Element.GetAttribute("name") is { Length: > 0 } name ? node.Marks + " " + name : node.Marks;
            if ((IsBuyText(text) || (Marks().IsMatch(named) && (node.Tag != "a" || LeadsNowhere(node)))) && !Grid.IsCell(node) && !OfferCard.Holds(view, node)) yield return node;
        }
    }
}

using System.Text.RegularExpressions;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling.Discovery;

/// <summary>
/// Whether following a link would do something in a shop, or lead to what is a visitor's own: a cart, an account, a log-in, a wish list, a notification, a vote, a form for a review or a question.
/// Judged by the spelling, with escapes undone, in paths, in values that name a page of a front controller and in values that name an action. Pure; thread-safe.
/// </summary>
internal static class SideEffects
{
    private static readonly Regex Own = UrlPattern.Of(@"/(?:shopping[-_]?(?:cart|bag|basket)|carts?|basket|checkouts?(?:[-_][\w-]*)?|onepage|orders?|order[-_]?(?:history|tracking|status|detail|opc|follow|slip)|track[-_]?(?:my[-_]?)?order|guest[-_]?tracking|log[-_]?(?:in|out|off)|sign[-_]?(?:in|up|out|off)|register|registration|create[-_]?account|my[-_]?account|accounts?(?:[-_]\w+)*|customers?|auth|authentication|identity|address(?:es)?|passwords?(?:[-_][\w-]*)?|forgot(?:ten)?[-_]?\w*|lost[-_]?password|recover|affiliate|sales/guest|wish[-_]?lists?|blockwishlist|favou?rites|compare|comparison|product[-_]compare|products[-_]comparison|add[-_]?to[-_]?\w+|add[-_]?(?:product|item|cart|wishlist|compare)|buy[-_]?now|quick[-_]?(?:order|buy)|notify\w*|product[-_]?alert|stock[-_]?alert|back[-_]?in[-_]?stock|send[-_]?(?:to[-_]?a?[-_]?)?friend|sendfriend|tell[-_]a[-_]friend|unsubscribe|subscribe|reviews?[-_/]write|product_reviews_write|write[-_/]?reviews?|add[-_/]reviews?|ask[-_]?(?:a[-_]?)?question|common/(?:currency|language)|search|catalogsearch|advanced[-_]?search|wp-admin|wp-login|wp-json|cdn-cgi|warenkorb|kasse|anmelden|abmelden|konto|mein-konto|merkzettel|wunschliste|panier|commande|connexion|deconnexion|mon-compte|carrello|carrito|cesta|mi-cuenta|iniciar-sesion|kurv|indkobskurv|varukorg|kundvagn|handlekurv|winkelwagen|winkelmandje|koszyk|logowanie|zamowienie|ostoskori|kosik|kosar)(?:/|\.|$)");

    // A name that says by itself what the request does, whatever its value.
    private static readonly Regex DoingName = UrlPattern.Of(@"^(?:add|add[-_]?to[-_]?\w+|add[-_]?(?:product|item)\w*|buy|buy[-_]?now|remove|remove[-_]\w+|removed[-_]item|undo[-_]item|delete|qty|quantity|notify|login|logout|log[-_]out|sign[-_]?out|unsubscribe|subscribe|vote|replytocom|share|print|wc-ajax|checkout|order[-_]again|cancel[-_]order|pay[-_]for[-_]order|empty[-_]?cart)$");

    // A name whose value is what is to be done.
    private static readonly Regex ActionName = UrlPattern.Of(@"^(?:s?action|act|do|task|op|cmd|command|fnc|func|function|method|event|step|mode|sub(?:mit|action)?|todo|process|perform|trigger)$");

    private static readonly Regex Doing = UrlPattern.Of(@"(?:^|[^a-z])(?:add|buy|remove|del|delete|update|vote|rate|send|mail|email|tell|print|cancel|pay|empty|clear|save|create|edit|subscribe|order|purchase|alert|download|upload|post|write)(?:[^a-z]|$)|addto|add[-_]?product|buy[-_]?now|cart|basket|check-?out|wish-?list|compare|notify|log-?(?:in|out|off)|sign-?(?:in|up|out)|register|unsubscribe|cust_order");

    // A name whose value says which page of a front controller is meant.
    private static readonly Regex DispatchName = UrlPattern.Of(@"^(?:route|rt|r|controller|main_page|dispatch|target|cl|view|page|option|module|mod|sviewport|section|screen|content|site|seite|inc|file|load|show|q)$");

    /// <summary>Whether a parameter of the name says which page of a front controller is meant.</summary>
    public static bool IsDispatch(string name) => DispatchName.IsMatch(name);

    public static bool In(WebUrl url)
    {
        if (Own.IsMatch(Plain(url.Path))) return true;
        if (url.Query is null) return false;
        foreach ((string name, string value) in QueryShape.Parameters(url.Query))
        {
            if (DoingName.IsMatch(name)) return true;
            if (ActionName.IsMatch(name) && Doing.IsMatch(value)) return true;
            if ((DispatchName.IsMatch(name) || value.Contains('/', StringComparison.Ordinal)) && Own.IsMatch("/" + value.Replace('.', '/'))) return true;
        }
        return false;
    }

    /// <summary>Whether the page asks who is there before it shows anything.</summary>
    public static bool IsLogIn(WebUrl url) => LogIn.IsMatch(Plain(url.Path)) || (url.Query is { } query && QueryShape.Parameters(query).Any(p => (DispatchName.IsMatch(p.Name) || ActionName.IsMatch(p.Name)) && LogIn.IsMatch("/" + p.Value.Replace('.', '/'))));

    private static readonly Regex LogIn = UrlPattern.Of(@"/(?:log[-_]?in|sign[-_]?in|auth|authentication|password|wp-login|anmelden|connexion|logowanie|iniciar-sesion)(?:/|\.|$)");

    private static string Plain(string text)
    {
        string once = Uri.UnescapeDataString(text);
        return once.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(once) : once;
    }
}

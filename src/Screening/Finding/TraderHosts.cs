using System.Text.RegularExpressions;
using Touchstone.Crawling.Extraction.Shop;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Screening.Finding;

/// <summary>The hosts of the marketplace that an alert names as the online trader. Pure.</summary>
public static class TraderHosts
{
    private const int MostHosts = 5;

    private static readonly Regex Named = new(@"(?:https?://)?((?:[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?\.)+(?:com?\.[a-z]{2}|[a-z]{2,10}))\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    // Name, and hosts by market; "*" is where no other market's is known.
    private const string Table = """
        aliexpress|*:aliexpress.com
        alibaba|*:alibaba.com
        allegro|*:allegro.pl,CZ:allegro.cz,SK:allegro.sk,HU:allegro.hu
        amazon|*:amazon.com,DE:amazon.de,AT:amazon.de,FR:amazon.fr,ES:amazon.es,IT:amazon.it,NL:amazon.nl,PL:amazon.pl,SE:amazon.se,BE:amazon.com.be,IE:amazon.ie,GB:amazon.co.uk,JP:amazon.co.jp,TR:amazon.com.tr
        banggood|*:banggood.com
        bol.com|*:bol.com
        cdiscount|*:cdiscount.com
        cdon|*:cdon.se,DK:cdon.dk,FI:cdon.fi,NO:cdon.no
        coupang|*:coupang.com
        dhgate|*:dhgate.com
        ebay|*:ebay.com,DE:ebay.de,AT:ebay.at,FR:ebay.fr,ES:ebay.es,IT:ebay.it,NL:ebay.nl,PL:ebay.pl,BE:ebay.be,IE:ebay.ie,GB:ebay.co.uk,CH:ebay.ch
        emag|*:emag.ro,BG:emag.bg,HU:emag.hu
        etsy|*:etsy.com
        fnac|*:fnac.com,ES:fnac.es,BE:fnac.be,PT:fnac.pt
        fruugo|*:fruugo.com,DK:fruugo.dk,DE:fruugo.de,FR:fruugo.fr,ES:fruugo.es,IT:fruugo.it,NL:fruugo.nl,PL:fruugo.pl,SE:fruugo.se
        fyndiq|*:fyndiq.se
        gmarket|*:gmarket.co.kr
        11st|*:11st.co.kr
        joom|*:joom.com
        kaufland|*:kaufland.de,CZ:kaufland.cz,SK:kaufland.sk,PL:kaufland.pl,AT:kaufland.at
        leroy merlin|*:leroymerlin.fr,ES:leroymerlin.es,IT:leroymerlin.it,PL:leroymerlin.pl,PT:leroymerlin.pt
        lightinthebox|*:lightinthebox.com
        manomano|*:manomano.fr,DE:manomano.de,ES:manomano.es,IT:manomano.it
        otto|*:otto.de
        rakuten|*:fr.shopping.rakuten.com
        shein|*:shein.com
        temu|*:temu.com
        tiktok shop|*:tiktok.com
        vinted|*:vinted.com,DE:vinted.de,FR:vinted.fr,ES:vinted.es,IT:vinted.it,NL:vinted.nl,PL:vinted.pl,SE:vinted.se,DK:vinted.dk
        walmart|*:walmart.com
        wildberries|*:wildberries.ru
        wish|*:wish.com
        zalando|*:zalando.de,DK:zalando.dk,FR:zalando.fr,ES:zalando.es,IT:zalando.it,NL:zalando.nl,PL:zalando.pl,SE:zalando.se,AT:zalando.at,BE:zalando.be
        """;

    private static readonly (string Name, Dictionary<string, string> Hosts)[] Marketplaces =
    [
        .. Table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|'))
            .Select(x => (x[0], x[1].Split(',').Select(h => h.Split(':', 2)).ToDictionary(h => h[0], h => h[1], StringComparer.Ordinal))),
    ];

    /// <summary>The hosts, in the order in which they are named; none where the text names no marketplace that is known, and no host.</summary>
    /// <param name="market">ISO 3166-1 alpha-2; the marketplace's host there, where it has one.</param>
    public static IReadOnlyList<string> Of(string? trader, string market)
    {
        if (string.IsNullOrWhiteSpace(trader) || trader.Length > 2_000) return [];
        List<string> hosts = [];
        foreach ((string name, Dictionary<string, string> known) in Marketplaces)
            if (HasWord(trader, name)) hosts.Add(known.GetValueOrDefault(market) ?? known["*"]);
        foreach (Match match in Named.Matches(trader))
        {
            string host = CanonicalUrl.SiteOf(match.Groups[1].Value);
            // "amazon.de" is that one, whichever market is meant.
            string bare = host.Split('.')[0];
            hosts.RemoveAll(h => h != host && h.Split('.')[0] == bare && MarketCountry.OfHost(host) is not null);
            if (!hosts.Any(h => h.Split('.')[0] == bare)) hosts.Add(host);
        }
        return [.. hosts.Distinct(StringComparer.Ordinal).Take(MostHosts)];
    }

    private static bool HasWord(string text, string word)
    {
        int at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase);
        return at >= 0 && (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (at + word.Length == text.Length || !char.IsLetterOrDigit(text[at + word.Length]));
    }
}

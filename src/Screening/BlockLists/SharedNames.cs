using System.Collections.Frozen;

namespace Touchstone.Screening.BlockLists;

/// <summary>
/// Names beneath which anybody registers a name or opens a shop, such as co.uk and myshopify.com: who blocks one of them blocks all of these. Those where shops of the EU's, Korea's and their neighbours'
/// trade are most; not a whole public suffix list. Source: facts of publicsuffix.org. Pure; safe for concurrent use.
/// </summary>
internal static class SharedNames
{
    // By the last label: what stands before it for everybody.
    private static readonly FrozenDictionary<string, FrozenSet<string>> Countries = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ae"] = "ac co gov mil net org sch",
        ["ar"] = "com edu gob gov int mil net org tur",
        ["at"] = "ac co gv or",
        ["au"] = "asn com edu gov id net org",
        ["br"] = "art com eco edu emp eng gov ind inf loja med mil net ong org rec store tur",
        ["cn"] = "ac com edu gov mil net org",
        ["co"] = "com edu gov mil net nom org",
        ["cy"] = "ac biz com ekloges gov ltd mil net org press pro tm",
        ["eg"] = "com edu eun gov mil name net org sci",
        ["es"] = "com edu gob nom org",
        ["fr"] = "asso com gouv nom prd tm",
        ["ge"] = "com edu gov mil net org pvt school",
        ["gr"] = "com edu gov net org",
        ["hk"] = "com edu gov idv net org",
        ["hr"] = "com from iz name",
        ["hu"] = "2000 agrar bolt co film info org priv shop sport suli tm utazas video",
        ["id"] = "ac biz co desa go mil my net or ponpes sch web",
        ["il"] = "ac co gov idf k12 muni net org",
        ["in"] = "ac co com edu firm gen gov ind info mil net nic org res",
        ["is"] = "com edu gov int net org",
        ["it"] = "edu gov",
        ["jp"] = "ac ad co ed go gr lg ne or",
        ["ke"] = "ac co go info me mobi ne or sc",
        ["kr"] = "ac co es go hs kg mil ms ne or pe re sc",
        ["kz"] = "com edu gov mil net org",
        ["lt"] = "gov",
        ["lv"] = "asn com conf edu gov id mil net org",
        ["ma"] = "ac co gov net org press",
        ["md"] = "com edu gov net org",
        ["mk"] = "com edu gov inf name net org",
        ["mt"] = "com edu net org",
        ["mx"] = "com edu gob net org",
        ["my"] = "com edu gov mil name net org",
        ["ng"] = "com edu gov i mil mobi name net org sch",
        ["nz"] = "ac co cri geek gen govt health iwi kiwi maori mil net org parliament school",
        ["pe"] = "com edu gob mil net nom org",
        ["ph"] = "com edu gov i mil net ngo org",
        ["pk"] = "com edu gov net org web",
        ["pl"] = "com net org agro aid atm auto biz edu gmina gsm info mail media miasta mil nieruchomosci nom pc powiat priv realestate rel shop sklep sos szkola targi tm tourism travel turystyka gov waw",
        ["pt"] = "com edu gov int net nome org publ",
        ["ro"] = "arts com firm info nom nt org rec shop store tm www",
        ["rs"] = "ac co edu gov in org",
        ["ru"] = "com msk net org pp spb",
        ["sa"] = "com edu gov med net org pub sch",
        ["se"] = "a b c org parti pp press tm",
        ["sg"] = "com edu gov net org per",
        ["th"] = "ac co go in mi net or",
        ["tr"] = "av bbs bel biz com dr edu gen gov info k12 mil name net org pol tel tv web",
        ["tw"] = "club com ebiz edu game gov idv mil net org",
        ["ua"] = "biz co com edu gov in kiev kyiv lviv net od odessa org pp",
        ["uk"] = "ac co gov ltd me net nhs org plc police sch",
        ["vn"] = "ac biz com edu gov health info int name net org pro",
        ["za"] = "ac co edu gov law mil net nom org school web",
    }.ToFrozenDictionary(x => x.Key, x => x.Value.Split(' ').ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);

    // Registries of their own beneath others' names, and those who give shops a name beneath theirs.
    private static readonly FrozenSet<string> Others =
        """
        br.com cn.com co.com com.de com.se de.com eu.com gb.net hu.com jpn.com kr.com ru.com sa.com se.net uk.com uk.net us.com za.com
        appspot.com azurewebsites.net bigcartel.com blogspot.com cafe24.com carrd.co cloudfront.net company.site ecwid.com firebaseapp.com fly.dev github.io gitlab.io herokuapp.com imweb.me jimdofree.com
        jimdosite.com jimdoweb.com modoo.at mybigcommerce.com mystrikingly.com myshopify.com myshoplaza.com myshopline.com mywebshop.io netlify.app onrender.com pages.dev prestashop.com shoplazza.com shoplo.com
        shop.app sixshop.com square.site squarespace.com storenvy.com surge.sh tiendanube.com tumblr.com vercel.app web.app webnode.com webnode.page weebly.com wixsite.com wixstudio.com wordpress.com workers.dev
        """.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether many own names beneath this one.</summary>
    /// <param name="host">In ASCII and lower case.</param>
    public static bool Contains(string host)
    {
        if (Others.Contains(host)) return true;
        string[] labels = host.Split('.');
        return labels.Length == 2 && Countries.TryGetValue(labels[1], out FrozenSet<string>? shared) && shared.Contains(labels[0]);
    }
}

using System.Text.RegularExpressions;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Safety;

/// <summary>
/// The words under which shops state who made a product, who answers for it in the Union, and what it warns of: English, German, Danish, French, Spanish, Italian, Dutch,
/// Polish and Swedish, with some of their neighbours. A label stands at the beginning of its line.
/// </summary>
internal static partial class SafetyWords
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    // Who answers comes before who made it: "EU responsible person of the manufacturer" is the former.
    [GeneratedRegex(@"^(?>\W*)(?:(?:name|details|contact|information|adresse|address|dane|daten|angaben|kontakt\w*)\s+(?:and address |und adresse )?(?:of|der|des|zur|zum|av|på|van de|du|de la|del|della|dell'|do)?\s*(?:the )?)?(?:(?:the |die |der |den |la |il |le |el |de )?(?:gpsr[\s:\-–]+)?(?:eu|eea|ec|ue|ce|europ\w+)?[\s\-/]*(?:responsible (?:person|economic operator|operator|party|entity)|authori[sz]ed representative|(?:eu|ec|european) rep(?:resentative)?(?=\s*(?:[:：(–-]|$))|responsible (?:person )?in the (?:eu|european union)|verantwortliche[rsn]?(?: (?:person|wirtschaftsakteur\w*|(?:in|für) (?:der )?eu\b))|verantwortlich\w* in der eu|verantwortliche[rsn]?\s*(?=[:：])|bevollmächtigte\w*(?: vertreter\w*)?|eu-vertreter\w*|inverkehrbringer|ansvarlig(?:e)? (?:person|erhvervsdrivende|virksomhed|aktør)\w*|ansvarlig i eu|eu-repræsentant|bemyndiget repræsentant|personne responsable|responsable (?:dans l'|en |de l')?(?:l')?(?:ue|union)\b|opérateur économique responsable|mandataire(?: ue)?|représentant (?:autorisé|ue)|persona responsable|responsable (?:en|de) (?:la )?(?:ue|unión)|operador económico responsable|representante autorizado|pessoa responsável|persona responsabile|responsabile (?:per l'|nell'|dell'|dentro l')?(?:ue|unione)|operatore economico responsabile|rappresentante autorizzato|mandatario|verantwoordelijke (?:persoon|marktdeelnemer|in de eu)|eu-verantwoordelijke|gemachtigde|osob[ay] odpowiedzialn\w*|podmiot\w* odpowiedzialn\w*|odpowiedzialn\w* (?:na terenie|w) (?:ue|unii)|upoważnion\w* przedstawiciel\w*|ansvarig (?:person|aktör|ekonomisk aktör|i eu)|eu-ansvarig|auktoriserad representant|odpovědná osoba|zodpovedná osoba|persoan[aă] responsabil[aă]|felelős személy|vastuuhenkilö|vastuullinen (?:henkilö|talouden toimija)|欧盟(?:责任人|负责人|授权代表)|责任人(?=\s*[:：]))|importer\b|importeur\b|importør\b|importateur\b|importador\b|importatore\b|importer\w*\b|importör\b|imported by|eingeführt von)", Options, PatternTime.Most)]
    public static partial Regex Responsible();

    [GeneratedRegex(@"^(?>\W*)(?:(?:name|details|contact|information|informations|informationen|informacje|info|adresse|address|dane|daten|angaben|kontakt\w*|oplysninger|informazioni|información|datos|gegevens|uppgifter)\s+(?:and address |und adresse )?(?:of|about|der|des|zum|zur|om|sur|über|o|van de|du|de|del|della|sul|av)?\s*(?:the |le |el |il |den |de )?)?(?:gpsr[\s:\-–]+)?(?:manufacturer(?:'s)?|manufactured (?:by|for)|produced by|made by|producer|maker|hersteller|hergestellt von|produzent|fabrikant|fremstiller|producent|produceret af|fabricant|fabriqué par|fabricante|fabricado por|produttore|fabbricante|prodotto da|geproduceerd door|wytwórca|producenta|producencie|wyprodukowan\w+ przez|tillverkare|tillverkad av|produsent|valmistaja|výrobce|výrobca|producător|producator|gyártó)(?=[\s:：\-–,./(*]|$|information|angaben|daten|oplysninger|gegevens|kontakt|name|adresse)", Options, PatternTime.Most)]
    public static partial Regex Maker();

    // What follows a label in its own line and is still a part of it.
    [GeneratedRegex(@"^(?:\s*(?:information(?:en|s)?|details?|data|name|brand|und|and|&|/|contact|kontakt\w*|address|adresse|anschrift|angaben|daten|oplysninger|gegevens|informatie|uppgifter|informacje|dane|e-?mail|info|eu|ue|eea|\(?eu\)?|\(gpsr\)|gpsr|\(name\)|in the eu|in der eu|i eu|dans l'ue|en la ue|w ue|na terenie ue|nell'ue|in de eu|within the eu|for the eu|product safety|produktsicherheit|importer|manufacturer|hersteller|verantwortliche person|responsible person|for this product|für dieses produkt|für die eu|of the product|is|ist))*\s*\)?\s*[:：\-–|]?\s*", Options, PatternTime.Most)]
    public static partial Regex RestOfLabel();

    /// <summary>Parts of a page that hold what must be stated, by their headings.</summary>
    [GeneratedRegex(@"gpsr|product safety|general product safety|manufacturer (?:information|details|info)|safety (?:and|&) (?:product|compliance)|responsible person|produktsicherheit|herstellerinformation|herstellerangaben|angaben zur produktsicherheit|hersteller(?:kontakt|daten)|produktsikkerhed|producentoplysninger|sécurité (?:du|des) produits?|informations? (?:de|sur la) sécurité|seguridad (?:del|de los) productos?|información de seguridad|sicurezza (?:del|dei) prodott[oi]|informazioni (?:sulla|di) sicurezza|productveiligheid|informatie over de fabrikant|bezpieczeństw\w* produktu|informacje o (?:producencie|bezpieczeństwie)|dane producenta|produktsäkerhet|tillverkarinformation", Options, PatternTime.Most)]
    public static partial Regex Heading();

    /// <summary>Words of a picture's text or address that say that it shows what must be stated.</summary>
    [GeneratedRegex(@"gpsr|responsible.?person|manufacturer.?info|herstellerangaben|warn(?:ing|hinweis|ung)|safety.?(?:label|info|sheet)|sicherheitshinweis|etikett|\blabel\b|ostrzezeni|waarschuwing|avvertenz|advertencia|avertissement|advarsel|varning", Options, PatternTime.Most)]
    public static partial Regex PictureOfText();

    /// <summary>
    /// Of each language what begins a warning at the beginning of its line, and what names one or safety information anywhere. Apart, because only what may stand anywhere is looked for at each place.
    /// </summary>
    public static IReadOnlyList<(string Language, Regex Label, Regex Words)> Warnings { get; } =
    [
        ("en", EnglishLabel(), English()), ("de", GermanLabel(), German()), ("da", DanishLabel(), Danish()), ("fr", FrenchLabel(), French()), ("es", SpanishLabel(), Spanish()),
        ("it", ItalianLabel(), Italian()), ("nl", DutchLabel(), Dutch()), ("pl", PolishLabel(), Polish()), ("sv", SwedishLabel(), Swedish()),
    ];

    [GeneratedRegex(@"^(?>\W*)(?:warnings?|caution|danger)\b\s*[:!.\-–]", Options, PatternTime.Most)]
    private static partial Regex EnglishLabel();

    [GeneratedRegex(@"\bwarnings?\s*!|safety (?:information|instructions|warnings?|notes?|notices?)\b|(?:choking|suffocation|strangulation|fire|burn) hazard|not (?:suitable|intended) for children|keep (?:away from|out of (?:the )?reach of) (?:children|fire|babies)|under adult supervision|for external use only|avoid contact with (?:the )?eyes|read (?:the|all) (?:instructions|manual) before", Options, PatternTime.Most)]
    private static partial Regex English();

    [GeneratedRegex(@"^(?>\W*)(?:achtung|warnung(?:en)?|vorsicht|gefahr)\b\s*[:!.\-–]", Options, PatternTime.Most)]
    private static partial Regex GermanLabel();

    [GeneratedRegex(@"\bachtung\s*!|warnhinweise?\b|sicherheits(?:hinweise?|informationen?|anweisungen?)\b|(?:erstickungs|verbrennungs|brand|strangulations)gefahr|nicht (?:geeignet )?für kinder|von (?:kindern|feuer|offenem feuer) fernhalten|außerhalb der reichweite von kindern|darf nicht in die hände von kindern|aufsicht (?:von|durch) erwachsene|nur zur äußerlichen|kontakt mit den augen vermeiden|gebrauchsanweisung (?:vor|sorgfältig|lesen)", Options, PatternTime.Most)]
    private static partial Regex German();

    [GeneratedRegex(@"^(?>\W*)(?:advarsel|advarsler|forsigtig|fare)\b\s*[:!.\-–]", Options, PatternTime.Most)]
    private static partial Regex DanishLabel();

    [GeneratedRegex(@"sikkerheds(?:oplysninger|anvisninger|information|advarsler|instruktioner)\b|(?:kvælnings|brand|strangulerings)fare|ikke egnet (?:til|for) børn|opbevares (?:utilgængeligt for|uden for) børn|under opsyn af (?:en )?voksen|undgå kontakt med øjnene|kun til udvortes brug|læs (?:brugsanvisningen|vejledningen)", Options, PatternTime.Most)]
    private static partial Regex Danish();

    [GeneratedRegex(@"^(?>\W*)(?:attention|avertissements?|danger|mise en garde)\b\s*[:!.\-–]", Options, PatternTime.Most)]
    private static partial Regex FrenchLabel();

    [GeneratedRegex(@"avertissements? de sécurité|mises? en garde|(?:consignes|informations?|instructions) de sécurité|ne convient pas aux enfants|(?:danger|risque) d['’](?:étouffement|asphyxie|étranglement|incendie)|(?:tenir|garder) hors de (?:la )?portée des enfants|surveillance d['’]un adulte|éviter le contact avec les yeux|usage externe|précautions d['’]emploi", Options, PatternTime.Most)]
    private static partial Regex French();

    [GeneratedRegex(@"^(?>\W*)(?:advertencias?|atención|precaución|peligro)\b\s*[:!.\-–]", Options, PatternTime.Most)]
    private static partial Regex SpanishLabel();

    [GeneratedRegex(@"advertencias? de seguridad|(?:información|instrucciones|indicaciones) de seguridad|no (?:es )?(?:apto|adecuado|recomendado|conveniente) para niños|(?:peligro|riesgo) de (?:asfixia|incendio|estrangulamiento)|mant[eé]n(?:ga|er)?(?:se)? fuera del alcance de los niños|supervisión de un adulto|evit(?:ar|e) el contacto con los ojos", Options, PatternTime.Most)]
    private static partial Regex Spanish();

    [GeneratedRegex(@"^(?>\W*)(?:avvertenz[ae]|attenzione|pericolo)\b\s*[:!.\-–]", Options, PatternTime.Most)]
    private static partial Regex ItalianLabel();

    [GeneratedRegex(@"avvertenz[ae] (?:di sicurezza|per la sicurezza|e precauzioni)|(?:informazioni|istruzioni) (?:di|sulla|per la) sicurezza|non adatto (?:a|ai) bambini|(?:rischio|pericolo) di (?:soffocamento|incendio|strangolamento)|tenere (?:fuori dalla portata|lontano dalla portata) dei bambini|sorveglianza di un adulto|evitare il contatto con gli occhi", Options, PatternTime.Most)]
    private static partial Regex Italian();

    [GeneratedRegex(@"^(?>\W*)(?:waarschuwing(?:en)?|let op|gevaar|voorzichtig)\b\s*[:!.\-–]", Options, PatternTime.Most)]
    private static partial Regex DutchLabel();

    [GeneratedRegex(@"veiligheids(?:informatie|instructies|waarschuwing(?:en)?|voorschriften)\b|niet geschikt voor kinderen|(?:verstikkings|brand|wurgings)gevaar|buiten (?:het )?bereik van kinderen|toezicht van (?:een )?volwassene|vermijd contact met de ogen", Options, PatternTime.Most)]
    private static partial Regex Dutch();

    [GeneratedRegex(@"^(?>\W*)(?:ostrzeżeni[ea]|uwaga|niebezpieczeństwo)\b\s*[:!.\-–]", Options, PatternTime.Most)]
    private static partial Regex PolishLabel();

    [GeneratedRegex(@"ostrzeżenia (?:dotyczące|i informacje)|informacj[ae] o bezpieczeństwie|(?:instrukcje|zasady|środki) (?:bezpieczeństwa|ostrożności)|nieodpowiedni\w* dla dzieci|nie nadaje się dla dzieci|(?:ryzyko|niebezpieczeństwo) (?:zadławienia|uduszenia|pożaru)|(?:przechowywać|trzymać) (?:w miejscu )?(?:niedostępnym dla|z dala od|poza zasięgiem) dzieci|pod nadzorem (?:osoby )?dorosł\w*|unikać kontaktu z oczami", Options, PatternTime.Most)]
    private static partial Regex Polish();

    [GeneratedRegex(@"^(?>\W*)(?:varning(?:ar)?|försiktighet|fara)\b\s*[:!.\-–]", Options, PatternTime.Most)]
    private static partial Regex SwedishLabel();

    [GeneratedRegex(@"säkerhets(?:information|föreskrifter|anvisningar|varningar|instruktioner)\b|(?:ej|inte|icke) (?:lämplig|avsedd)\w* för barn|(?:kvävnings|brand|stryp)(?:risk|fara)|förvaras? (?:utom räckhåll|oåtkomligt) för barn|under (?:en )?vuxens uppsikt|undvik kontakt med ögonen", Options, PatternTime.Most)]
    private static partial Regex Swedish();
}

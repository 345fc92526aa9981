namespace Touchstone.Screening;

/// <summary>The countries that things are sold to, by their ISO 3166-1 alpha-2 codes, and the EU. Pure; safe for concurrent use.</summary>
public static class Markets
{
    /// <summary>The European Union as one market, or as the territory of a right.</summary>
    public const string Eu = "EU";

    private static readonly HashSet<string> Codes = new(
        """
        AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ
        DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM
        JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP
        NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
        TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW EU
        """.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        StringComparer.Ordinal);

    // Of 2020 and later.
    private static readonly HashSet<string> Members = new("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".Split(' '), StringComparer.Ordinal);

    /// <summary>Whether the text is a country's code in capital letters, or <see cref="Eu"/>. What people write for codes, such as UK and EL, is none.</summary>
    public static bool IsKnown(string? code) => code is not null && Codes.Contains(code);

    /// <summary>The countries of a market: of the EU its members, of a country itself.</summary>
    public static IReadOnlyList<string> CountriesOf(string market) => market == Eu ? [.. Members.Order(StringComparer.Ordinal)] : [market];

    /// <summary>Whether what counts in the territory counts where something is sold. The EU's rights count in each of its countries; a right of one of them counts in part of the EU.</summary>
    /// <param name="territory">ISO 3166 codes or EU; empty: not stated, so everywhere.</param>
    /// <param name="market">A code that <see cref="IsKnown"/>.</param>
    public static bool IsWithin(IReadOnlyCollection<string> territory, string market)
    {
        ArgumentNullException.ThrowIfNull(territory);
        if (territory.Count == 0 || territory.Contains(market)) return true;
        return market == Eu ? territory.Any(Members.Contains) : Members.Contains(market) && territory.Contains(Eu);
    }
}

namespace Touchstone.Screening.References;

/// <summary>A country or customs territory.</summary>
/// <param name="Code">ISO 3166-1 alpha-2, or EU.</param>
/// <param name="Name">The English short name.</param>
public sealed record Country(string Code, string Name);

/// <summary>Reads the names that registers write for countries. Pure; safe for concurrent use.</summary>
public static class Countries
{
    private const string Table = """
        AD Andorra|AE United Arab Emirates;UAE|AF Afghanistan|AL Albania|AM Armenia|AO Angola|AR Argentina|AT Austria|AU Australia|AZ Azerbaijan|BA Bosnia and Herzegovina
        BD Bangladesh|BE Belgium|BG Bulgaria|BH Bahrain|BO Bolivia|BR Brazil|BY Belarus|CA Canada|CH Switzerland|CL Chile|CM Cameroon
        CN China;People's Republic of China;PR China;P.R. China;PRC;Čína;Chine;Kina|CO Colombia|CR Costa Rica|CU Cuba|CY Cyprus|CZ Czechia;Czech Republic;The Czech Republic|DE Germany|DK Denmark|DO Dominican Republic
        DZ Algeria|EC Ecuador|EE Estonia|EG Egypt|ES Spain|ET Ethiopia|EU European Union;EUIPO|FI Finland|FR France|GB United Kingdom;UK;Great Britain;England;Scotland;The United Kingdom
        GE Georgia|GH Ghana|GR Greece;Hellas|GT Guatemala|HK Hong Kong;Hong Kong, China;Hong Kong SAR|HN Honduras|HR Croatia|HT Haiti|HU Hungary|ID Indonesia|IE Ireland|IL Israel|IN India
        IQ Iraq|IR Iran|IS Iceland|IT Italy|JM Jamaica|JO Jordan|JP Japan|KE Kenya|KG Kyrgyzstan|KH Cambodia|KR South Korea;Republic of Korea;Korea;Korea, Republic of;The Republic of Korea
        KP North Korea|KW Kuwait|KZ Kazakhstan|LA Laos|LB Lebanon|LI Liechtenstein|LK Sri Lanka|LT Lithuania|LU Luxembourg|LV Latvia|LY Libya|MA Morocco|MC Monaco|MD Moldova
        ME Montenegro|MG Madagascar|MK North Macedonia;Macedonia|MM Myanmar;Burma|MN Mongolia|MO Macao;Macau|MT Malta|MU Mauritius|MX Mexico|MY Malaysia|NG Nigeria|NI Nicaragua
        NL Netherlands;The Netherlands;Holland|NO Norway|NP Nepal|NZ New Zealand|OM Oman|PA Panama|PE Peru|PH Philippines;The Philippines|PK Pakistan|PL Poland|PR Puerto Rico|PT Portugal
        PY Paraguay|QA Qatar|RO Romania|RS Serbia|RU Russia;Russian Federation|SA Saudi Arabia|SE Sweden|SG Singapore|SI Slovenia|SK Slovakia;Slovak Republic;Slovensko|SM San Marino
        SN Senegal|SV El Salvador|SY Syria|TH Thailand|TN Tunisia|TR Türkiye;Turkey;Turkiye|TT Trinidad and Tobago;Trinidad|TW Taiwan;Chinese Taipei|TZ Tanzania|UA Ukraine|UG Uganda
        US United States;USA;U.S.A.;US;U.S.;United States of America;The United States|UY Uruguay|UZ Uzbekistan|VE Venezuela|VN Vietnam;Viet Nam|ZA South Africa|ZW Zimbabwe|BX Benelux|WO International (Madrid)|EM European Union
        """;

    private static readonly Dictionary<string, Country> ByCode = new(StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, Country> ByName = new(StringComparer.Ordinal);

    static Countries()
    {
        foreach (string entry in Table.Split(['|', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] names = entry[3..].Split(';');
            Country country = new(entry[..2], names[0]);
            ByCode[country.Code] = country;
            foreach (string name in names) ByName.TryAdd(Key(name), country);
        }
    }

    /// <summary>Finds a country by an English name, a few local ones, or its code; null if the text is no country known here.</summary>
    public static Country? Find(string? text)
    {
        if (ReferenceText.CleanLine(text) is not { } line) return null;
        return ByName.GetValueOrDefault(Key(line)) ?? (line.Length == 2 ? ByCode.GetValueOrDefault(line) : null);
    }

    /// <summary>The country's English short name, or the register's own words where they are no country known here.</summary>
    public static string? NameOf(string? text) => Find(text)?.Name ?? ReferenceText.CleanLine(text)?.TrimEnd('.');

    /// <summary>
    /// The ISO 3166 codes where a right of an office counts, from the office's two-letter code (WIPO ST.3): EM is the EU, BX the three
    /// Benelux states; none for WO, whose rights name their members one by one.
    /// </summary>
    public static IReadOnlyList<string> TerritoryOfOffice(string? office) => office?.Trim().ToUpperInvariant() switch
    {
        null or "" or "WO" or "IB" => [],
        "EM" or "EU" => ["EU"],
        "BX" => ["BE", "LU", "NL"],
        "EL" => ["GR"],
        "UK" => ["GB"],
        { Length: 2 } code when ByCode.ContainsKey(code) => [code],
        _ => [],
    };

    private static string Key(string text) => string.Concat(text.Where(char.IsLetter)).ToLowerInvariant();
}

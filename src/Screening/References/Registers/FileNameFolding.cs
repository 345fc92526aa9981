using System.Globalization;
using System.Text;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// One spelling for the names of files that differ in case, in slashes, or in how an accent is written: a Mac takes letters apart (NFD) that others write as one.
/// Accents are left out, because the programs run with invariant globalisation, which neither composes nor decomposes. Pure; thread-safe.
/// </summary>
internal static class FileNameFolding
{
    // Hangul syllables are made of letters by arithmetic. Source: Unicode Standard, section 3.12.
    private const int FirstSyllable = 0xAC00, Syllables = 11_172, FirstLead = 0x1100, FirstVowel = 0x1161, FirstTail = 0x11A7, Tails = 28, VowelsAndTails = 588;

    // A voiced kana stands one behind the plain one, a half-voiced one two.
    private const string Voiced = "がぎぐげござじずぜぞだぢづでどばびぶべぼガギグゲゴザジズゼゾダヂヅデドバビブベボ", HalfVoiced = "ぱぴぷぺぽパピプペポ";
    private const string KanaMarks = "\u3099\u309A";

    // Letters with accents, canonically decomposed. Source: Unicode Character Database, for Latin, Greek and Cyrillic.
    private static readonly (string Plain, string Accented)[] Table =
    [
        ("a", "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ"), ("b", "ḃḅḇ"), ("c", "çćĉċčḉ"), ("d", "ďḋḍḏḑḓ"), ("e", "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ"), ("f", "ḟ"), ("g", "ĝğġģǧǵḡ"), ("h", "ĥȟḣḥḧḩḫẖ"),
        ("i", "ìíîïĩīĭįǐȉȋḭḯỉị"), ("j", "ĵǰ"), ("k", "ķǩḱḳḵ"), ("l", "ĺļľḷḹḻḽ"), ("m", "ḿṁṃ"), ("n", "ñńņňǹṅṇṉṋ"), ("o", "òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ"), ("p", "ṕṗ"),
        ("r", "ŕŗřȑȓṙṛṝṟ"), ("s", "śŝşšșṡṣṥṧṩ"), ("t", "ţťțṫṭṯṱẗ"), ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"), ("v", "ṽṿ"), ("w", "ŵẁẃẅẇẉẘ"), ("x", "ẋẍ"), ("y", "ýÿŷȳẏẙỳỵỷỹ"), ("z", "źżžẑẓẕ"),
        ("æ", "ǣǽ"), ("ø", "ǿ"), ("ſ", "ẛ"), ("ʒ", "ǯ"), ("α", "άἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ"), ("ε", "έἐἑἒἓἔἕὲέ"), ("η", "ήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ"), ("ι", "ΐίϊἰἱἲἳἴἵἶἷὶίῐῑῒΐῖῗ"),
        ("ο", "όὀὁὂὃὄὅὸό"), ("ρ", "ῤῥ"), ("υ", "ΰϋύὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ"), ("ω", "ώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ"), ("ϒ", "ϓϔ"), ("а", "ӑӓ"), ("г", "ѓ"), ("е", "ѐёӗ"), ("ж", "ӂӝ"), ("з", "ӟ"),
        ("и", "йѝӣӥ"), ("к", "ќ"), ("о", "ӧ"), ("у", "ўӯӱӳ"), ("ч", "ӵ"), ("ы", "ӹ"), ("э", "ӭ"), ("і", "ї"), ("ѵ", "ѷ"), ("ә", "ӛ"), ("ө", "ӫ"),
    ];

    private static readonly Dictionary<char, char> Plain = Table.SelectMany(row => row.Accented.Select(accented => (accented, row.Plain[0]))).ToDictionary(x => x.accented, x => x.Item2);

    public static string Fold(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string path = name.Replace('\\', '/');
        while (path.StartsWith("./", StringComparison.Ordinal)) path = path[2..];
        StringBuilder folded = new(path.Length);
        foreach (char c in path.ToLowerInvariant()) Append(folded, c);
        return folded.ToString();
    }

    private static void Append(StringBuilder folded, char c)
    {
        if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark || KanaMarks.Contains(c, StringComparison.Ordinal)) return;
        int syllable = c - FirstSyllable;
        if (syllable is >= 0 and < Syllables)
        {
            folded.Append((char)(FirstLead + (syllable / VowelsAndTails))).Append((char)(FirstVowel + (syllable % VowelsAndTails / Tails)));
            if (syllable % Tails > 0) folded.Append((char)(FirstTail + (syllable % Tails)));
        }
        else if (Voiced.Contains(c, StringComparison.Ordinal)) folded.Append((char)(c - 1));
        else if (HalfVoiced.Contains(c, StringComparison.Ordinal)) folded.Append((char)(c - 2));
        else folded.Append(Plain.GetValueOrDefault(c, c));
    }
}

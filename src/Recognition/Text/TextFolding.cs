using System.Buffers;
using System.Text;

namespace Touchstone.Recognition.Text;

/// <summary>
/// Folds characters that look alike, so that "ВUGАТТI" with Cyrillic letters and "BUGATTI" become one. Two steps: <see cref="Fold"/> gives
/// lower-case Latin letters and digits, <see cref="Skeleton"/> also makes one of what is mistaken for each other in reading (0 and o, 1
/// and l, rn and m). By looks, not by sound: Cyrillic "р" becomes p. A table of its own, because the programs run with invariant
/// globalisation, which decomposes nothing. Pure; safe for concurrent use.
/// </summary>
public static class TextFolding
{
    private const int FullWidthOffset = 0xFEE0;
    private const string MathematicalGreek = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΘΣΤΥΦΧΨΩVαβγδεζηθικλμνξοπρςστυφχψωdεθκφρω";

    /// <summary>What a letter or digit is mistaken for: accented Latin, then Greek, Cyrillic, Armenian and letter-like signs.</summary>
    private static readonly (string To, string From)[] Table =
    [
        ("a", "ÀÁÂÃÄÅàáâãäåĀāĂăĄąǍǎȀȁȂȃȦȧẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặªɑΑαΆάАаӐӑӒӓᴀ⍺Ⲁⲁ"), ("b", "ɓƄƂƃΒВвЬьЪъʙℬƁɃЂђᏏ"), ("c", "ÇçĆćĈĉĊċČčƇƈϹϲСсҪҫᴄℂℭⅭⅽⲤⲥ©"), ("d", "ÐðĎďĐđƉɖɗԀԁⅅⅆⅮⅾᴅḌḍ"),
        ("e", "ÈÉÊËèéêëĒēĔĕĖėĘęĚěȄȅȆȇẸẹẺẻẼẽẾếỀềỂểỄễỆệΕεΈέЕеЁёЄєҼҽЀѐӘəǝℯℰⅇ℮ᴇϵ"), ("f", "ƑƒſẝϜℱɟꞘꞙք"), ("g", "ĜĝĞğĠġĢģǤǥǦǧǴǵɡɢƍℊցԌԍ"), ("h", "ĤĥĦħΗНнҢңҺһℋℌℍℎԊհȞȟՀʜᴴ"),
        ("i", "ÌÍÎÏìíîïĨĩĪīĬĭĮįİıǏǐɩɪΙιΊίΪϊІіЇїӀӏℹⅈⅠⅰ¡ỊịỈỉͺι"), ("j", "ĴĵǰȷɈɉͿϳЈјⅉᴊ"), ("k", "ĶķĸƘƙǨǩΚκКкҚқҜҝKᴋԞԟⲔⲕЌќ"), ("l", "ĹĺĻļĽľĿŀŁłƖǀɭℐℑℒℓⅬⅼ|∣ⳐʟᒪꓡΛ"),
        ("m", "ΜмМϺℳⅯⅿᴍⲘṂṃɱ"), ("n", "ÑñŃńŅņŇňŉŊŋƝƞǸǹΝηήПпИиЙйЛлℕոռⲚɴ"), ("o", "ÒÓÔÕÖØòóôõöøŌōŎŏŐőƠơǑǒǪǫȌȍȎȏȮȯỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợºΟοΌόσОоӦӧՕօℴᴏΘθФф◯○●〇°⓪ⲞⲟჿՓ"),
        ("p", "ƤƥΡρϱРрҎҏℙ⍴ⲢⲣþÞᴘ"), ("q", "ʠԚԛℚգզɊɋϘϙ"), ("r", "ŔŕŖŗŘřȐȑȒȓɼɽГгҐґЯяℛℜℝ®ᴦᴿʀƦⲅ"), ("s", "$ŚśŜŝŞşŠšȘșΣςЅѕ§ՏսꜱƧƨϨϩ"), ("t", "ŢţŤťŦŧƬƭȚțΤτТтҬҭ⊤ᴛⲦ†"),
        ("u", "ÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲųƯưǓǔǕǖȔȕȖȗỤụỦủỨứỪừỬửỮữỰựµμυύϋЦцՍᴜʋ∪⋃"), ("v", "ΝνѴѵⅤⅴ∨⋁√ᴠט"), ("w", "ŴŵẀẁẂẃẄẅƜɯωώΩΏШшЩщѠѡԜԝաᴡ"), ("x", "×ΧχХхҲҳⅩⅹЖж╳⤫⨯᙮ⲬӼӽ"),
        ("y", "ÝýÿŶŷŸȲȳỲỳỴỵỶỷỸỹΥΎϒγУуҮүЎўӮӯʏɣℽⲨұҰՎЧч"), ("z", "ŹźŻżŽžƵƶȤȥΖζℤℨẒẓᴢⲌ"),
        ("0", "⁰₀"), ("1", "¹₁①"), ("2", "²₂②Ϩ"), ("3", "³₃③ЗзЭэƷʒȜȝӠӡҘҙ"), ("4", "⁴₄④"), ("5", "⁵₅⑤Ƽƽ"), ("6", "⁶₆⑥Ббⳓ"), ("7", "⁷₇⑦"), ("8", "⁸₈⑧Ȣȣ"), ("9", "⁹₉⑨"),
        ("ae", "ÆæǼǽӔӕᴁ"), ("oe", "Œœ"), ("ss", "ßẞ"), ("ij", "Ĳĳ"), ("bl", "Ыы"), ("lo", "Юю"), ("dz", "ǱǲǳʣǄǅǆ"), ("lj", "ǇǈǉЉљ"), ("nj", "ǊǋǌЊњ"), ("no", "№"), ("tm", "™"), ("tel", "℡"), ("kg", "㎏"), ("mg", "㎎"), ("ml", "㎖"),
        ("ff", "ﬀ"), ("fi", "ﬁ"), ("fl", "ﬂ"), ("ffi", "ﬃ"), ("ffl", "ﬄ"), ("st", "ﬆﬅ"), ("ii", "Ⅱⅱ‖∥ǁ"), ("iii", "Ⅲⅲ"), ("iv", "Ⅳⅳ"), ("vi", "Ⅵⅵ"), ("vii", "Ⅶⅶ"), ("viii", "Ⅷⅷ"), ("ix", "Ⅸⅸ"), ("xi", "Ⅺⅺ"), ("xii", "Ⅻⅻ"),
    ];

    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    /// <summary>What <see cref="Skeleton"/> may change.</summary>
    private static readonly SearchValues<char> Mistakable = SearchValues.Create("rv0123456789qi");

    private static readonly Dictionary<char, string> Folded = Table.SelectMany(row => row.From.Select(from => (from, row.To))).GroupBy(x => x.from).ToDictionary(g => g.Key, g => g.First().To);

    /// <summary>
    /// Latin letters in lower case, digits, and one blank for everything between words; letters of scripts that look like none of these
    /// stay as they are. Marks above and below letters go.
    /// </summary>
    public static string Fold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.AsSpan().ContainsAnyExcept(Plain)) return text.ToLowerInvariant();
        var folded = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes()) Append(folded, rune);
        return folded.ToString().Trim();
    }

    /// <summary>A folded word with what is mistaken for each other made one; only for comparing, not for people.</summary>
    public static string Skeleton(string folded)
    {
        ArgumentNullException.ThrowIfNull(folded);
        if (!folded.AsSpan().ContainsAny(Mistakable)) return folded;
        Span<char> skeleton = folded.Length <= 128 ? stackalloc char[folded.Length] : new char[folded.Length];
        int length = 0;
        for (int i = 0; i < folded.Length; i++)
        {
            char next = i + 1 < folded.Length ? folded[i + 1] : '\0';
            (char kept, bool both) = (folded[i], next) switch
            {
                ('r', 'n') => ('m', true),
                ('v', 'v') => ('w', true),
                ('0' or 'q', _) => ('o', false),
                ('1' or 'i', _) => ('l', false),
                ('5', _) => ('s', false),
                ('2', _) => ('z', false),
                ('8', _) => ('b', false),
                ('6' or '9', _) => ('g', false),
                ('3', _) => ('e', false),
                ('4', _) => ('a', false),
                ('7', _) => ('t', false),
                var (c, _) => (c, false),
            };
            skeleton[length++] = kept;
            if (both) i++;
        }
        return new string(skeleton[..length]);
    }

    private static void Append(StringBuilder folded, Rune rune)
    {
        int code = rune.Value;
        if (code is >= 0xFF01 and <= 0xFF5E) code -= FullWidthOffset;
        if (code is >= 0x1D400 and <= 0x1D7FF) code = Mathematical(code);
        if (code is >= 0x24B6 and <= 0x24E9) code = 'a' + ((code - 0x24B6) % 26);
        if (code is >= 0x0300 and <= 0x036F or 0x00AD or (>= 0x200B and <= 0x200F) or 0x2060 or 0xFEFF or '\'' or 0x2019) return;
        if (code is >= 'A' and <= 'Z') folded.Append((char)(code | 0x20));
        else if (code is (>= 'a' and <= 'z') or (>= '0' and <= '9')) folded.Append((char)code);
        else if (code <= char.MaxValue && Folded.TryGetValue((char)code, out string? to)) folded.Append(to);
        else if (Rune.IsLetterOrDigit(new Rune(code))) folded.Append(Rune.ToLowerInvariant(new Rune(code)).ToString());
        else if (folded.Length > 0 && folded[^1] != ' ') folded.Append(' ');
    }

    /// <summary>The plain letter or digit of a mathematical alphabet. Source: Unicode, block 1D400–1D7FF.</summary>
    private static int Mathematical(int code)
    {
        if (code >= 0x1D7CE) return '0' + ((code - 0x1D7CE) % 10);
        if (code is >= 0x1D6A8 and < 0x1D7CA) return MathematicalGreek[(code - 0x1D6A8) % 58];
        if (code is 0x1D6A4) return 'i';
        if (code is 0x1D6A5) return 'j';
        int letter = (code - 0x1D400) % 52;
        return letter < 26 ? 'a' + letter : 'a' + letter - 26;
    }
}

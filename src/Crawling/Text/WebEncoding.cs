using System.Collections.Frozen;
using System.Text;

namespace Touchstone.Crawling.Text;

/// <summary>
/// The encodings of the web by their labels. Source: WHATWG Encoding Standard, section 4.2. Labels that it gives no encoding (utf-7, utf-32, ebcdic),
/// and those that it gives the replacement encoding, name none here. Thread-safe.
/// </summary>
public static class WebEncoding
{
    private const int Utf8 = 65001, Utf16 = 1200, Utf16Big = 1201, Western = 1252, Chinese = 54936;

    private static readonly FrozenDictionary<string, Encoding> ByLabel = Table();

    /// <summary>What text is read by that declares nothing and is no UTF-8.</summary>
    public static Encoding Windows1252 => ByLabel["windows-1252"];

    /// <summary>UTF-8 that reads the bytes which are none by an older code page: 1252 for what office programs in the west save, 437 for the names in ZIP archives.</summary>
    /// <param name="codePage">One that <see cref="CodePagesEncodingProvider"/> knows.</param>
    public static Encoding Utf8Or(int codePage) => Encoding.GetEncoding(Utf8, EncoderFallback.ReplacementFallback, new OlderCodePage(CodePagesEncodingProvider.Instance.GetEncoding(codePage)!));

    /// <summary>The encoding of a label in any case, with white space around it; null where it names none.</summary>
    public static Encoding? Find(string? label) => label is null ? null : ByLabel.GetValueOrDefault(label.Trim(' ', '\t', '\n', '\f', '\r').ToLowerInvariant());

    private static FrozenDictionary<string, Encoding> Table()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var table = new Dictionary<string, Encoding>(StringComparer.Ordinal);
        foreach ((int codePage, string labels) in CodePages)
            foreach (string label in labels.Split(' ')) table.Add(label, codePage is Utf8 or Utf16 or Utf16Big ? Encoding.GetEncoding(codePage) : Encoding.GetEncoding(codePage, EncoderFallback.ReplacementFallback, new LostBytes(codePage == Chinese)));
        foreach ((string upper, string labels) in SingleBytes)
            foreach (string label in labels.Split(' ')) table.Add(label, new SingleByteEncoding(label, upper));
        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static (int CodePage, string Labels)[] CodePages =>
    [
        (Utf8, "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8"),
        (866, "866 cp866 csibm866 ibm866"),
        (28592, "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2"),
        (28593, "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3"),
        (28594, "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4"),
        (28595, "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988"),
        (28596, "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987"),
        (28598, "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 visual"),
        (38598, "csiso88598i iso-8859-8-i logical"),
        (28603, "iso-8859-13 iso8859-13 iso885913"),
        (28605, "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9"),
        (20866, "cskoi8r koi koi8 koi8-r koi8_r"),
        (21866, "koi8-ru koi8-u"),
        (10000, "csmacintosh mac macintosh x-mac-roman"),
        (10017, "x-mac-cyrillic x-mac-ukrainian"),
        (874, "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874"),
        (1250, "cp1250 windows-1250 x-cp1250"),
        (1251, "cp1251 windows-1251 x-cp1251"),
        (Western, "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252 x-user-defined"),
        (1253, "cp1253 windows-1253 x-cp1253"),
        (1254, "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254 x-cp1254"),
        (1255, "cp1255 windows-1255 x-cp1255"),
        (1256, "cp1256 windows-1256 x-cp1256"),
        (1257, "cp1257 windows-1257 x-cp1257"),
        (1258, "cp1258 windows-1258 x-cp1258"),
        (Chinese, "chinese csgb2312 csiso58gb231280 gb18030 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk"),
        (950, "big5 big5-hkscs cn-big5 csbig5 x-x-big5"),
        (51932, "cseucpkdfmtjapanese euc-jp x-euc-jp"),
        (50220, "csiso2022jp iso-2022-jp"),
        (932, "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis"),
        (949, "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949"),
        (Utf16Big, "unicodefffe utf-16be"),
        (Utf16, "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le"),
    ];

    // Those that .NET does not know, or knows in an edition before the euro: what bytes A0 to FF mean.
    private static (string Upper, string Labels)[] SingleBytes =>
    [
        ("\u00A0ĄĒĢĪĨĶ§ĻĐŠŦŽ\u00ADŪŊ°ąēģīĩķ·ļđšŧž―ūŋĀÁÂÃÄÅÆĮČÉĘËĖÍÎÏÐŅŌÓÔÕÖŨØŲÚÛÜÝÞßāáâãäåæįčéęëėíîïðņōóôõöũøųúûüýþĸ", "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6"),
        ("\u00A0Ḃḃ£ĊċḊ§Ẁ©ẂḋỲ\u00AD®ŸḞḟĠġṀṁ¶ṖẁṗẃṠỳẄẅṡÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏŴÑÒÓÔÕÖṪØÙÚÛÜÝŶßàáâãäåæçèéêëìíîïŵñòóôõöṫøùúûüýŷÿ", "iso-8859-14 iso8859-14 iso885914"),
        ("\u00A0ĄąŁ€„Š§š©Ș«Ź\u00ADźŻ°±ČłŽ”¶·žčș»ŒœŸżÀÁÂĂÄĆÆÇÈÉÊËÌÍÎÏĐŃÒÓÔŐÖŚŰÙÚÛÜĘȚßàáâăäćæçèéêëìíîïđńòóôőöśűùúûüęțÿ", "iso-8859-16"),
        ("\u00A0‘’£€₯¦§¨©ͺ«¬\u00AD\uFFFD―°±²³΄΅Ά·ΈΉΊ»Ό½ΎΏΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡ\uFFFDΣΤΥΦΧΨΩΪΫάέήίΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώ\uFFFD", "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek"),
    ];

    private sealed class OlderCodePage(Encoding encoding) : DecoderFallback
    {
        public override int MaxCharCount => 4;

        public override DecoderFallbackBuffer CreateFallbackBuffer() => new Meant(encoding.GetString);
    }

    /// <summary>
    /// U+FFFD for bytes that mean nothing. What stands in the place of a second byte and is ASCII is itself, so that half a character takes no tag with it (Encoding
    /// Standard, sections 10 to 14: "prepend byte to ioQueue"). In GBK the byte 80 is the euro (section 10.2.1).
    /// </summary>
    private sealed class LostBytes(bool chinese) : DecoderFallback
    {
        private const byte Euro = 0x80;

        public override int MaxCharCount => 4;

        public override DecoderFallbackBuffer CreateFallbackBuffer() => new Meant(bytes =>
            chinese && bytes is [Euro] ? "€" : chinese && bytes is [Euro, .. var rest] ? "€" + Encoding.Latin1.GetString(rest) : bytes is [_, .., < 0x80 and var last] ? "\uFFFD" + (char)last : "\uFFFD");
    }

    /// <summary>Puts a text in the place of bytes that the encoding does not know.</summary>
    private sealed class Meant(Func<byte[], string> meaning) : DecoderFallbackBuffer
    {
        private string _text = "";
        private int _at;

        public override int Remaining => _text.Length - _at;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            (_text, _at) = (meaning(bytesUnknown), 0);
            return _text.Length > 0;
        }

        public override char GetNextChar() => _at < _text.Length ? _text[_at++] : '\0';

        public override bool MovePrevious()
        {
            if (_at == 0) return false;
            _at--;
            return true;
        }

        public override void Reset() => (_text, _at) = ("", 0);
    }

    /// <summary>One byte a character: below A0 as ISO 8859, above by a table.</summary>
    private sealed class SingleByteEncoding(string label, string upper) : Encoding
    {
        private const byte FirstOfTable = 0xA0;

        public override bool IsSingleByte => true;

        public override string WebName => label;

        public override int GetByteCount(char[] chars, int index, int count) => count;

        public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
        {
            for (int i = 0; i < charCount; i++)
            {
                char c = chars[charIndex + i];
                bytes[byteIndex + i] = c < FirstOfTable ? (byte)c : upper.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? (byte)(FirstOfTable + at) : (byte)'?';
            }
            return charCount;
        }

        public override int GetCharCount(byte[] bytes, int index, int count) => count;

        public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
        {
            for (int i = 0; i < byteCount; i++) chars[charIndex + i] = bytes[byteIndex + i] is >= FirstOfTable and var b ? upper[b - FirstOfTable] : (char)bytes[byteIndex + i];
            return byteCount;
        }

        public override int GetMaxByteCount(int charCount) => charCount;

        public override int GetMaxCharCount(int byteCount) => byteCount;
    }
}

using System.Text;
using Touchstone.Crawling.Text;

namespace Touchstone.Tests.Crawling.Text;

/// <summary>Encodings as browsers read them.</summary>
public sealed class PageTextTests
{
    private const string Russian = "Чайник медный";

    [Theory]
    [InlineData("cp1251", 1251, Russian)]
    [InlineData("X-CP1251", 1251, Russian)]
    [InlineData(" koi8-r ", 20866, Russian)]
    [InlineData("cp866", 866, Russian)]
    [InlineData("iso_8859-5:1988", 28595, Russian)]
    [InlineData("x-mac-cyrillic", 10017, Russian)]
    [InlineData("l2", 28592, "Měděný čajník")]
    [InlineData("greek", 28597, "Χάλκινος")]
    [InlineData("latin5", 1254, "çaydanlık")]
    [InlineData("tis-620", 874, "กาต้มน้ำ")]
    [InlineData("ms_kanji", 932, "銅のやかん")]
    [InlineData("ks_c_5601-1987", 949, "구리 주전자")]
    [InlineData("gb_2312-80", 936, "铜水壶")]
    [InlineData("big5-hkscs", 950, "銅水壺")]
    [InlineData("x-euc-jp", 51932, "銅のやかん")]
    [InlineData("us-ascii", 1252, "“naïve” – 5 €")]
    [InlineData("iso-8859-1", 1252, "“naïve” – 5 €")]
    public void A_label_means_the_encoding_of_the_standard(string label, int codePage, string text)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        byte[] page = [.. Encoding.ASCII.GetBytes($"<html><head><meta charset=\"{label}\"><title>"), .. Encoding.GetEncoding(codePage).GetBytes(text)];
        Assert.EndsWith(text, PageText.Decode(page, null), StringComparison.Ordinal);
        Assert.Equal(text, PageText.Decode(Encoding.GetEncoding(codePage).GetBytes(text), $"text/html; charset=\"{label.Trim()}\""));
    }

    [Theory]
    [InlineData("iso-8859-10", new byte[] { 0xB6, 0xBA }, "ķš")]
    [InlineData("iso8859-14", new byte[] { 0xD0, 0xFE }, "Ŵŷ")]
    [InlineData("iso-8859-16", new byte[] { 0xA4, 0xFE }, "€ț")]
    public void Encodings_that_the_runtime_lacks_are_read_by_their_tables(string label, byte[] bytes, string text) =>
        Assert.Equal(text, PageText.Decode(bytes, $"text/html; charset={label}"));

    [Fact]
    public void A_byte_from_elsewhere_spoils_no_page_in_utf_8() =>
        Assert.Equal(Russian + " café.", PageText.Decode([.. Encoding.UTF8.GetBytes(Russian), .. " caf"u8, 0xE9, (byte)'.'], null));

    [Theory]
    [InlineData("utf-7")]
    [InlineData("utf-32")]
    [InlineData("hz-gb-2312")]
    [InlineData("none")]
    [InlineData("utf-16")]
    public void A_label_that_is_none_or_lies_leaves_the_page_to_its_bytes(string label)
    {
        Assert.EndsWith(Russian, PageText.Decode(Encoding.UTF8.GetBytes($"<meta charset={label}>{Russian}"), null), StringComparison.Ordinal);
        Assert.EndsWith("Möwe", PageText.Decode([.. Encoding.ASCII.GetBytes($"<meta charset={label}>M"), 0xF6, .. "we"u8], label == "utf-16" ? "text/html; charset=windows-1252" : null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script charset=koi8-r src=/a.js></script><meta charset=utf-8>")]
    [InlineData("<!-- <meta charset=koi8-r> --><meta charset=utf-8>")]
    [InlineData("<link rel=stylesheet charset='koi8-r' href=/a.css><meta charset=utf-8>")]
    [InlineData("<script>var feed='?charset=koi8-r'</script><meta charset=utf-8>")]
    [InlineData("<a title='<meta charset=koi8-r>'></a><meta charset=utf-8>")]
    [InlineData("<meta name=description content='text/html; charset=koi8-r'><meta charset=utf-8>")]
    [InlineData("<metadata charset=koi8-r><meta charset=utf-8>")]
    [InlineData("<!DOCTYPE html SYSTEM 'charset=koi8-r'><meta charset=utf-8>")]
    public void Only_a_meta_element_declares(string head) =>
        Assert.EndsWith(Russian, PageText.Decode(Encoding.UTF8.GetBytes(head + Russian), null), StringComparison.Ordinal);

    [Theory]
    [InlineData("<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>")]
    [InlineData("<meta content=\"text/html;charset = 'koi8-r'\" http-equiv='content-type'>")]
    [InlineData("<META/CHARSET=\"koi8-r\"/>")]
    [InlineData("<?xml version='1.0' encoding='koi8-r'?><html>")]
    public void Every_form_of_the_declaration_is_read(string head)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        Assert.EndsWith(Russian, PageText.Decode([.. Encoding.ASCII.GetBytes(head), .. Encoding.GetEncoding("koi8-r").GetBytes(Russian)], null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iso-8859-7", new byte[] { 0xA4, 0xA1, 0xC1, 0xA2 }, "€‘Α’")]
    [InlineData("gbk", new byte[] { 0x80, (byte)'5', 0xCD, 0xAD }, "€5铜")]
    public void The_euro_is_where_the_standard_has_it(string label, byte[] bytes, string text) => Assert.Equal(text, PageText.Decode(bytes, $"text/html; charset={label}"));

    [Theory]
    [InlineData("<meta charset=windows-1251>", "utf-8", "windows-1251")]
    [InlineData("<meta charset=iso-8859-1>", "utf-8", "iso-8859-1")]
    [InlineData("<meta charset=utf-8>", "windows-1251", null)]
    [InlineData("", "koi8-r", "text/html; charset=koi8-r")]
    public void What_is_declared_gives_way_to_what_the_bytes_are(string head, string written, string? header) =>
        Assert.EndsWith(Russian, PageText.Decode(WebEncoding.Find(written)!.GetBytes($"<html lang='ru'>{head}<p>{Russian}"), header?.Contains('/', StringComparison.Ordinal) == true ? header : null), StringComparison.Ordinal);

    [Theory]
    [InlineData("ja", "shift_jis", "銅のやかん、商品です。")]
    [InlineData("ja-JP", "euc-jp", "銅のやかん、商品です。")]
    [InlineData("zh-TW", "big5", "銅水壺兩公升")]
    [InlineData("ko", "euc-kr", "구리 주전자")]
    [InlineData("pl", "windows-1250", "Miedziany czajnik łączący źródła")]
    [InlineData("de", "windows-1252", "Kupferkessel für Öfen")]
    public void What_declares_nothing_is_read_as_its_language_was_written(string language, string label, string text) =>
        Assert.EndsWith(text, PageText.Decode(WebEncoding.Find(label)!.GetBytes($"<!DOCTYPE html><html lang=\"{language}\"><p>{text}"), null), StringComparison.Ordinal);

    [Theory]
    [InlineData("big5")]
    [InlineData("gbk")]
    [InlineData("shift_jis")]
    [InlineData("euc-kr")]
    [InlineData("euc-jp")]
    public void Half_a_character_takes_no_tag_with_it(string label) =>
        Assert.Equal("<title>A\uFFFD</title>", PageText.Decode([.. "<title>A"u8, 0xE3, .. "</title>"u8], $"text/html; charset={label}"));

    [Theory]
    [InlineData(null)]
    [InlineData("text/html; charset=utf-16")]
    public void Markup_in_utf_16_needs_no_mark(string? contentType)
    {
        const string page = "\r\n<html><title>" + Russian;
        Assert.Equal(page, PageText.Decode(Encoding.Unicode.GetBytes(page), contentType));
        Assert.Equal(page, PageText.Decode(Encoding.BigEndianUnicode.GetBytes(page), contentType));
        Assert.Equal(page, PageText.Decode(Encoding.UTF8.GetBytes(page), contentType));
    }

    [Fact]
    public void What_is_packed_or_encrypted_looks_like_no_text()
    {
        byte[] noise = new byte[2_000];
        new Random(3).NextBytes(noise);
        Assert.True(PageText.LooksBinary(PageText.Decode(noise, null)));
        Assert.False(PageText.LooksBinary(Russian));
        Assert.False(PageText.LooksBinary(""));
    }
}

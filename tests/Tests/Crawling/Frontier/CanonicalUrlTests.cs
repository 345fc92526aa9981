using System.Text.Json;
using Touchstone.Crawling.Frontier;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Crawling.Frontier;

public sealed class CanonicalUrlTests
{
    [Theory]
    [InlineData("HTTP://Shop.Example:80/a/../b/./c%7e?b=2&a=1#top", "http://shop.example/b/c~?a=1&b=2")]
    [InlineData("https://shop.example.:443", "https://shop.example/")]
    [InlineData("https://shop.example/p?utm_source=x&utm_MEDIUM=y&gclid=1&id=5&fbclid=z", "https://shop.example/p?id=5")]
    [InlineData("https://shop.example/p?PHPSESSID=abc", "https://shop.example/p")]
    [InlineData("https://shop.example/p;jsessionid=ABC.node1?x=1", "https://shop.example/p?x=1")]
    [InlineData("https://user:secret@shop.example/", "https://shop.example/")]
    [InlineData("https://shop.example/en/(S(abcdefghij0123456789abcd))/p.aspx", "https://shop.example/en/p.aspx")]
    [InlineData("https://shop.example/(X(1)S(abcdefghij0123456789abcd))/p.aspx?id=1", "https://shop.example/p.aspx?id=1")]
    [InlineData("https://shop.example/cup(S(1))/p", "https://shop.example/cup(S(1))/p")]
    [InlineData("https://shop.example/?q=%c3%a9&q=a%2Fb", "https://shop.example/?q=%C3%A9&q=a%2Fb")]
    [InlineData("https://shop.example/?/product/12", "https://shop.example/?/product/12")]
    [InlineData("https://shop.example/p?", "https://shop.example/p")]
    [InlineData("http:\\\\shop.example\\a\\b", "http://shop.example/a/b")]
    [InlineData("https://БУКВА.example/", "https://xn--80abd5a7b.example/")]
    [InlineData("https://ｓｈｏｐ。example/", "https://shop.example/")]
    public void A_page_has_one_spelling(string input, string expected)
    {
        CanonicalUrl url = CanonicalUrl.TryCreate(input)!;
        Assert.Equal(expected, url.Text);
        Assert.Equal(expected, CanonicalUrl.TryCreate(url.Text)!.Text);
    }

    [Theory]
    [InlineData("https://shop.example/list?dir=asc&cat=5&utm_source=x", "https://shop.example/list?cat=5&dir=asc", "https://shop.example/list?dir=asc&cat=5")]
    [InlineData("https://shop.example/?route=product/product&id=7", "https://shop.example/?id=7&route=product%2Fproduct", "https://shop.example/?route=product/product&id=7")]
    [InlineData("https://shop.example/p?q=a+b", "https://shop.example/p?q=a+b", "https://shop.example/p?q=a+b")]
    [InlineData("https://shop.example/%7ea/%e3%81%82;sid=9f86d081884c7d659a2feaa0c55ad015?b=%e3", "https://shop.example/~a/%E3%81%82?b=%E3", "https://shop.example/%7ea/%e3%81%82?b=%e3")]
    public void A_page_is_asked_for_as_the_site_writes_it(string input, string text, string address)
    {
        CanonicalUrl url = CanonicalUrl.TryCreate(input)!;
        Assert.Equal((text, address), (url.Text, url.Address));
    }

    [Theory]
    [InlineData("sid=101", true)]
    [InlineData("sid=summer-2026-sale", true)]
    [InlineData("session=spring", true)]
    [InlineData("sid=9f86d081884c7d659a2feaa0c55ad015", false)]
    [InlineData("session_id=k2J8xQ0p7LmN4vB1a9Zt", false)]
    [InlineData("PHPSESSID=abc", false)]
    [InlineData("MODsid=9f86d081884c7d659a2feaa0c55ad015", false)]
    [InlineData("shop_sessid=k2J8xQ0p7LmN4vB1a9Zt", false)]
    [InlineData("___SID=U", false)]
    [InlineData("assessment=12", true)]
    public void A_name_of_sessions_that_numbers_items_is_kept(string parameter, bool kept) =>
        Assert.Equal(kept ? $"https://shop.example/item?{parameter}" : "https://shop.example/item", CanonicalUrl.TryCreate($"https://shop.example/item?{parameter}")!.Text);

    [Theory]
    [InlineData("../x?b=1", "http://shop.example/x?b=1")]
    [InlineData("//cdn.example/i", "http://cdn.example/i")]
    [InlineData("?page=2", "http://shop.example/a/b?page=2")]
    [InlineData("#top", "http://shop.example/a/b")]
    [InlineData("", "http://shop.example/a/b")]
    public void Links_are_relative_to_their_page(string link, string expected) =>
        Assert.Equal(expected, CanonicalUrl.TryCreate(link, "http://shop.example/a/b")!.Text);

    [Theory]
    [InlineData("mailto:a@b.example")]
    [InlineData("javascript:void(0)")]
    [InlineData("data:text/html,x")]
    [InlineData("ftp://a.example/")]
    [InlineData("http://")]
    [InlineData("http://a b/")]
    [InlineData("http://1.2.3.256/")]
    [InlineData("relative")]
    public void Other_links_have_none(string link) => Assert.Null(CanonicalUrl.TryCreate(link));

    /// <summary>
    /// The canonicalize_url cases. Left out, because the two differ on purpose: another page encoding (4), a parameter separator that no browser sends (1),
    /// dropping of blank values (2), a parameter without an equals sign, which stays so (2), relative inputs without a page (4), input as bytes (3),
    /// another scheme (1), a host with an empty label that no browser takes (1).
    /// </summary>
    [Fact]
    public void The_canonical_forms_of_w3lib_are_ours()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(SharedData.Require("web/w3lib-url/w3lib_asserts.json")));
        int ran = 0;
        List<string> excluded = [];
        List<string> failed = [];
        foreach (JsonElement test in document.RootElement.GetProperty("canonicalize_url").EnumerateArray())
        {
            JsonElement input = test.GetProperty("args")[0];
            JsonElement settings = test.GetProperty("kwargs");
            if (WhyExcluded(input, settings) is { } why)
            {
                excluded.Add(why);
                continue;
            }
            ran++;
            CanonicalOptions options = new() { DropCredentials = false, DropTracking = false, DropFragment = !settings.TryGetProperty("keep_fragments", out _) };
            string? got = CanonicalUrl.TryCreate(input.GetString()!, options: options)?.Text;
            string expected = test.GetProperty("expected").GetString()!;
            if (got != expected) failed.Add($"{input.GetString()} gave {got}, not {expected}");
        }
        Assert.Empty(failed);
        Assert.Equal("blank values 2, bytes 3, empty label 1, encoding 4, no equals sign 2, relative 4, scheme 1, separator 1", string.Join(", ", excluded.GroupBy(x => x).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {g.Count()}")));
        Assert.Equal(67 - excluded.Count, ran);
    }

    private static string? WhyExcluded(JsonElement input, JsonElement settings)
    {
        if (input.ValueKind != JsonValueKind.String) return "bytes";
        string text = input.GetString()!;
        if (settings.TryGetProperty("encoding", out _)) return "encoding";
        if (settings.TryGetProperty("query_separator", out _)) return "separator";
        if (settings.TryGetProperty("keep_blank_values", out _)) return "blank values";
        if (text.StartsWith("sftp:", StringComparison.Ordinal)) return "scheme";
        if (text.StartsWith('a') || text.StartsWith('?')) return "relative";
        if (text.StartsWith("http://.", StringComparison.Ordinal)) return "empty label";
        return text.EndsWith("?1750,4", StringComparison.Ordinal) || text.EndsWith("b=&c&a=2", StringComparison.Ordinal) ? "no equals sign" : null;
    }
}

using System.Text;
using Touchstone.Screening.Searches;

namespace Touchstone.Tests.Screening.Searches;

/// <summary>Lists of shops as people keep them.</summary>
public sealed class ShopListTests
{
    [Theory]
    [InlineData("https://a.example/\nb.example\nwww.c.example/shop", "https://a.example/ https://b.example/ https://www.c.example/shop")]
    [InlineData("name;url\nAlfa;https://a.example/\nBeta;b.example", "https://a.example/ https://b.example/")]
    [InlineData("\ufeffShop,Domain\r\n\"Alfa, Inc\",a.example\r\n", "https://a.example/")]
    [InlineData("sep=;\nhost;country\na.example;DK", "https://a.example/")]
    [InlineData("Alfa\ta.example\nBeta\tb.example:8080", "https://a.example/ https://b.example:8080/")]
    public async Task Addresses_are_found_whatever_the_columns(string csv, string urls)
    {
        ShopList list = await ShopList.ReadAsync(csv, TestContext.Current.CancellationToken);
        Assert.Equal(urls, string.Join(' ', list.Urls));
        Assert.Empty(list.Refused);
    }

    [Fact]
    public async Task A_row_that_is_not_taken_says_why_and_where_it_stands()
    {
        string csv = $"url\nhttps://a.example/\nhttps://a.example\nnowhere\nmailto:x@a.example\n;\nftp://b.example\nhttps://{new string('c', 3000)}.example/\nd.example\n";
        ShopList list = await ShopList.ReadAsync(csv, TestContext.Current.CancellationToken);
        Assert.Equal(["https://a.example/", "https://d.example/"], list.Urls);
        Assert.Equal(
            [(3, ShopRowProblem.Repeated), (4, ShopRowProblem.NoAddress), (5, ShopRowProblem.NoAddress), (6, ShopRowProblem.NoAddress), (7, ShopRowProblem.NoAddress), (8, ShopRowProblem.TooLong)],
            list.Refused.Select(r => (r.Line, r.Problem)));
        Assert.All(list.Refused, r => Assert.InRange(r.Text.Length, 0, 200));
    }

    [Fact]
    public async Task Spellings_of_one_page_are_one_shop()
    {
        ShopList list = await ShopList.ReadAsync("a.example\nhttp://A.Example./\nwww.a.example:443\nhttps://a.example:8443\nb\u00fccher.example\nxn--bcher-kva.example\nhttps://www.a.example/da\n..example\nb.example..\n", TestContext.Current.CancellationToken);
        Assert.Equal(["https://a.example/", "https://a.example:8443/", "https://xn--bcher-kva.example/", "https://www.a.example/da"], list.Urls);
        Assert.Equal([ShopRowProblem.Repeated, ShopRowProblem.Repeated, ShopRowProblem.Repeated, ShopRowProblem.NoAddress, ShopRowProblem.NoAddress], list.Refused.Select(r => r.Problem));
    }

    [Theory]
    [InlineData("utf-8"), InlineData("utf-16"), InlineData("utf-16BE"), InlineData("windows-1252")]
    public async Task A_file_is_read_in_whatever_an_office_program_saves(string encoding)
    {
        Encoding saved = encoding.StartsWith("utf", StringComparison.Ordinal) ? Encoding.GetEncoding(encoding) : CodePagesEncodingProvider.Instance.GetEncoding(encoding)!;
        byte[] file = [.. saved.GetPreamble(), .. saved.GetBytes("Name;URL\r\nB\u00fccher;b\u00fccher.example\r\n")];
        ShopList list = await ShopList.ReadAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal("https://xn--bcher-kva.example/", Assert.Single(list.Urls));
        Assert.Equal(0, list.NotTaken);
    }

    [Fact]
    public async Task A_hundred_thousand_rows_are_counted_though_not_all_are_named()
    {
        ShopList list = await ShopList.ReadAsync(string.Join('\n', Enumerable.Range(0, 100_000).Select(i => $"shop{i % 60_000}.example")), TestContext.Current.CancellationToken);
        Assert.Equal((ShopList.MostShops, 1_000, 95_000), (list.Urls.Count, list.Refused.Count, list.NotTaken));
    }

    [Fact]
    public async Task A_list_without_end_is_cut_and_says_so()
    {
        ShopList list = await ShopList.ReadAsync(string.Join('\n', Enumerable.Range(0, ShopList.MostShops + 2).Select(i => $"shop{i}.example")), TestContext.Current.CancellationToken);
        Assert.Equal(ShopList.MostShops, list.Urls.Count);
        Assert.Equal([ShopRowProblem.TooMany, ShopRowProblem.TooMany], list.Refused.Select(r => r.Problem));
    }
}

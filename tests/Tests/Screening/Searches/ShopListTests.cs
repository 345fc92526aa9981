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
    public async Task A_list_without_end_is_cut_and_says_so()
    {
        ShopList list = await ShopList.ReadAsync(string.Join('\n', Enumerable.Range(0, ShopList.MostShops + 2).Select(i => $"shop{i}.example")), TestContext.Current.CancellationToken);
        Assert.Equal(ShopList.MostShops, list.Urls.Count);
        Assert.Equal([ShopRowProblem.TooMany, ShopRowProblem.TooMany], list.Refused.Select(r => r.Problem));
    }
}

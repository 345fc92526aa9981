using Microsoft.AspNetCore.Http;
using Touchstone.Server.Console.Hits;

namespace Touchstone.Tests.Server;

public sealed class HitViewTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("?order=Newest", true)]
    [InlineData("?state=New&mark=&relation=&register=&shop=&search=&least=0&from=&to=&order=Probability", true)]
    [InlineData("?relation=Nonsense&least=7&from=someday", true)]
    [InlineData("?to=9999-12-31", true)]
    [InlineData("?state=any", false)]
    [InlineData("?state=Confirmed", false)]
    [InlineData("?mark=all", false)]
    [InlineData("?mark=field", false)]
    [InlineData("?least=0.5", false)]
    [InlineData("?state=New&shop=shop.example", false)]
    public void A_view_is_whole_unless_something_is_narrowed_whatever_a_form_says(string query, bool isWhole) =>
        Assert.Equal(isWhole, HitView.Of(new DefaultHttpContext { Request = { QueryString = new QueryString(query) } }).IsWhole);
}

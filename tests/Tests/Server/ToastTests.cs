using Microsoft.AspNetCore.Http;
using Touchstone.Server.Console.Layout;

namespace Touchstone.Tests.Server;

public sealed class ToastTests
{
    // What browsers keep of one cookie, with its name and its attributes.
    private const int MostOfACookie = 4096;

    [Theory]
    [InlineData("x")]
    [InlineData("결")]
    [InlineData("\u0001")]
    [InlineData("🔒")]
    public void However_long_and_in_whichever_script_it_fits_into_a_cookie_and_is_said(string letter)
    {
        var http = new DefaultHttpContext { Request = { Scheme = "https" } };
        Toast.Say(http, $"Hit 7. {string.Concat(Enumerable.Repeat(letter, 3000))}", "warn", "/cases/7", "Open the case");
        string cookie = http.Response.Headers.SetCookie.ToString();
        Assert.True(cookie.Length < MostOfACookie, $"{cookie.Length}");
        Assert.Contains("secure", cookie, StringComparison.Ordinal);
        Toast said = Taken(cookie);
        Assert.StartsWith($"Hit 7. {letter}{letter}", said.Text, StringComparison.Ordinal);
        Assert.EndsWith("…", said.Text, StringComparison.Ordinal);
        Assert.Equal(("warn", "/cases/7"), (said.Tone, said.Href));
    }

    [Fact]
    public void What_fits_is_said_whole_and_over_http_without_secure()
    {
        var http = new DefaultHttpContext { Request = { Scheme = "http" } };
        Toast.Say(http, "사건을 닫았습니다. <b>&\"");
        string cookie = http.Response.Headers.SetCookie.ToString();
        Assert.DoesNotContain("secure", cookie, StringComparison.Ordinal);
        Assert.Equal("사건을 닫았습니다. <b>&\"", Taken(cookie).Text);
    }

    private static Toast Taken(string cookie)
    {
        var next = new DefaultHttpContext();
        next.Request.Headers.Cookie = cookie.Split(';')[0];
        return Toast.Take(next)!;
    }
}

using System.Security.Claims;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Touchstone.Server.Console.Layout;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>What a page hands to the page behind its redirect.</summary>
public sealed class HandoverTests
{
    private const string StampClaim = "AspNet.Identity.SecurityStamp";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private readonly ManualClock clock = new();
    private readonly Handover handover;

    public HandoverTests() => handover = new Handover(new EphemeralDataProtectionProvider(), clock, Options.Create(new IdentityOptions()));

    [Fact]
    public void It_is_read_by_the_same_session_on_the_same_page_until_its_life_ends()
    {
        HttpContext sent = Request("anna", "1", "/accounts", null);
        Assert.True(handover.Give(sent, "secret", "one-time-password", Life));
        string header = sent.Response.Headers.SetCookie.ToString(), cookie = header.Split(';')[0];
        Assert.DoesNotContain("one-time", cookie, StringComparison.Ordinal);
        Assert.Contains("path=/accounts", header, StringComparison.Ordinal);
        Assert.Contains("httponly", header, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", header, StringComparison.Ordinal);
        Assert.Equal("one-time-password", handover.Look<string>(Request("anna", "1", "/accounts", cookie), "secret"));
        Assert.Null(handover.Look<string>(Request("bert", "1", "/accounts", cookie), "secret"));
        Assert.Null(handover.Look<string>(Request("anna", "2", "/accounts", cookie), "secret"));
        Assert.Null(handover.Look<string>(Request("anna", "1", "/account", cookie), "secret"));
        Assert.Null(handover.Look<string>(Request("anna", "1", "/accounts", $"{cookie[..^4]}AAAA"), "secret"));
        clock.Advance(Life);
        Assert.Null(handover.Look<string>(Request("anna", "1", "/accounts", cookie), "secret"));
    }

    [Fact]
    public void What_is_too_long_for_a_cookie_is_left_out_and_why_it_was_refused_is_said_all_the_same()
    {
        HttpContext sent = Request("anna", "1", "/references/import", null);
        Assert.Equal("/references/import", handover.Refuse(sent, "url", new string('결', 3000), new string('x', 4000)));
        string cookie = sent.Response.Headers.SetCookie.ToString().Split(';')[0];
        Assert.InRange(cookie.Length, 1, 4000);
        Refused<string>? refused = handover.TakeRefused<string>(Request("anna", "1", "/references/import", cookie));
        Assert.StartsWith("결결", refused!.Why, StringComparison.Ordinal);
        Assert.Null(refused.Typed);
    }

    private static DefaultHttpContext Request(string name, string stamp, string path, string? cookie)
    {
        var http = new DefaultHttpContext { User = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, name), new(StampClaim, stamp)], "test")) };
        http.Request.Method = "GET";
        http.Request.Path = path;
        if (cookie is not null) http.Request.Headers.Cookie = cookie;
        return http;
    }
}

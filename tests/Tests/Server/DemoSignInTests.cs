using System.Net;
using Microsoft.AspNetCore.Http;
using Touchstone.Screening.Storage;
using Touchstone.Server;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

public sealed class DemoSignInTests
{
    [Theory]
    [InlineData(true, "127.0.0.1", "127.0.0.1", null, true)]
    [InlineData(true, "::1", "localhost", null, true)]
    [InlineData(false, "127.0.0.1", "127.0.0.1", null, false)]
    [InlineData(true, "192.168.1.7", "127.0.0.1", null, false)]
    [InlineData(true, "127.0.0.1", "rebound.example", null, false)]
    [InlineData(true, "127.0.0.1", "127.0.0.1", "203.0.113.9", false)]
    public void The_demo_signs_in_only_this_machines_own_browser(bool flag, string remote, string host, string? forwardedFor, bool expected)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse(remote);
        http.Request.Host = new HostString(host, 5080);
        if (forwardedFor is not null) http.Request.Headers["X-Forwarded-For"] = forwardedFor;
        Assert.Equal(expected, DemoAuthentication.Applies(http, new ServerOptions { Storage = new StorageOptions { DataFolder = "x" }, DemoSignIn = flag }));
    }
}

using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Touchstone.Server.Security;

/// <summary>
/// Signs in the browser of this machine as <c>demo</c>. Needs the demo flag, a loopback connection that no proxy forwarded, and a
/// loopback Host header: a foreign page whose name was re-bound to 127.0.0.1 sends its own name there.
/// </summary>
public sealed class DemoAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ServerOptions server)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Demo";
    public const string SignedOutCookie = "touchstone-demo-signed-out";

    public static bool Applies(HttpContext http, ServerOptions server)
    {
        if (!server.DemoSignIn || http.Request.Cookies.ContainsKey(SignedOutCookie)) return false;
        if (http.Connection.RemoteIpAddress is not { } remote || !IPAddress.IsLoopback(remote)) return false;
        if (http.Request.Headers.ContainsKey("X-Forwarded-For") || http.Request.Headers.ContainsKey("Forwarded")) return false;
        string host = http.Request.Host.Host;
        return host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Applies(Context, server)) return Task.FromResult(AuthenticateResult.NoResult());
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, "demo"), new Claim(ClaimTypes.NameIdentifier, "demo"), new Claim(ClaimTypes.Role, nameof(AccountRole.Administrator))], Scheme.Name);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
    }
}

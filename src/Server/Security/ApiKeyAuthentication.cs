using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Touchstone.Screening;

namespace Touchstone.Server.Security;

/// <summary>Signs in a program by <c>Authorization: Bearer KEY</c>.</summary>
internal sealed class ApiKeyAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";
    private const string Bearer = "Bearer ";

    public static bool IsOffered(HttpContext http) => http.Request.Headers.Authorization.ToString().StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsOffered(Context)) return AuthenticateResult.NoResult();
        ApiKeyRow? row = await keys.FindAsync(Request.Headers.Authorization.ToString()[Bearer.Length..].Trim(), Context.RequestAborted);
        if (row is null) return AuthenticateResult.Fail("The API key is unknown, revoked or expired.");
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, VerbContext.KeyMark + row.Name), new Claim(ClaimTypes.NameIdentifier, row.Prefix), new Claim(ClaimTypes.Role, row.Role.ToString())], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }
}

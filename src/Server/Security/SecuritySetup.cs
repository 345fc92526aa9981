using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Touchstone.Server.Security;

/// <summary>Accounts, cookies, API keys, policies, limits.</summary>
internal static class SecuritySetup
{
    /// <summary>The rate limit of sign-in attempts.</summary>
    public const string SignInLimit = "sign-in";

    /// <summary>The rate limit of reply links, by address: whoever has no account.</summary>
    public const string ReplyLimit = "reply";

    private const int RepliesPerMinute = 30;

    /// <summary>The rate limit of the listing gate.</summary>
    public const string GateLimit = "gate";

    private const string Selector = "Touchstone";

    public static void AddTouchstoneSecurity(this IServiceCollection services, ServerOptions options)
    {
        services.AddDataProtection().SetApplicationName("touchstone").PersistKeysToDbContext<AccountsDb>();
        services.AddSingleton<AccountAudit>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<Assignees>();
        services.AddSingleton<People>();
        services.AddSingleton<SignInPace>();
        services.AddScoped<SignInDesk>();
        services.AddIdentityCore<Account>(x =>
        {
            x.Password.RequiredLength = 12;
            x.Password.RequireNonAlphanumeric = false;
            x.Password.RequireUppercase = false;
            x.Password.RequireLowercase = false;
            x.Password.RequireDigit = false;
            // Identity's own rule knows English letters alone; names are people's.
            x.User.AllowedUserNameCharacters = "";
        }).AddPasswordValidator<PasswordRules>().AddUserValidator<AccountNameRules>().AddEntityFrameworkStores<AccountsDb>().AddSignInManager().AddClaimsPrincipalFactory<AccountClaims>();
        services.AddAuthentication(Selector)
            .AddPolicyScheme(Selector, null, x => x.ForwardDefaultSelector = http =>
                ApiKeyAuthentication.IsOffered(http) ? ApiKeyAuthentication.SchemeName
                : !http.Request.Cookies.ContainsKey(CookieName) && DemoAuthentication.Applies(http, options) ? DemoAuthentication.SchemeName
                : IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, DemoAuthentication>(DemoAuthentication.SchemeName, null)
            .AddIdentityCookies(x => x.ApplicationCookie!.Configure(ConfigureCookie));
        Policies.AddPolicies(services.AddAuthorizationBuilder());
        services.AddAntiforgery(x =>
        {
            x.Cookie.Name = "touchstone-antiforgery";
            x.Cookie.SameSite = SameSiteMode.Strict;
            x.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        AddLimits(services, options);
    }

    public const string CookieName = "touchstone-session";

    /// <summary>The claim that carries the language which the account asks for.</summary>
    public const string LanguageClaim = "touchstone.language";

    private static void ConfigureCookie(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = CookieName;
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = TimeSpan.FromHours(10);
        cookie.SlidingExpiration = true;
        cookie.LoginPath = "/sign-in";
        cookie.AccessDeniedPath = "/denied";
        cookie.ReturnUrlParameter = "return";
        cookie.Events.OnValidatePrincipal = CheckSessionAsync;
        cookie.Events.OnRedirectToLogin = x => RedirectOrStatus(x, StatusCodes.Status401Unauthorized);
        cookie.Events.OnRedirectToAccessDenied = x => RedirectOrStatus(x, StatusCodes.Status403Forbidden);
    }

    /// <summary>A session ends at once where the account signed out, changed its password or role, or was locked.</summary>
    private static async Task CheckSessionAsync(CookieValidatePrincipalContext context)
    {
        var accounts = context.HttpContext.RequestServices.GetRequiredService<UserManager<Account>>();
        Account? account = context.Principal is { } shown ? await accounts.GetUserAsync(shown) : null;
        string? stamp = context.Principal?.FindFirstValue(accounts.Options.ClaimsIdentity.SecurityStampClaimType);
        if (account is not null && stamp == account.SecurityStamp && !await accounts.IsLockedOutAsync(account)) return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
    }

    private static Task RedirectOrStatus(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        PathString path = context.Request.Path;
        bool page = HttpMethods.IsGet(context.Request.Method) && !path.StartsWithSegments("/api") && !path.StartsWithSegments("/images") && !path.StartsWithSegments("/feeds") && !path.StartsWithSegments("/openapi") && !path.StartsWithSegments("/metrics");
        if (page) context.Response.Redirect(context.RedirectUri);
        else context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static void AddLimits(IServiceCollection services, ServerOptions options) => services.AddRateLimiter(limits =>
    {
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.OnRejected = static (context, _) =>
        {
            if (context.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait))
                context.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString();
            return ValueTask.CompletedTask;
        };
        limits.AddPolicy(SignInLimit, http => HttpMethods.IsPost(http.Request.Method)
            ? RateLimitPartition.GetFixedWindowLimiter($"in:{SignInPace.AddressKey(http.Connection.RemoteIpAddress)}", _ => new FixedWindowRateLimiterOptions { PermitLimit = options.SignInsPerMinute, Window = TimeSpan.FromMinutes(1) })
            : RateLimitPartition.GetNoLimiter("read"));
        limits.AddPolicy(ReplyLimit, http => RateLimitPartition.GetFixedWindowLimiter($"reply:{SignInPace.AddressKey(http.Connection.RemoteIpAddress)}", _ => new FixedWindowRateLimiterOptions { PermitLimit = RepliesPerMinute, Window = TimeSpan.FromMinutes(1) }));
        limits.AddPolicy(GateLimit, http => RateLimitPartition.GetTokenBucketLimiter($"gate:{http.User.ActorName()}", _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.GateRequestsPerSecond * 2,
            TokensPerPeriod = options.GateRequestsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));
    });

    /// <summary>Adds the role to the cookie's claims.</summary>
    private sealed class AccountClaims(UserManager<Account> accounts, IOptions<IdentityOptions> options) : UserClaimsPrincipalFactory<Account>(accounts, options)
    {
        protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Account user)
        {
            ClaimsIdentity identity = await base.GenerateClaimsAsync(user);
            identity.AddClaim(new Claim(ClaimTypes.Role, user.Role.ToString()));
            if (user.Language is { } language) identity.AddClaim(new Claim(LanguageClaim, language));
            return identity;
        }
    }
}

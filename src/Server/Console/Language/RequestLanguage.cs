using System.Globalization;
using System.Security.Claims;
using Touchstone.Server.Security;

namespace Touchstone.Server.Console.Language;

/// <summary>Which language a request is answered in: what the browser was told here, else what the account asks for, else what the browser asks for.</summary>
internal static class RequestLanguage
{
    private const string CookieName = "touchstone-language";

    public static void UseRequestLanguage(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        Speak(http);
        return next(http);
    });

    /// <summary>Lets the rest of the calling method, and what it awaits, speak the request's language.</summary>
    public static void Speak(HttpContext http) => CultureInfo.CurrentUICulture = Of(http).Culture;

    public static ConsoleLanguage Of(HttpContext http) =>
        ConsoleLanguage.Find(http.Request.Cookies[CookieName])
        ?? ConsoleLanguage.Find(http.User.FindFirstValue(SecuritySetup.LanguageClaim))
        ?? http.Request.GetTypedHeaders().AcceptLanguage.Where(x => x.Quality is null or > 0).OrderByDescending(x => x.Quality ?? 1).Select(x => ConsoleLanguage.Find(x.Value.Value)).FirstOrDefault(x => x is not null)
        ?? ConsoleLanguage.English;

    /// <summary>Keeps a choice in the browser; null forgets it, so that the account's or the browser's own counts again.</summary>
    public static void Choose(HttpContext http, ConsoleLanguage? language)
    {
        if (language is null) http.Response.Cookies.Delete(CookieName);
        else http.Response.Cookies.Append(CookieName, language.Code, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = TimeSpan.FromDays(365) });
    }

    /// <summary>The form of <see cref="LanguageSwitch"/>: also for those who are not signed in.</summary>
    public static void MapLanguage(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/language", async (HttpContext http) =>
        {
            IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
            Choose(http, ConsoleLanguage.Find(form["language"]));
            return Results.LocalRedirect(LocalPath.Or(form["return"], "/"));
        }).RequireFormToken().AllowAnonymous().ExcludeFromDescription();
}

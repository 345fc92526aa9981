using System.Globalization;
using System.Security.Claims;
using Touchstone.Server.Console.Layout;
using Touchstone.Server.Security;

namespace Touchstone.Server.Console.Language;

/// <summary>Which language a request is answered in: what the account asks for, else what the browser was told here, else what the browser asks for.</summary>
internal static class RequestLanguage
{
    public static void UseRequestLanguage(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        Speak(http);
        return next(http);
    });

    /// <summary>Lets the rest of the calling method, and what it awaits, speak the request's language.</summary>
    public static void Speak(HttpContext http) => CultureInfo.CurrentUICulture = Of(http).Culture;

    public static ConsoleLanguage Of(HttpContext http) =>
        ConsoleLanguage.Find(http.User.FindFirstValue(SecuritySetup.LanguageClaim))
        ?? Preferences.Of(http).Language
        ?? http.Request.GetTypedHeaders().AcceptLanguage.Where(x => x.Quality is null or > 0).OrderByDescending(x => x.Quality ?? 1).Select(x => ConsoleLanguage.Find(x.Value.Value)).FirstOrDefault(x => x is not null)
        ?? ConsoleLanguage.English;
}

using Microsoft.AspNetCore.Identity;
using Touchstone.Server.Console.Language;
using Touchstone.Server.Security;

namespace Touchstone.Server.Console.Layout;

/// <summary>What a person chose for this browser; kept in its cookies. Whoever signed in to an account keeps the language there.</summary>
/// <param name="Theme"><c>light</c> or <c>dark</c>; null follows the device.</param>
/// <param name="SingleKeys">Whether single keys act; people who speak to their computer switch them off.</param>
/// <param name="Language">Null follows the account, or else the browser.</param>
internal sealed record Preferences(string? Theme, bool SingleKeys, ConsoleLanguage? Language)
{
    private const string ThemeCookie = "theme";
    private const string KeysCookie = "keys";
    private const string LanguageCookie = "touchstone-language";
    private static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    public static Preferences Of(HttpContext? http)
    {
        IRequestCookieCollection? cookies = http?.Request.Cookies;
        return new(cookies?[ThemeCookie] is "light" or "dark" ? cookies[ThemeCookie] : null, cookies?[KeysCookie] != "off", ConsoleLanguage.Find(cookies?[LanguageCookie]));
    }

    /// <summary>Takes the choices of a form, also of those who are not signed in, and goes back to the page that sent them.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/preferences", async (HttpContext http, SignInDesk desk) =>
        {
            IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
            if (form["theme"].ToString() is "light" or "dark" or "auto") Keep(http, ThemeCookie, form["theme"]);
            if (form["keys"].ToString() is "on" or "off") Keep(http, KeysCookie, form["keys"]);
            if (form.ContainsKey("language")) await SpeakAsync(http, desk, ConsoleLanguage.Find(form["language"]));
            return Results.LocalRedirect(LocalPath.Or(form["back"], "/"));
        }).RequireFormToken().AllowAnonymous().ExcludeFromDescription();

    /// <summary>The page that is shown, as an address to come back to; an action of it is not done again.</summary>
    public static string PageOf(HttpContext http) =>
        HttpMethods.IsPost(http.Request.Method) ? http.Request.Path : http.Request.Path + http.Request.QueryString;

    /// <summary>The next person at this browser is asked anew which language to speak.</summary>
    public static void ForgetLanguage(HttpContext http) => http.Response.Cookies.Delete(LanguageCookie);

    private static async Task SpeakAsync(HttpContext http, SignInDesk desk, ConsoleLanguage? language)
    {
        IdentityResult? kept = await desk.ChooseLanguageAsync(http, language?.Code);
        if (kept is { Succeeded: false }) Toast.Say(http, string.Join(' ', kept.Errors.Select(x => CoreSentences.Say(x.Description))), "danger");
        else if (kept is null && language is not null) Keep(http, LanguageCookie, language.Code);
        else ForgetLanguage(http);
    }

    private static void Keep(HttpContext http, string cookie, string? value) =>
        http.Response.Cookies.Append(cookie, value!, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = Kept, IsEssential = true });
}

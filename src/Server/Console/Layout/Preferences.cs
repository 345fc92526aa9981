using Touchstone.Server.Security;

namespace Touchstone.Server.Console.Layout;

/// <summary>What a person chose for this browser; kept in its cookies, because it says nothing about anybody.</summary>
/// <param name="Theme"><c>light</c> or <c>dark</c>; null follows the device.</param>
/// <param name="SingleKeys">Whether single keys act; people who speak to their computer switch them off.</param>
internal sealed record Preferences(string? Theme, bool SingleKeys)
{
    private const string ThemeCookie = "theme";
    private const string KeysCookie = "keys";
    private static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    public static Preferences Of(HttpContext? http) =>
        new(http?.Request.Cookies[ThemeCookie] is "light" or "dark" ? http.Request.Cookies[ThemeCookie] : null, http?.Request.Cookies[KeysCookie] != "off");

    /// <summary>Takes one or both choices from a form and goes back to the page that sent them.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/preferences", async (HttpContext http) =>
        {
            IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
            Keep(http, ThemeCookie, form["theme"]);
            Keep(http, KeysCookie, form["keys"]);
            return Results.LocalRedirect(LocalPath.Or(form["back"], "/"));
        }).RequireFormToken().ExcludeFromDescription();

    /// <summary>The page that is shown, as an address to come back to; an action of it is not done again.</summary>
    public static string PageOf(HttpContext http) =>
        HttpMethods.IsPost(http.Request.Method) ? http.Request.Path : http.Request.Path + http.Request.QueryString;

    private static void Keep(HttpContext http, string cookie, string? value)
    {
        if (value is "light" or "dark" or "auto" or "on" or "off")
            http.Response.Cookies.Append(cookie, value, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = Kept, IsEssential = true });
    }
}

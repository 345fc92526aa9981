using Touchstone.Server.Api;
using Touchstone.Server.Console.Cases;
using Touchstone.Server.Console.Installation;
using Touchstone.Server.Console.Layout;
using Touchstone.Server.Queries;
using Touchstone.Server.Security;

namespace Touchstone.Server.Console;

/// <summary>The console: pages rendered on the server, one folder a feature.</summary>
internal static class ConsoleSetup
{
    public static void AddTouchstoneConsole(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddCascadingAuthenticationState();
        services.AddHttpContextAccessor();
        services.AddSingleton<SystemFacts>();
        services.AddSingleton<InstallationWarnings>();
        services.AddSingleton<Handover>();
        services.AddScoped<Veil>();
    }

    public static void MapTouchstoneConsole(this WebApplication app)
    {
        app.MapRazorComponents<App>().RequireAuthorization();
        app.MapEvidencePages();
        app.MapSubjectPages();
        app.MapNoticePages();
        app.MapKeptPages();
        app.MapAttachmentPages();
        app.MapNextCase();
        Preferences.Map(app);
        app.MapPost("/sign-out", async (HttpContext http, SignInDesk desk) =>
        {
            await desk.SignOutAsync(http);
            Preferences.ForgetLanguage(http);
            if (http.User.Identity?.AuthenticationType == DemoAuthentication.SchemeName)
                http.Response.Cookies.Append(DemoAuthentication.SignedOutCookie, "1", new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax });
            return Results.LocalRedirect("/sign-in");
        }).RequireFormToken().ExcludeFromDescription();
    }
}

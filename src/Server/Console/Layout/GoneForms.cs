using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Endpoints;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Layout;

/// <summary>
/// A page takes a form only where it shows it. Where the form went between the page that a person saw and the one that takes it, and the page itself does not
/// handle that (<see cref="GoneForm"/>), the person sees the page as it is now, and is told that nothing was done. A form of another sign-in is answered by a page that says so.
/// </summary>
internal static class GoneForms
{
    public static void UseGoneForms(this IApplicationBuilder app) => app.Use(static async (http, next) =>
    {
        await next(http);
        if (http.Response is not { StatusCode: StatusCodes.Status400BadRequest, HasStarted: false }) return;
        // Without a type the answer is empty for the status pages, which write theirs.
        if (IsForeign(http)) http.Response.ContentType = null;
        if (!IsNamedForm(http)) return;
        Toast.Say(http, T("Nothing was done: what you pressed is not on this page any more, because something changed meanwhile. This is how it stands now."), "warn");
        http.Response.ContentType = null;
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = http.Request.PathBase + http.Request.Path + http.Request.QueryString;
    });

    /// <summary>Whether a form was refused for its token: its page was made for somebody else, or not by this server.</summary>
    public static bool IsForeign(HttpContext http) => HttpMethods.IsPost(http.Request.Method) && http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false };

    // A form without its token is another mistake: nobody knows that this server's page sent it.
    private static bool IsNamedForm(HttpContext http) =>
        HttpMethods.IsPost(http.Request.Method) && http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
        && http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: true } && http.Request.HasFormContentType && http.Request.Form["_handler"].ToString().Length > 0;
}

namespace Touchstone.Server.Security;

/// <summary>
/// Refuses changes that another site's page sends with a signed-in browser. Pages carry an antiforgery token; the API has none, so
/// the browser's own word on where a request comes from is checked. Programs with a key send no such word and pass.
/// </summary>
internal static class CrossSiteGuard
{
    public static void UseCrossSiteGuard(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || HttpMethods.IsOptions(http.Request.Method)) return next(http);
        string site = http.Request.Headers["Sec-Fetch-Site"].ToString();
        bool foreign = site is not ("" or "same-origin" or "none");
        string origin = http.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && (!Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) || from.Authority != http.Request.Host.Value)) foreign = true;
        if (!foreign) return next(http);
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    });
}

using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Touchstone.Tests.Crawling;

namespace Touchstone.Tests.Screening.Finding;

/// <summary>Servers on loopback that answer as SearXNG and Brave Search do, from their documented formats.</summary>
internal static class WebSearchServers
{
    public const string Key = "BSA-key-of-a-test";

    /// <summary>SearXNG: ten results a page; a further page is empty where there are no more.</summary>
    /// <param name="results">The pages that it finds for words in a language; a language is sent as <c>da-DK</c>.</param>
    public static LoopbackSite AsSearXng(this LoopbackSite site, Func<string, string, IReadOnlyList<(string Url, string Title)>> results) => site.Others(context =>
    {
        IQueryCollection query = context.Request.Query;
        if (context.Request.Path != "/search" || query["format"] != "json") return Status(context, 403);
        int page = int.Parse(query["pageno"]!, CultureInfo.InvariantCulture);
        var found = results(query["q"]!, query["language"]!).Skip((page - 1) * 10).Take(10)
            .Select((r, i) => new { url = r.Url, title = r.Title, content = "…", engine = "bing", template = "default.html", parsed_url = new[] { "https", "x", "/", "", "", "" }, engines = new[] { "bing" }, positions = new[] { i + 1 }, score = 1.0, category = "general" });
        return Json(context, new { query = query["q"].ToString(), number_of_results = 0, results = found, answers = Array.Empty<object>(), corrections = Array.Empty<object>(), infoboxes = Array.Empty<object>(), suggestions = Array.Empty<string>(), unresponsive_engines = new[] { new[] { "google", "timeout" } } });
    });

    /// <summary>Brave Search: as many results a page as are asked for; says whether there are more, and refuses a wrong key.</summary>
    /// <param name="refuse">How many requests are refused as too many before the first is answered.</param>
    public static LoopbackSite AsBrave(this LoopbackSite site, Func<string, IReadOnlyList<(string Url, string Title)>> results, int refuse = 0)
    {
        int refused = 0;
        return site.Others(context =>
        {
            IQueryCollection query = context.Request.Query;
            if (context.Request.Path != "/res/v1/web/search") return Status(context, 404);
            if (context.Request.Headers["X-Subscription-Token"] != Key) return Json(context, new { type = "ErrorResponse", error = new { status = 422, code = "SUBSCRIPTION_TOKEN_INVALID", detail = "The provided subscription token is invalid." } }, 422);
            (context.Response.Headers["X-RateLimit-Limit"], context.Response.Headers["X-RateLimit-Policy"]) = ("1, 2000", "1;w=1, 2000;w=2592000");
            if (refused++ < refuse)
            {
                (context.Response.Headers["X-RateLimit-Remaining"], context.Response.Headers["X-RateLimit-Reset"]) = ("0, 1999", "1, 1419704");
                return Json(context, new { type = "ErrorResponse", error = new { status = 429, code = "RATE_LIMITED", detail = "Request rate limit exceeded for plan." } }, 429);
            }
            int count = int.Parse(query["count"]!, CultureInfo.InvariantCulture), offset = int.Parse(query["offset"]!, CultureInfo.InvariantCulture);
            IReadOnlyList<(string Url, string Title)> all = results(query["q"]!);
            object[] page = [.. all.Skip(offset * count).Take(count).Select(r => new { title = r.Title, url = r.Url, is_source_local = false, description = "…", language = "en", family_friendly = true, meta_url = new { scheme = "https", netloc = "x", hostname = "x", path = "/" } })];
            object query_ = new { original = query["q"].ToString(), more_results_available = all.Count > (offset + 1) * count };
            return page.Length == 0 ? Json(context, new { type = "search", query = query_ }) : Json(context, new { type = "search", query = query_, web = new { type = "search", results = page, family_friendly = true } });
        });
    }

    private static Task Json(HttpContext context, object answer, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(answer));
    }

    private static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}

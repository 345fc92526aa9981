using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Touchstone.Tests.Crawling;

/// <summary>A web site on loopback that a test scripts path by path and that remembers what it was asked.</summary>
public sealed class LoopbackSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, RequestDelegate> _paths = new(StringComparer.Ordinal);

    private RequestDelegate? _others;

    private LoopbackSite(WebApplication app) => _app = app;

    /// <summary>Paths with query in the order of arrival.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The headers of each request, in the same order.</summary>
    public ConcurrentQueue<IDictionary<string, string>> Headers { get; } = new();

    /// <summary>Such as <c>127.0.0.1:43121</c>.</summary>
    public string Host => new Uri(_app.Urls.First()).Authority;

    public string Url(string path) => $"http://{Host}{path}";

    public static async Task<LoopbackSite> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        LoopbackSite site = new(app);
        app.Run(site.AnswerAsync);
        await app.StartAsync();
        return site;
    }

    public LoopbackSite On(string pathAndQuery, RequestDelegate answer)
    {
        _paths[pathAndQuery] = answer;
        return this;
    }

    /// <summary>Answers every path that has no answer of its own.</summary>
    public LoopbackSite Others(RequestDelegate answer)
    {
        _others = answer;
        return this;
    }

    public LoopbackSite Html(string pathAndQuery, string html) => Text(pathAndQuery, html, "text/html; charset=utf-8");

    public LoopbackSite Text(string pathAndQuery, string text, string contentType = "text/plain; charset=utf-8") =>
        On(pathAndQuery, async context =>
        {
            context.Response.ContentType = contentType;
            await context.Response.WriteAsync(text);
        });

    public LoopbackSite Bytes(string pathAndQuery, byte[] body, string contentType, string? encoding = null) =>
        On(pathAndQuery, async context =>
        {
            context.Response.ContentType = contentType;
            if (encoding is not null) context.Response.Headers.ContentEncoding = encoding;
            await context.Response.Body.WriteAsync(body);
        });

    /// <summary>Text under an entity tag: who names the tag is told that nothing changed, and gets no body.</summary>
    public LoopbackSite Tagged(string pathAndQuery, string text, string tag, string contentType = "text/html; charset=utf-8") =>
        On(pathAndQuery, async context =>
        {
            context.Response.Headers.ETag = tag;
            if (context.Request.Headers.IfNoneMatch == tag)
            {
                context.Response.StatusCode = 304;
                return;
            }
            context.Response.ContentType = contentType;
            await context.Response.WriteAsync(text);
        });

    public LoopbackSite Redirect(string pathAndQuery, string target, int status = 302) =>
        On(pathAndQuery, context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = target;
            return Task.CompletedTask;
        });

    public LoopbackSite Status(string pathAndQuery, int status, string? retryAfter = null) =>
        On(pathAndQuery, context =>
        {
            context.Response.StatusCode = status;
            if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        string path = $"{context.Request.Path}{context.Request.QueryString}";
        Requests.Enqueue(path);
        Headers.Enqueue(context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        if (_paths.TryGetValue(path, out RequestDelegate? answer)) return answer(context);
        if (_others is not null) return _others(context);
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    }
}

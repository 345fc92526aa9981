using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Touchstone.Tests.Screening.References;

/// <summary>A site on loopback that answers /a.png with the given bytes and everything else with 404.</summary>
public sealed class PictureSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private PictureSite(byte[] picture)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(x => x.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async context =>
        {
            Interlocked.Increment(ref _requests);
            if (context.Request.Path != "/a.png") context.Response.StatusCode = StatusCodes.Status404NotFound;
            else await context.Response.Body.WriteAsync(picture, context.RequestAborted);
        });
    }

    public string Url => _app.Urls.First();

    public int Requests => _requests;

    public static async Task<PictureSite> StartAsync(byte[] picture)
    {
        PictureSite site = new(picture);
        await site._app.StartAsync(TestContext.Current.CancellationToken);
        return site;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}

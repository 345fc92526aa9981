using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Touchstone.Market.Catalogue;

namespace Touchstone.Market.Shops;

/// <summary>A web server on loopback that plays a shop (or the authority's picture server).</summary>
internal sealed class DemoShop : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _disallowedRequests;

    private DemoShop(WebApplication app) => _app = app;

    /// <summary>The address with a slash at its end.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Requests for pages that the robots rules forbid.</summary>
    public int DisallowedRequests => Volatile.Read(ref _disallowedRequests);

    /// <summary>Starts a server at the port if it is free, else at any.</summary>
    public static async Task<DemoShop> StartAsync(int port, Action<WebApplication> routes, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{(IsFree(port) ? port : 0)}");
        WebApplication app = builder.Build();
        var shop = new DemoShop(app);
        app.Use(shop.CountDisallowed);
        routes(app);
        await app.StartAsync(cancellationToken);
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        shop.Address = new Uri($"{address}/");
        return shop;
    }

    /// <summary>A picture of a listing, or the fault that it is to show.</summary>
    public static IResult Picture(IReadOnlyList<DemoListing> listings, DemoPictures pictures, string name)
    {
        foreach (DemoListing listing in listings)
        {
            for (int i = 0; i < listing.Pictures.Count; i++)
            {
                if (listing.PictureName(i) != name) continue;
                if (listing.Fault == PictureFault.NotServed) return Results.NotFound();
                byte[] jpeg = pictures.Get(listing.Pictures[i]);
                return Results.Bytes(listing.Fault == PictureFault.Damaged ? jpeg[..500] : jpeg, "image/jpeg");
            }
        }
        return Results.NotFound();
    }

    public static IResult Html(string html) => Results.Content(html, "text/html; charset=utf-8");

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    private Task CountDisallowed(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments("/intern", StringComparison.Ordinal)) Interlocked.Increment(ref _disallowedRequests);
        return next(context);
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

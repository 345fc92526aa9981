using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Crawling;

/// <summary>Registers everything of this project: one call, shared by the server, the command line and the tests.</summary>
public static class CrawlingSetup
{
    public static IServiceCollection AddCrawling(this IServiceCollection services, Action<CrawlingOptions>? configure = null)
    {
        CrawlingOptions options = new();
        configure?.Invoke(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(options.Outbound);
        services.AddSingleton(options.Retry);
        services.AddSingleton(p => new OutboundHttp(options.Outbound, p.GetRequiredService<TimeProvider>()));
        return services;
    }
}

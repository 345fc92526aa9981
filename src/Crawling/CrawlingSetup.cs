using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Touchstone.Crawling.Capture;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Politeness;
using Touchstone.Crawling.Rendering;

namespace Touchstone.Crawling;

/// <summary>Registers everything of this project: one call, shared by the server, the command line and the tests.</summary>
public static class CrawlingSetup
{
    /// <summary>
    /// Adds the fetchers, the renderer and the crawler as singletons. The <see cref="Crawler"/> needs an <see cref="IFrontierStore"/>;
    /// a registered <see cref="MandateLookup"/> replaces the mandates of the options, a registered <see cref="IUrlMemory"/> is asked before each fetch, and a registered <see cref="PageReader"/> reads the pages. Throws <see cref="ArgumentException"/> that names every problem of the options.
    /// </summary>
    public static IServiceCollection AddCrawling(this IServiceCollection services, Action<CrawlingOptions>? configure = null)
    {
        CrawlingOptions options = new();
        configure?.Invoke(options);
        string[] problems = [.. options.Outbound.Problems(), .. options.Politeness.Problems()];
        if (problems.Length > 0) throw new ArgumentException(string.Join(' ', problems), nameof(configure));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(options.Outbound);
        services.AddSingleton(options.Politeness);
        services.AddSingleton(options.Rendering);
        services.AddSingleton(options.Retry);
        services.TryAddSingleton<MandateLookup>((host, now, _) => ValueTask.FromResult(options.Politeness.FindMandate(host, now)));
        services.AddSingleton(p => new OutboundHttp(options.Outbound, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<HostGate>();
        services.AddSingleton<RobotsCache>();
        services.AddSingleton<PoliteFetcher>();
        services.AddSingleton(p => new ChromiumRenderer(options.Rendering, p.GetRequiredService<TimeProvider>(), p.GetService<ILogger<ChromiumRenderer>>()));
        services.AddSingleton<PageCapture>();
        services.TryAddSingleton(PageReading.Here);
        services.AddSingleton<Crawler>();
        return services;
    }
}

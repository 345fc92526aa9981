using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening.Storage;

namespace Touchstone.Screening.Finding;

/// <summary>Registers the finding of shops. A registered <see cref="SecretProtection"/> keeps the services' keys.</summary>
internal static class FindingSetup
{
    public static void AddFinding(this IServiceCollection services)
    {
        services.AddSingleton(p => new SearchProviders(p.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), p.GetRequiredService<OutboundHttp>(), p.GetRequiredService<TimeProvider>(), p.GetService<SecretProtection>()));
        services.AddSingleton<ShopFinder>();
        services.AddSingleton<FindingRunner>();
    }
}

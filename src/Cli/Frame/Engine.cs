using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Crawling;
using Touchstone.Screening;
using Touchstone.Screening.Storage;

namespace Touchstone.Cli.Frame;

/// <summary>The whole core for one command: storage, crawling, vision and screening in one installation.</summary>
public static class Engine
{
    /// <summary>Opens the installation, making it where there is none.</summary>
    /// <exception cref="CommandFailedException">This account may not write there.</exception>
    public static async Task<ServiceProvider> OpenAsync(CommandContext context, StorageOptions storage, Action<CrawlingOptions>? crawling, CancellationToken cancellationToken)
    {
        InstallationFolder.Prepare(storage.DataFolder);
        var services = new ServiceCollection();
        services.AddLogging(builder => CommandContext.ConfigureLogs(builder, context.LeastLogLevel));
        services.AddScreening(storage, crawling: crawling);
        ServiceProvider provider = services.BuildServiceProvider();
        await StorageSetup.MigrateAsync(provider.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), cancellationToken);
        return provider;
    }
}

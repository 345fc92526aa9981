using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Screening.Storage;

namespace Touchstone.Cli.Frame;

/// <summary>Opens the installation that a command works on.</summary>
public static class Installation
{
    /// <summary>Who acts where a command changes something: the account of the operating system.</summary>
    public static string Actor => $"cli:{Environment.UserName}";

    /// <summary>Where the installation in the command's data folder keeps its state, for a command that makes none.</summary>
    /// <exception cref="CommandFailedException">There is no installation in that folder.</exception>
    public static StorageOptions Existing(CommandContext context)
    {
        StorageOptions options = context.Storage;
        if (options.Provider != DatabaseProvider.Sqlite || File.Exists(options.DatabaseFile)) return options;
        throw new CommandFailedException($"There is no installation in {options.DataFolder}; name its folder with --data DIR, or begin one there with touchstone references import.");
    }

    /// <summary>The storage of the installation in the command's data folder, brought up to date.</summary>
    /// <exception cref="CommandFailedException">There is no installation in that folder.</exception>
    public static async Task<ServiceProvider> OpenAsync(CommandContext context, CancellationToken cancellationToken)
    {
        StorageOptions options = Existing(context);
        ServiceProvider services = new ServiceCollection().AddStorage(options).BuildServiceProvider();
        await StorageSetup.MigrateAsync(services.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), cancellationToken);
        return services;
    }
}

using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Cli.Frame;
using Touchstone.Screening.Retention;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone retention</c>: applies the retention rules, or shows what they would delete.</summary>
public static class RetentionCommand
{
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Delete nothing; show what would go now" };

    public static Command Create() => new Command("retention", "Deletes what need not be kept any longer, by the rule of each table; a server does so by itself") { DryRun }.OnInstallation().Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        RetentionOptions options = OptionsOf(context);
        await using ServiceProvider services = await Installation.OpenAsync(context, cancellationToken);
        var job = new RetentionJob(services.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), services.GetRequiredService<IBlobStore>(), options, context.Clock);
        bool dryRun = context.Arguments.GetValue(DryRun);
        IReadOnlyList<RetentionLine> lines = await job.RunAsync(dryRun, cancellationToken);
        if (context.Json)
        {
            foreach (RetentionLine line in lines) context.WriteJson(line);
            return ExitCode.Done;
        }
        context.Output.WriteLine($"{(dryRun ? "would go" : "deleted"),10}  {"table",-22}  kept");
        foreach (RetentionLine line in lines) context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{line.Rows,10:N0}  {line.Table,-22}  {line.Kept}. {line.Why}"));
        return ExitCode.Done;
    }

    /// <summary>The options of the server: <c>Retention</c> in <c>appsettings.json</c> of the installation's folder, and in the environment.</summary>
    private static RetentionOptions OptionsOf(CommandContext context)
    {
        RetentionOptions options;
        try
        {
            IConfiguration settings = new ConfigurationBuilder().AddJsonFile(Path.Combine(context.DataFolder, "appsettings.json"), optional: true).AddEnvironmentVariables().Build();
            options = settings.GetSection("Retention").Get<RetentionOptions>(x => x.ErrorOnUnknownConfiguration = true) ?? new RetentionOptions();
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            throw new CommandFailedException($"The settings cannot be read: {e.Message} {e.InnerException?.Message}".TrimEnd(), ExitCode.Usage, e);
        }
        return options.Problems().ToArray() is { Length: > 0 } problems ? throw new CommandFailedException(string.Join(Environment.NewLine, problems), ExitCode.Usage) : options;
    }
}

using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Cli.Frame;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone audit</c>: checks the audit log and exports the decisions in it.</summary>
public static class AuditCommand
{
    private static readonly Option<DateTimeOffset?> From = new("--from") { Description = "The first instant, such as 2026-01-01T00:00Z", HelpName = "INSTANT" };
    private static readonly Option<DateTimeOffset?> Until = new("--until") { Description = "The instant after the last", HelpName = "INSTANT" };

    public static Command Create() => new Command("audit", "Checks the audit log and exports the decisions in it")
    {
        new Command("verify", "Reads the whole log and finds the first entry that was changed").Runs(VerifyAsync),
        new Command("decisions", "Prints the decision log as CSV") { From, Until }.Runs(DecisionsAsync),
    }.OnInstallation();

    private static async Task<int> VerifyAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = await Installation.OpenAsync(context, cancellationToken);
        await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);
        AuditVerification found = await AuditLog.VerifyAsync(db, cancellationToken);
        if (context.Json) context.WriteJson(found);
        else if (found.Whole) context.Output.WriteLine($"whole: {found.Entries} entries, the newest {found.Head}");
        else context.Output.WriteLine($"broken at entry {found.BrokenId}: {found.Problem}");
        return found.Whole ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<int> DecisionsAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = await Installation.OpenAsync(context, cancellationToken);
        await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);
        await DecisionLog.WriteCsvAsync(db, context.Output, context.Arguments.GetValue(From), context.Arguments.GetValue(Until), cancellationToken);
        return ExitCode.Done;
    }
}

using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Cli.Frame;
using Touchstone.Screening;
using Touchstone.Screening.Retention;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone erase SHA256 --reason TEXT</c>: erases a picture or a page on request.</summary>
public static class EraseCommand
{
    private static readonly Argument<string> Sha256 = new("SHA256") { Description = "The hash of a stored picture, page or body" };
    private static readonly Option<string> Reason = new("--reason") { Description = "Who asked for it, and by which right; kept in the audit log and told in evidence", HelpName = "TEXT", Required = true };

    public static Command Create() => new Command("erase", "Erases a picture or a page on request: the bytes go for good, the hash and the audit log stay") { Sha256, Reason }.OnInstallation().Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = await Installation.OpenAsync(context, cancellationToken);
        await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);
        var verb = new Erase(context.Arguments.GetValue(Sha256)!, context.Arguments.GetValue(Reason)!);
        VerbOutcome<ErasureRow> outcome = await verb.RunAsync(new VerbContext(db, Installation.Actor, context.Clock), services.GetRequiredService<IBlobStore>(), cancellationToken);
        if (outcome.Value is not { } erasure) throw new CommandFailedException(outcome.Detail!, outcome.Refusal == Refusal.Invalid ? ExitCode.Usage : ExitCode.Failed);
        if (context.Json) context.WriteJson(erasure);
        else context.Output.WriteLine($"{erasure.Sha256}: {ErasedBlobs.Say(erasure)}");
        return ExitCode.Done;
    }
}

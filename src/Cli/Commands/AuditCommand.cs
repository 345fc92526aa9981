using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Cli.Frame;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone audit</c>: checks the audit log, hands its signed head out, and exports the decisions in it.</summary>
public static class AuditCommand
{
    private static readonly Option<DateTimeOffset?> From = new("--from") { Description = "The first instant, such as 2026-01-01T00:00Z", HelpName = "INSTANT" };
    private static readonly Option<DateTimeOffset?> Until = new("--until") { Description = "The instant after the last", HelpName = "INSTANT" };

    private static readonly Option<string?> Head = new("--head") { Description = "A head that was handed out: says also whether entries were cut off since, or the log exchanged", HelpName = "FILE" };

    private static readonly Option<bool> Lines = new("--lines") { Description = "JSON lines with the whole chain of the time and a signed end, instead of CSV" };
    private static readonly Argument<FileInfo> File = new("FILE") { Description = "A file that `audit decisions --lines` or the console's audit page wrote" };

    public static Command Create() => new Command("audit", "Checks the audit log, hands its signed head out, and exports the decisions in it")
    {
        new Command("verify", "Reads the whole log and finds the first entry that was changed") { Head }.Runs(VerifyAsync),
        new Command("head", "Prints the signed head of the log as JSON; keep it where this installation's administrators cannot reach it") { TimestampChoice.Authority, OutboundChoice.AllowHost }.Runs(HandOutAsync),
        new Command("decisions", "Prints the decision log: who decided what, when and why, and on which match; recorded") { Lines, From, Until }.Runs(DecisionsAsync),
        new Command("check", "Checks a decision log in JSON lines, by the file alone: its chain, its head and its signature") { File }.Runs(CheckAsync),
    }.OnInstallation();

    private static async Task<int> VerifyAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = await Installation.OpenAsync(context, cancellationToken);
        await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);
        AuditHead? head = await ReadHeadAsync(context.Arguments.GetValue(Head), cancellationToken);
        if (head?.Problem(await SigningKey.FindPublicKeyAsync(db, cancellationToken)) is { } problem) throw new CommandFailedException(problem);
        AuditVerification found = await AuditLog.VerifyAsync(db, head, cancellationToken);
        ReadStamp? stamp = head?.Timestamp is null ? null : TimestampAuthority.Read(head.Timestamp, Convert.FromBase64String(head.Signature));
        if (context.Json) context.WriteJson(new { found.Entries, found.Head, found.BrokenId, found.Problem, found.Whole, HandedOut = head?.At, Stamp = stamp });
        else if (found.Whole) context.Output.WriteLine($"whole: {found.Entries} entries, the newest {found.Head}{Since(head, stamp)}");
        else context.Output.WriteLine(found.BrokenId is { } at ? $"broken at entry {at}: {found.Problem}" : $"broken: {found.Problem}");
        return found.Whole ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Since(AuditHead? head, ReadStamp? stamp) => head is null ? ""
        : string.Create(CultureInfo.InvariantCulture, $"; it holds all {head.Entries} entries of {head.At:yyyy-MM-dd HH:mm:ss} UTC{(stamp is null ? "" : $", time-stamped {stamp.At:yyyy-MM-dd HH:mm:ss} UTC by {stamp.Signer}, if you trust them")}");

    private static async Task<AuditHead?> ReadHeadAsync(string? file, CancellationToken cancellationToken)
    {
        if (file is null) return null;
        try
        {
            return JsonSerializer.Deserialize<AuditHead>(await System.IO.File.ReadAllTextAsync(file, cancellationToken), JsonOutput.Options) ?? throw new CommandFailedException($"{file} holds no head of an audit log.", ExitCode.Usage);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CommandFailedException($"{file} could not be read as the head of an audit log: {e.Message}", ExitCode.Usage, e);
        }
    }

    private static async Task<int> HandOutAsync(CommandContext context, CancellationToken cancellationToken)
    {
        using TimestampAuthority? authority = TimestampChoice.Of(context);
        await using ServiceProvider services = await Installation.OpenAsync(context, cancellationToken);
        await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);
        VerbOutcome<AuditHead> outcome = await new HandOutHead(authority).RunAsync(new VerbContext(db, Installation.Actor, context.Clock), cancellationToken);
        if (!outcome.Done) throw new CommandFailedException(outcome.Detail!);
        context.WriteJson(outcome.Value!);
        return ExitCode.Done;
    }

    private static async Task<int> DecisionsAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = await Installation.OpenAsync(context, cancellationToken);
        await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);
var verb = new ExportDecisions(context.Arguments.GetValue(Lines) ? DecisionFormat.JsonLines : DecisionFormat.Csv, context.Arguments.GetValue(From), context.Arguments.GetValue(Until));
        await verb.RunAsync(new VerbContext(db, Installation.Actor, context.Clock), context.Output, cancellationToken);
        return ExitCode.Done;
    }

    private static async Task<int> CheckAsync(CommandContext context, CancellationToken cancellationToken)
    {
        FileInfo file = context.Arguments.GetValue(File)!;
        DecisionLogCheck found;
        try
        {
            using StreamReader reader = file.OpenText();
            found = await DecisionLogCheck.ReadAsync(reader, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{file} could not be read: {e.Message}", ExitCode.Usage, e);
        }
        if (context.Json) context.WriteJson(found);
        else if (found.Whole) context.Output.WriteLine($"whole: {found.Entries} entries, {found.Decisions} of them decisions, signed by the key {found.Key}, if you trust it");
        else context.Output.WriteLine(found.BrokenId is { } at ? $"broken at entry {at}: {found.Problem}" : $"broken: {found.Problem}");
        return found.Whole ? ExitCode.Done : ExitCode.Failed;
    }
}

using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Cli.Frame;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening;
using Touchstone.Screening.Evidence;
using Touchstone.Screening.Storage;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone evidence CASE --out FILE</c>: hands the evidence of a case out as a ZIP; <c>touchstone evidence verify FILE</c> says whether one is still as it was.</summary>
public static class EvidenceCommand
{
    private static readonly Argument<long> Case = new("CASE") { Description = "The case's number" };
    private static readonly Argument<string> Bundle = new("FILE") { Description = "The ZIP file" };
    private static readonly Option<string> Out = new("--out") { Description = "The ZIP file to write; must not exist yet", HelpName = "FILE", Required = true };

    public static Command Create() => new Command("evidence", "Hands the evidence of a case out as a ZIP; the audit log keeps its hash")
    {
        Case, Out, new Command("verify", "Says whether a ZIP is as it was handed out, to the byte; with an installation also whether that handed it out") { Bundle }.Runs(VerifyAsync),
    }.OnInstallation().Runs(ExportAsync);

    private static async Task<int> VerifyAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string file = context.Arguments.GetValue(Bundle)!;
        byte[] bytes;
        try
        {
            bytes = await File.ReadAllBytesAsync(file, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{file} cannot be read: {failure.Message}", ExitCode.Usage, failure);
        }
        StorageOptions storage = context.Storage;
        EvidenceVerification found;
        if (storage.Provider == DatabaseProvider.PostgreSql || File.Exists(storage.DatabaseFile))
        {
            await using ServiceProvider services = await Installation.OpenAsync(context, cancellationToken);
            await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);
            found = await EvidenceCheck.RunAsync(bytes, db, cancellationToken);
        }
        else
        {
            // Whoever was handed the bundle has no installation.
            found = await EvidenceCheck.RunAsync(bytes, null, cancellationToken);
        }
        if (context.Json) context.WriteJson(found);
        else if (found.Whole) context.Output.WriteLine($"whole: {found.Parts} parts, sealed by the key {found.SealedBy}{(found.Recorded == true ? ", as the audit log says" : "; the System page of the installation names its key")}");
        else context.Output.WriteLine($"not as it was handed out: {found.Problem}");
        return found.Whole ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<int> ExportAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string file = Path.GetFullPath(context.Arguments.GetValue(Out)!);
        if (File.Exists(file)) throw new CommandFailedException($"{file} exists already; name another file.", ExitCode.Usage);
        await using ServiceProvider services = await Installation.OpenAsync(context, cancellationToken);
        await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);

        // Only a whole bundle gets the wanted name.
        string unfinished = $"{file}.part";
        try
        {
            VerbOutcome<ExportedEvidence> outcome;
            await using (FileStream output = OpenNew(unfinished))
                outcome = await new ExportEvidence(context.Arguments.GetValue(Case)).RunAsync(new VerbContext(db, Installation.Actor, context.Clock), services.GetRequiredService<IBlobStore>(), output, cancellationToken);
            if (!outcome.Done) throw new CommandFailedException(outcome.Detail!);
            File.Move(unfinished, file);
            Print(context, file, outcome.Value!);
            return ExitCode.Done;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static FileStream OpenNew(string path)
    {
        try
        {
            return new(path, FileMode.Create, FileAccess.Write, FileShare.None);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{path} cannot be written: {failure.Message}", ExitCode.Failed, failure);
        }
    }

    private static void Print(CommandContext context, string file, ExportedEvidence exported)
    {
        if (context.Json)
        {
            context.WriteJson(new { file, exported.Sha256, parts = exported.Manifest.Parts.Count, exported.Manifest.Missing, exported.Manifest.AuditHead });
            return;
        }
        context.Output.WriteLine($"{file}: {exported.Manifest.Parts.Count} parts, SHA-256 {exported.Sha256}");
        foreach (MissingEvidence missing in exported.Manifest.Missing) context.Output.WriteLine($"missing {missing.Sha256}: {missing.Why}");
    }
}

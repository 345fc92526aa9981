using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Cli.Frame;
using Touchstone.Crawling;
using Touchstone.Crawling.Capture;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Politeness;
using Touchstone.Crawling.Rendering;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Searches;
using Touchstone.Server.Assets;
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

    private static readonly Option<string?> Authorities = new("--ca") { Description = "Certificates (PEM) that vouch for the time-stamping authority; without them it is only said who stamped", HelpName = "FILE" };

    public static Command Create() => new Command("evidence", "Hands the evidence of a case out as a ZIP and keeps it; the audit log keeps its hash")
    {
        Case, Out, TimestampChoice.Authority, OutboundChoice.AllowHost, OutboundChoice.Contact,
        new Command("verify", "Says whether a ZIP is as it was handed out and names the first bytes that are not, without a connection; with an installation also whether that handed it out") { Bundle, Authorities }.Runs(VerifyAsync),
    }.OnInstallation().Runs(ExportAsync);

    private static async Task<int> VerifyAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string file = context.Arguments.GetValue(Bundle)!;
        await using FileStream bundle = OpenRead(file);
        X509Certificate2Collection? authorities = ReadAuthorities(context.Arguments.GetValue(Authorities));
        StorageOptions storage = context.Storage;
        EvidenceVerification found;
        if (storage.Provider == DatabaseProvider.PostgreSql || File.Exists(storage.DatabaseFile))
        {
            await using ServiceProvider services = await Installation.OpenAsync(context, cancellationToken);
            await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);
            found = await EvidenceCheck.RunAsync(bundle, db, authorities, cancellationToken);
        }
        else
        {
            // Whoever was handed the bundle has no installation.
            found = await EvidenceCheck.RunAsync(bundle, null, authorities, cancellationToken);
        }
        if (context.Json) context.WriteJson(found);
        else if (found.Whole) context.Output.WriteLine($"whole: {found.Parts} parts, sealed by the key {found.SealedBy}{(found.Recorded == true ? ", as the audit log says" : "; the System page of the installation names its key")}{Stamp(found)}");
        else context.Output.WriteLine($"not as it was handed out: {found.Problem}{(found.Range is null ? "" : $" The first that do not hold: {found.Range}{(found.RangePart is null ? "" : $", in {found.RangePart}")}.")}");
        return found.Whole ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Stamp(EvidenceVerification found) => found.StampedAt is not { } at
        ? "; no authority stamped it, its time is the installation's own"
        : string.Create(CultureInfo.InvariantCulture, $"; time-stamped {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC by {found.StampedBy}{(found.StampTrusted == true ? ", for whom the given certificates vouch" : ", if you trust them")}");

    private static X509Certificate2Collection? ReadAuthorities(string? file)
    {
        if (file is null) return null;
        var read = new X509Certificate2Collection();
        try
        {
            read.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandFailedException($"{file} cannot be read as certificates: {e.Message}", ExitCode.Usage, e);
        }
        return read.Count > 0 ? read : throw new CommandFailedException($"{file} holds no certificate.", ExitCode.Usage);
    }

    /// <summary>Fetches shops' pages anew, as politely as the server does, and shares its turns at their hosts.</summary>
    private static ServiceProvider OpenTools(CommandContext context) => new ServiceCollection().AddLogging().AddSingleton(context.Clock).AddStorage(context.Storage).AddCrawling(x => OutboundChoice.Apply(context, x))
        .AddSingleton<IUrlMemory, UrlMemory>().AddSingleton<IHostLeases>(p => new HostLeases(p.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), context.Clock, $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}"))
        .BuildServiceProvider();

    private static async Task<int> ExportAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string file = Path.GetFullPath(context.Arguments.GetValue(Out)!);
        if (File.Exists(file)) throw new CommandFailedException($"{file} exists already; name another file.", ExitCode.Usage);
        await using ServiceProvider services = await Installation.OpenAsync(context, cancellationToken);
        await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);

        await using ServiceProvider crawling = OpenTools(context);
        using TimestampAuthority? authority = TimestampChoice.Of(context);
        var tools = new EvidenceTools
        {
            Pages = crawling.GetRequiredService<PageCapture>(),
            Printer = crawling.GetRequiredService<ChromiumRenderer>(),
            Authority = authority,
            Requests = crawling.GetRequiredService<CrawlingOptions>(),
            Typeface = EmbeddedAssets.TypefaceAsData(),
        };
        // Only a whole bundle gets the wanted name; what a run that was killed left is written over.
        string unfinished = $"{file}.part";
        await using FileStream output = OpenNew(unfinished);
        try
        {
            IBlobStore blobs = services.GetRequiredService<IBlobStore>();
            VerbOutcome<ExportedEvidence> outcome = await new ExportEvidence(context.Arguments.GetValue(Case), tools).RunAsync(new VerbContext(db, Installation.Actor, context.Clock), blobs, cancellationToken);
            if (!outcome.Done) throw new CommandFailedException(outcome.Detail!);
            await using (FileStream bundle = await blobs.OpenAsync(outcome.Value!.Sha256, cancellationToken) ?? throw new CommandFailedException("The bundle was erased on request meanwhile."))
                await bundle.CopyToAsync(output, cancellationToken);
            await output.DisposeAsync();
            File.Move(unfinished, file);
            Print(context, file, outcome.Value!);
            return ExitCode.Done;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static FileStream OpenRead(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{path} cannot be read: {failure.Message}", ExitCode.Usage, failure);
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
            context.WriteJson(new { file, exported.Sha256, parts = exported.Manifest.Parts.Count, exported.Manifest.Missing, exported.Manifest.Absent, exported.Manifest.AuditHead });
            return;
        }
        context.Output.WriteLine($"{file}: {exported.Manifest.Parts.Count} parts, SHA-256 {exported.Sha256}");
        foreach (MissingEvidence missing in exported.Manifest.Missing) context.Output.WriteLine($"missing {missing.Sha256}: {missing.Why}");
        foreach (AbsentEvidence absent in exported.Manifest.Absent) context.Output.WriteLine($"absent {absent.Path}: {absent.Why}");
    }
}

using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Touchstone.Cli.Frame;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening;
using Touchstone.Screening.References;
using Touchstone.Screening.References.Registers;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.Isolation;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone references</c>: takes registers in and looks at what they hold.</summary>
public static class ReferencesCommand
{
    private static readonly Argument<string> From = new("PATH") { Description = "A file, a folder or a .zip archive" };
    private static readonly Argument<long> Id = new("ID") { Description = "The reference's number" };
    private static readonly Argument<string?> Words = new("WORDS") { Description = "Words that all occur in title, brand, model, category, holder or an identifier", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string> RegisterNamed = new("--register") { Description = "The register's name, such as safety-gate", HelpName = "NAME", Required = true };
    private static readonly Option<string?> OfRegister = new("--register") { Description = "Only of this register", HelpName = "NAME" };
    private static readonly Option<string?> Format = new("--format") { Description = $"How PATH is read [default: told from the content]: {string.Join(", ", RegisterFormats.All.Select(x => x.Format))}", HelpName = "FORMAT" };
    private static readonly Option<ReferenceKind?> Kind = new("--kind") { Description = "What the references are" };
    private static readonly Option<string?> Source = new("--source") { Description = "Where the register comes from, for people", HelpName = "TEXT" };
    private static readonly Option<string?> Licence = new("--licence") { Description = "The register's licence", HelpName = "TEXT" };
    private static readonly Option<bool> NoPictures = new("--no-pictures") { Description = "Download no pictures now; a later import does" };
    private static readonly Option<int?> Latest = new("--latest") { Description = "Of a list of reports, follow the latest N", HelpName = "N" };
    private static readonly Option<string[]> AllowHost = new("--allow-host") { Description = "A host with an internal address that may be fetched; may be given several times", HelpName = "HOST" };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why, for people", HelpName = "TEXT", Required = true };
    private static readonly Option<bool> Retired = new("--retired") { Description = "The retired ones" };
    private static readonly Option<int> Take = new("--take") { Description = "How many, 1 to 500", DefaultValueFactory = _ => 50, HelpName = "N" };
    private static readonly Option<long?> Before = new("--before") { Description = "Go on behind the reference of this number", HelpName = "ID" };

    public static Command Create() => new Command("references", "Takes registers in and looks at what they hold")
    {
        new Command("import", "Takes a register in; doing it again changes nothing") { From, RegisterNamed, Format, Kind, Source, Licence, NoPictures, Latest, AllowHost }.Runs(ImportAsync),
        new Command("list", "Lists references, the newest first") { Words, OfRegister, Kind, Retired, Take, Before }.Runs(ListAsync),
        new Command("show", "Shows one reference") { Id }.Runs(ShowAsync),
        new Command("retire", "Takes a reference out of force; it stays with its history") { Id, Reason }.Runs(RetireAsync),
    }.OnInstallation();

    private static async Task<int> ImportAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = await CreateOrOpenAsync(context, cancellationToken);
        OutboundOptions outbound = new();
        foreach (string host in context.Arguments.GetValue(AllowHost) ?? []) outbound.AllowedInternalHosts.Add(host);
        using OutboundHttp http = new(outbound, context.Clock);
        ReferenceImport import = new(services.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), services.GetRequiredService<IBlobStore>(), new ImageDecoder(IsolatedProcesses.Shared), http, context.Clock);
        ImportRequest request = new()
        {
            Path = context.Arguments.GetValue(From)!,
            Register = context.Arguments.GetValue(RegisterNamed)!,
            Actor = Installation.Actor,
            Format = context.Arguments.GetValue(Format),
            Kind = context.Arguments.GetValue(Kind),
            Source = context.Arguments.GetValue(Source),
            Licence = context.Arguments.GetValue(Licence),
            DownloadPictures = !context.Arguments.GetValue(NoPictures),
            LatestDocuments = context.Arguments.GetValue(Latest),
        };
        ImportReport report;
        try
        {
            report = await WithProgressAsync(context, x => import.RunAsync(request, x, cancellationToken));
        }
        catch (FormatNotReadException e)
        {
            throw new CommandFailedException($"{e.Message} The formats are:\n{RegisterFormats.Describe()}", ExitCode.Usage, e);
        }
        catch (Exception e) when (e is ArgumentException or InvalidDataException)
        {
            throw new CommandFailedException(WithoutParameter(e), ExitCode.Usage, e);
        }
        if (context.Json) context.WriteJson(report);
        else Print(context, report);
        return ExitCode.Done;
    }

    private static async Task<int> ListAsync(CommandContext context, CancellationToken cancellationToken)
    {
        int take = context.Arguments.GetValue(Take);
        if (take is < 1 or > Page<ReferenceRow>.MostItems) throw new CommandFailedException($"--take {take} is not within 1 and {Page<ReferenceRow>.MostItems}.", ExitCode.Usage);
        await using ServiceProvider services = await Installation.OpenAsync(context, cancellationToken);
        await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);
        ReferenceFilter filter = new(context.Arguments.GetValue(Words), context.Arguments.GetValue(OfRegister), context.Arguments.GetValue(Kind), context.Arguments.GetValue(Retired));
        Page<ReferenceRow> page = await ReferenceQueries.ListAsync(db, filter, context.Arguments.GetValue(Before), take, cancellationToken);
        foreach (ReferenceRow row in page.Items)
        {
            if (context.Json) context.WriteJson(Summary(row));
            else context.Output.WriteLine($"{row.Id,8}  {row.Register!.Name}  {row.ExternalId}  {row.Kind}  {row.Title}{(row.Brand is null ? "" : $" ({row.Brand})")}");
        }
        if (page.Next is { } next && !context.Json) context.People.MarkupLineInterpolated($"[grey]more: --before {next}[/]");
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(CommandContext context, CancellationToken cancellationToken)
    {
        long id = context.Arguments.GetValue(Id);
        await using ServiceProvider services = await Installation.OpenAsync(context, cancellationToken);
        await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);
        ReferenceRow row = await ReferenceQueries.FindAsync(db, id, cancellationToken) ?? throw new CommandFailedException($"There is no reference {id}; 'touchstone references list' names them.");
        if (context.Json) context.WriteJson(Details(row));
        else foreach ((string name, string? value) in Facts(row)) if (value is not null) context.Output.WriteLine($"{name,-16} {value.Replace("\n", "\n" + new string(' ', 17), StringComparison.Ordinal)}");
        return ExitCode.Done;
    }

    private static async Task<int> RetireAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = await Installation.OpenAsync(context, cancellationToken);
        await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);
        VerbOutcome<ReferenceRow> outcome = await new RetireReference(context.Arguments.GetValue(Id), context.Arguments.GetValue(Reason)!)
            .RunAsync(new VerbContext(db, Installation.Actor, context.Clock), cancellationToken);
        if (!outcome.Done) throw new CommandFailedException(outcome.Detail!);
        if (context.Json) context.WriteJson(new { outcome.Value!.Id, outcome.Value.ExternalId, outcome.Value.RetiredAt, outcome.Value.RetiredReason });
        else context.Output.WriteLine($"Reference {outcome.Value!.Id} ({outcome.Value.ExternalId}) is retired.");
        return ExitCode.Done;
    }

    /// <summary>An import is what begins an installation, so it makes the one that is not there yet.</summary>
    private static async Task<ServiceProvider> CreateOrOpenAsync(CommandContext context, CancellationToken cancellationToken)
    {
        InstallationFolder.Prepare(context.DataFolder);
        ServiceProvider services = new ServiceCollection().AddStorage(context.Storage).BuildServiceProvider();
        await StorageSetup.MigrateAsync(services.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), cancellationToken);
        return services;
    }

    private static Task<ImportReport> WithProgressAsync(CommandContext context, Func<IProgress<ImportProgress>?, Task<ImportReport>> run) =>
        context.People.Profile.Capabilities.Interactive
            ? context.People.Status().StartAsync("Reading", status => run(new Progress<ImportProgress>(x =>
                status.Status($"{Markup.Escape(x.Current)}: {x.Read} read, {x.Added} added, {x.Changed} changed, {x.Rejected} rejected, {x.PicturesStored} pictures"))))
            : run(null);

    private static void Print(CommandContext context, ImportReport report)
    {
        context.Output.WriteLine($"{report.Register} ({string.Join(", ", report.Formats)}): {report.Read} read, {report.Added} added, {report.Changed} changed, {report.Unchanged} unchanged ({report.Repeated} repeated), {report.Rejected} rejected");
        PictureCounts pictures = report.Pictures;
        context.Output.WriteLine($"pictures: {pictures.Total}, {pictures.Stored} stored, {pictures.AlreadyStored} stored before, {pictures.Failed} failed, {pictures.Pending} pending");
        foreach ((string reason, int count) in pictures.Failures) context.Output.WriteLine($"  {count} × {reason}");
        foreach (Rejection rejection in report.Rejections) context.Output.WriteLine($"rejected {rejection.Row}: {rejection.Reason}");
        if (report.WrongNumbers > 0) context.Output.WriteLine($"{report.WrongNumbers} trade numbers have a wrong length or check digit; they are kept, and no offer is found by them:");
        foreach (WrongNumber wrong in report.FirstWrongNumbers) context.Output.WriteLine($"  {wrong.Row}: {wrong.Number}");
        foreach (string file in report.IgnoredFiles) context.Output.WriteLine($"ignored {file}: in no format that is read");
    }

    private static object Summary(ReferenceRow row) => new
    {
        row.Id, Register = row.Register!.Name, row.ExternalId, row.Kind, row.Title, row.Brand, row.Model, row.Category, row.PublishedOn, row.ExpiresOn, row.RetiredAt,
        Pictures = row.Images.Count(x => x.ImageSha256 is not null),
    };

    private static object Details(ReferenceRow row) => new
    {
        row.Id, Register = row.Register!.Name, row.ExternalId, row.Kind, row.Title, row.Brand, row.Model, row.Category, row.Description, Classes = row.Classes?.Split('\n'), row.RiskLevel,
        row.Danger, row.Measures, row.NotifyingCountry, row.CountryOfOrigin, Territory = row.Territory?.Split('\n'), row.ExpiresOn, row.RightHolder, row.RightHolderContact, row.OnlineTrader,
        row.SourceUrl, row.RecallUrl, row.PublishedOn, ProductionDates = row.ProductionDates?.Split('\n'), row.ImportedAt, row.UpdatedAt, row.RetiredAt, row.RetiredReason,
        Identifiers = row.Identifiers.Select(x => new { x.Scheme, x.Value, x.Valid }),
        Pictures = row.Images.Select(x => new { x.Position, x.SourceUrl, x.ImageSha256, x.Failure }),
        row.RawPayload,
    };

    private static IEnumerable<(string Name, string? Value)> Facts(ReferenceRow row) =>
    [
        ("reference", $"{row.Id}, {row.Register!.Name} {row.ExternalId}"), ("kind", row.Kind.ToString()), ("title", row.Title), ("brand", row.Brand), ("model", row.Model), ("category", row.Category),
        ("description", row.Description), ("classes", row.Classes), ("risk level", row.RiskLevel), ("danger", row.Danger), ("measures", row.Measures), ("notified by", row.NotifyingCountry),
        ("made in", row.CountryOfOrigin), ("territory", row.Territory), ("expires", row.ExpiresOn?.ToString("O", CultureInfo.InvariantCulture)), ("right holder", row.RightHolder),
        ("contact", row.RightHolderContact), ("marketplace", row.OnlineTrader), ("source", row.SourceUrl), ("recall", row.RecallUrl), ("published", row.PublishedOn?.ToString("O", CultureInfo.InvariantCulture)),
        ("produced", row.ProductionDates), ("retired", row.RetiredAt is null ? null : $"{row.RetiredAt:yyyy-MM-dd}: {row.RetiredReason}"),
        ("identifiers", row.Identifiers.Count == 0 ? null : string.Join('\n', row.Identifiers.Select(x => $"{x.Scheme} {x.Value}{(x.Valid ? "" : " (wrong check digit or length)")}"))),
        ("pictures", row.Images.Count == 0 ? null : string.Join('\n', row.Images.Select(x => x.ImageSha256 ?? $"{x.SourceUrl}: {x.Failure ?? "pending"}"))),
    ];

    private static string WithoutParameter(Exception e) => e is ArgumentException { ParamName: { } name } ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : e.Message;
}

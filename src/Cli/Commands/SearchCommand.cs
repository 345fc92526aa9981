using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Touchstone.Cli.Frame;
using Touchstone.Cli.Searching;
using Touchstone.Screening.Features;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone search</c>: crawls shops and prints the listings that show a reference.</summary>
public static class SearchCommand
{
    private static readonly Option<string[]> Shop = new("--shop") { Description = "A shop's start URL; may be given several times", HelpName = "URL", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> Shops = new("--shops") { Description = "A CSV file of shops; rows that are not taken are named with the reason", HelpName = "FILE" };
    private static readonly Option<string?> Image = new("--image") { Description = "Only listings that show what this picture shows", HelpName = "FILE" };
    private static readonly Option<string?> Terms = new("--terms") { Description = "Only listings whose text has these words; alternatives are separated by commas", HelpName = "WORDS" };
    private static readonly Option<string?> Alert = new("--alert") { Description = "Only listings that show this reference: its number, or its id in its register", HelpName = "ID" };
    private static readonly Option<int> Pages = new("--pages") { Description = "Most pages per shop, 1 to 100,000", DefaultValueFactory = _ => 2_000, HelpName = "N" };

    public static Command Create() => new Command("search", "Crawls shops and prints the listings that show a reference; without --image, --alert and --terms every reference counts")
    {
        Shop, Shops, Image, Terms, Alert, Pages, OutboundChoice.AllowHost, OutboundChoice.Contact,
    }.OnInstallation().Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        StorageOptions storage = Installation.Existing(context);
        IReadOnlyList<string> shops = await ShopsAsync(context, cancellationToken);
        OutboundChoice.AskContact(context, [.. shops]);
        await using ServiceProvider services = await Engine.OpenAsync(context, storage, x => OutboundChoice.Apply(context, x), cancellationToken);
        var request = new CreateSearch.Request(
            null,
            shops,
            await ReferenceAsync(context, services, cancellationToken),
            await PictureAsync(context, services, cancellationToken),
            context.Arguments.GetValue(Terms),
            context.Arguments.GetValue(Pages));
        SearchReport report = await SearchExecution.RunAsync(context, services, request, cancellationToken);
        if (context.Json) context.WriteJson(report);
        else SearchExecution.Print(context, report);
        return report.Error is null ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>The shops that are named, and those of the list.</summary>
    private static async Task<IReadOnlyList<string>> ShopsAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string[] named = context.Arguments.GetValue(Shop) ?? [];
        if (context.Arguments.GetValue(Shops) is not { Length: > 0 } file) return named.Length > 0 ? named : throw new CommandFailedException("Name a shop with --shop, or a list of shops with --shops.", ExitCode.Usage);
        if (!File.Exists(file)) throw new CommandFailedException($"There is no file {file}.", ExitCode.Usage);
        if (new FileInfo(file).Length > ShopList.MostBytes) throw new CommandFailedException($"The list {file} is larger than {ShopList.MostBytes >> 20} MiB.", ExitCode.Usage);
        ShopList list = await ShopList.ReadAsync(await File.ReadAllBytesAsync(file, cancellationToken), cancellationToken);
        context.People.MarkupLineInterpolated($"{list.Urls.Count} shops taken from {file}, {list.NotTaken} rows not taken");
        foreach (ShopRowRefused row in list.Refused) context.People.MarkupLineInterpolated($"[grey]line {row.Line}: {ShopList.Explain(row.Problem)}: {row.Text}[/]");
        return named.Length + list.Urls.Count > 0 ? [.. named, .. list.Urls] : throw new CommandFailedException($"The list {file} names no shop.", ExitCode.Usage);
    }

    private static async Task<long?> ReferenceAsync(CommandContext context, IServiceProvider services, CancellationToken cancellationToken)
    {
        if (context.Arguments.GetValue(Alert) is not { Length: > 0 } wanted) return null;
        long number = long.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out long parsed) ? parsed : -1;
        await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);
        long[] found = await db.References.Where(x => x.RetiredAt == null && x.Kind != ReferenceKind.SearchedPicture && (x.ExternalId == wanted || x.Id == number)).Select(x => x.Id).Take(2).ToArrayAsync(cancellationToken);
        return found.Length switch
        {
            1 => found[0],
            0 => throw new CommandFailedException($"There is no reference {wanted}; 'touchstone references list' names them."),
            _ => throw new CommandFailedException($"Several registers have a reference {wanted}; give its number, which 'touchstone references list' names."),
        };
    }

    private static async Task<string?> PictureAsync(CommandContext context, IServiceProvider services, CancellationToken cancellationToken)
    {
        if (context.Arguments.GetValue(Image) is not { Length: > 0 } file) return null;
        if (!File.Exists(file)) throw new CommandFailedException($"There is no file {file}.", ExitCode.Usage);
        ReadOutcome read = await services.GetRequiredService<FeatureStore>().ReadAsync(await File.ReadAllBytesAsync(file, cancellationToken), cancellationToken);
        return read.Image is not null ? read.Sha256 : throw new CommandFailedException($"The picture {file} could not be read: {read.Failure}");
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Cli.Frame;
using Touchstone.Cli.Searching;
using Touchstone.Crawling;
using Touchstone.Crawling.Fetching;
using Touchstone.Market;
using Touchstone.Market.Catalogue;
using Touchstone.Market.Photography;
using Touchstone.Screening.References;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage;
using Touchstone.Vision.Imaging;

namespace Touchstone.Cli.Demo;

/// <summary>The demo from the registers to the hits, each step through the product's own code.</summary>
internal static class DemoRun
{
    public const string AlertRegister = "demo-alerts";
    public const string MarkRegister = "demo-marks";

    /// <summary>Where the marks' drawings lie beside the program.</summary>
    public static string MarksFolder => Path.Combine(AppContext.BaseDirectory, "demo", "marks");

    /// <summary>The market is on loopback: the guard has to be told of it, and it need not be spared.</summary>
    public static void Allow(CrawlingOptions options, DemoMarket market)
    {
        foreach (Uri host in market.Hosts)
        {
            options.Outbound.AllowedInternalHosts.Add(host.Authority);
            options.Politeness.HostIntervals[host.Authority] = TimeSpan.Zero;
        }
    }

    public static async Task<SearchReport> SearchAsync(CommandContext context, IServiceProvider services, DemoMarket market, string folder, CancellationToken cancellationToken)
    {
        PictureRecipe[] recipes = [.. market.Catalogue.Alerts.Select(DemoRegister.PictureOf), .. market.Catalogue.Listings.SelectMany(x => x.Pictures)];
        await SearchExecution.ShowAsync(context, "Drawing the market", tell =>
        {
            market.Pictures.Prepare(recipes, done => tell($"{done} of {recipes.Length} pictures"), cancellationToken);
            return Task.CompletedTask;
        });
        await SearchExecution.ShowAsync(context, "Filling the registers", tell => FillRegistersAsync(context, services, market, folder, tell, cancellationToken));
        var request = new CreateSearch.Request("Demo market", [.. market.Shops.Select(x => x.AbsoluteUri)], null, null, null);
        return await SearchExecution.RunAsync(context, services, request, cancellationToken);
    }

    private static async Task FillRegistersAsync(CommandContext context, IServiceProvider services, DemoMarket market, string folder, Action<string> tell, CancellationToken cancellationToken)
    {
        string register = Directory.CreateDirectory(Path.Combine(folder, "market", "register")).FullName;
        string report = Path.Combine(register, "weekly-report.xml");
        DemoRegister.WeeklyReport(market.Catalogue.Alerts, market.AlertPictures).Save(report);
        DemoRegister.WriteMarks(MarksFolder, Path.Combine(register, "marks"));
        var import = new ReferenceImport(
            services.GetRequiredService<IDbContextFactory<TouchstoneDb>>(),
            services.GetRequiredService<IBlobStore>(),
            services.GetRequiredService<ImageDecoder>(),
            services.GetRequiredService<OutboundHttp>(),
            context.Clock);
        ImportReport alerts = await import.RunAsync(new ImportRequest { Path = report, Register = AlertRegister, Source = "The demo's authority" }, null, cancellationToken);
        ImportReport marks = await import.RunAsync(new ImportRequest { Path = Path.Combine(register, "marks"), Register = MarkRegister, Source = "simple-icons, a selection" }, null, cancellationToken);
        tell($"{alerts.Read} alerts ({alerts.Added} added), {marks.Read} marks ({marks.Added} added)");
        if (alerts.Rejected + marks.Rejected + alerts.Pictures.Failed + marks.Pictures.Failed > 0)
            throw new CommandFailedException($"The demo's registers were not taken in whole: {alerts.Rejections.Concat(marks.Rejections).FirstOrDefault()?.Reason ?? alerts.Pictures.Failures.Concat(marks.Pictures.Failures).First().Key}");
    }
}

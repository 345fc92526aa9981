using System.CommandLine;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Cli.Frame;
using Touchstone.Cli.Searching;
using Touchstone.Market.RealShops;
using Touchstone.Market.Shops;
using Touchstone.Screening.References;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage;
using Touchstone.Vision.Imaging;

namespace Touchstone.Cli.Commands;

/// <summary>
/// <c>touchstone evaluate shops</c>: serves two real shops' catalogues on loopback, enrols some of their products as alerts from edited
/// pictures and measures what the product's own search finds.
/// </summary>
public static class EvaluateShopsCommand
{
    private static readonly Option<string> Root = new("--data-root") { Description = "The folder with shop-eshop and shop-simplcommerce", HelpName = "DIR", Required = true };
    private static readonly Option<int> Alerts = new("--alerts") { Description = "Products to enrol, at least 1", DefaultValueFactory = _ => 20, HelpName = "N" };
    private static readonly Option<int> Seed = new("--seed") { Description = "Chooses products and edits", DefaultValueFactory = _ => 1, HelpName = "N" };

    public static Command Create() => new Command("shops", "Searches two real shops for products that were enrolled from edited pictures; an installation of its own is used unless --data names one")
    {
        Root, Alerts, Seed,
    }.Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        int count = context.Arguments.GetValue(Alerts);
        if (count < 1) throw new CommandFailedException($"--alerts is at least 1, not {count}.", ExitCode.Usage);
        (List<RealProduct> eshop, List<RealProduct> simpl) = Catalogues(context.Arguments.GetValue(Root)!);
        bool own = context.NamedDataFolder is null;
        string folder = own ? Directory.CreateTempSubdirectory("touchstone-shops-").FullName : context.DataFolder;
        try
        {
            await using DemoShop first = await DemoShop.StartAsync(0, new StaticShop(eshop).Map, cancellationToken);
            await using DemoShop second = await DemoShop.StartAsync(0, new StaticShop(simpl).Map, cancellationToken);
            (RealProduct, string)[] listed = [.. eshop.Select(x => (x, UrlIn(first, x))), .. simpl.Select(x => (x, UrlIn(second, x)))];
            List<RealAlert> alerts = RealAlerts.Make(listed, count, context.Arguments.GetValue(Seed), new ImageDecoder());
            RealShopsReport report = RealShopsReport.Of(listed.Length, alerts, await SearchAsync(context, folder, alerts, [first.Address, second.Address], cancellationToken));
            Print(context, report);
            return report.Search.Error is null ? ExitCode.Done : ExitCode.Failed;
        }
        finally
        {
            if (own) Directory.Delete(folder, recursive: true);
        }
    }

    private static (List<RealProduct> EShop, List<RealProduct> SimplCommerce) Catalogues(string root)
    {
        string eshop = Path.Combine(root, "shop-eshop"), simpl = Path.Combine(root, "shop-simplcommerce");
        foreach (string folder in (string[])[eshop, simpl])
            if (!Directory.Exists(folder)) throw new CommandFailedException($"There is no folder {folder}; --data-root names the folder that holds shop-eshop and shop-simplcommerce.", ExitCode.Usage);
        return (RealCatalogues.EShop(eshop), RealCatalogues.SimplCommerce(simpl));
    }

    private static async Task<SearchReport> SearchAsync(CommandContext context, string folder, IReadOnlyList<RealAlert> alerts, IReadOnlyList<Uri> shops, CancellationToken cancellationToken)
    {
        string register = await WriteRegisterAsync(folder, alerts, cancellationToken);
        await using ServiceProvider services = await Engine.OpenAsync(context, new StorageOptions { DataFolder = folder }, options =>
        {
            foreach (Uri shop in shops)
            {
                options.Outbound.AllowedInternalHosts.Add(shop.Authority);
                options.Politeness.HostIntervals[shop.Authority] = TimeSpan.Zero;
            }
        }, cancellationToken);
        var import = new ReferenceImport(
            services.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), services.GetRequiredService<IBlobStore>(), services.GetRequiredService<ImageDecoder>(), null, context.Clock);
        await import.RunAsync(new ImportRequest { Path = register, Register = "real-shops" }, null, cancellationToken);
        return await SearchExecution.RunAsync(context, services, new CreateSearch.Request("Real shops", [.. shops.Select(x => x.AbsoluteUri)], null, null, null), cancellationToken);
    }

    private static async Task<string> WriteRegisterAsync(string folder, IReadOnlyList<RealAlert> alerts, CancellationToken cancellationToken)
    {
        string register = Directory.CreateDirectory(Path.Combine(folder, "real-shops")).FullName;
        var table = new StringBuilder("id,kind,title,picture\n");
        foreach (RealAlert alert in alerts)
        {
            await File.WriteAllBytesAsync(Path.Combine(register, $"{alert.Id}.jpg"), alert.Picture, cancellationToken);
            table.Append(alert.Id).Append(",alert,\"").Append(alert.Title.Replace("\"", "\"\"", StringComparison.Ordinal)).Append("\",").Append(alert.Id).Append(".jpg\n");
        }
        string file = Path.Combine(register, "alerts.csv");
        await File.WriteAllTextAsync(file, table.ToString(), cancellationToken);
        return file;
    }

    private static string UrlIn(DemoShop shop, RealProduct product) => new Uri(shop.Address, StaticShop.PathOf(product)).AbsoluteUri;

    private static void Print(CommandContext context, RealShopsReport report)
    {
        if (context.Json)
        {
            context.WriteJson(report);
            return;
        }
        context.Output.WriteLine($"{report.Products} listings, {report.Alerts} alerts from edited pictures, {report.Expected} listings expected");
        context.Output.WriteLine($"precision {report.Precision:0.000}, recall {report.Recall:0.000} ({report.RecallWithReview:0.000} with review)");
        foreach (EditResult edit in report.Edits) context.Output.WriteLine($"  {edit.Edit,-10} {edit.Found} of {edit.Expected}, {edit.InReview} more to review");
        foreach (string missed in report.Missed) context.Output.WriteLine($"  missed {missed}");
        foreach (ReportedHit hit in report.False) context.Output.WriteLine($"  false  {hit.Reference} {hit.Probability:0.000} {hit.Url}");
        context.Output.WriteLine($"{report.PagesPerSecond:0.0} pages a second, {report.SecondsPerImage:0.00} s an image ({report.Search.Pages} pages, {report.Search.ImagesDescribed} images, {report.Search.Seconds:0.0} s)");
    }
}
